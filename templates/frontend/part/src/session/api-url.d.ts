/** Where the API is. Set by `define` in vite.config.ts. */
declare const __API_URL__: string;
