import express, { type Express } from 'express';

export interface StaticSiteOptions {
  /** Absolute. */
  readonly directory: string;
  /** Unknown paths without a file extension answer index.html (client-side routing). */
  readonly spa: boolean;
  /** JSON documents beside the files, by path. */
  readonly documents: Readonly<Record<string, unknown>>;
  /** Sent with every answer. */
  readonly headers: Readonly<Record<string, string>>;
}

/** An application that serves a directory. It never listens by itself. */
export function createStaticSite(options: StaticSiteOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use((_request, response, next) => {
    // A development server: what was saved last is what is shown.
    response.set({ 'Cache-Control': 'no-cache', ...options.headers });
    next();
  });
  for (const [path, document] of Object.entries(options.documents)) {
    app.get(path, (_request, response) => {
      response.set('Cache-Control', 'no-store').json(document);
    });
  }
  app.use(express.static(options.directory, { dotfiles: 'ignore', cacheControl: false }));
  app.use((request, response, next) => {
    const asksForPage =
      (request.method === 'GET' || request.method === 'HEAD') && !/\.[^/]+$/.test(request.path);
    if (options.spa && asksForPage) {
      response.sendFile('index.html', { root: options.directory, cacheControl: false });
    } else next();
  });
  return app;
}
