import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `jwt-dev up` says where the API is, port included; a build for elsewhere is told in API_URL.
const apiUrl = process.env.API_URL ?? process.env.JWT_DEV_API_URL ?? 'https://api.example.com';

export default defineConfig({
  plugins: [react()],
  define: { __API_URL__: JSON.stringify(new URL('/', apiUrl).href) },
});
