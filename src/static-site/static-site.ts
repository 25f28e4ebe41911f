import path from 'node:path';
import express, { type ErrorRequestHandler, type Express } from 'express';

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
  // RFC 8615: the one dot directory that is meant for the web.
  app.use(
    '/.well-known',
    express.static(path.join(options.directory, '.well-known'), { cacheControl: false }),
  );
  app.use(express.static(options.directory, { dotfiles: 'ignore', cacheControl: false }));
  app.use((request, response, next) => {
    const asksForPage =
      (request.method === 'GET' || request.method === 'HEAD') && !/\/\.|\.[^/]+$/.test(request.path);
    if (options.spa && asksForPage) {
      response.sendFile('index.html', { root: options.directory, cacheControl: false }, (error) => {
        if (error !== undefined) next();
      });
    } else next();
  });
  app.use((request, response) => {
    response.status(404).type('text').send(`There is no ${request.path} in ${options.directory}.\n`);
  });
  const onError: ErrorRequestHandler = (error: { readonly status?: number }, _request, response, next) => {
    if (response.headersSent) next(error);
    else
      response
        .status(error.status ?? 500)
        .type('text')
        .send('The file could not be read.\n');
  };
  app.use(onError);
  return app;
}
