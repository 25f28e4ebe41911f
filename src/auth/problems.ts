import type { ErrorRequestHandler } from 'express';

/** A value that an answer's body may hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** An answer that ends the request: a status and REST framework's body for it. Thrown anywhere below a view. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly body: Json;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: Json, headers: Readonly<Record<string, string>> = {}) {
    super(`HTTP ${status}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** Messages by field name, in the order of the fields. */
export type FieldMessages = Readonly<Record<string, readonly string[]>>;

export function invalid(messages: FieldMessages): ApiProblem {
  return new ApiProblem(400, messages);
}

/** What belongs to no single field. */
export function invalidAsAWhole(...messages: readonly string[]): ApiProblem {
  return invalid({ non_field_errors: messages });
}

/** simplejwt's realm; on every 401 that comes from authentication. */
const CHALLENGE = { 'WWW-Authenticate': 'Bearer realm="api"' };

export function unauthorized(body: Json): ApiProblem {
  return new ApiProblem(401, body, CHALLENGE);
}

export function notAuthenticated(): ApiProblem {
  return unauthorized({ detail: 'Authentication credentials were not provided.' });
}

/** simplejwt's InvalidToken. */
export function invalidToken(detail: string): ApiProblem {
  return unauthorized({ detail, code: 'token_not_valid' });
}

export function methodNotAllowed(method: string): ApiProblem {
  return new ApiProblem(405, { detail: `Method "${method}" not allowed.` });
}

export function notFound(): ApiProblem {
  return new ApiProblem(404, { detail: 'Not found.' });
}

export function parseError(detail: string): ApiProblem {
  return new ApiProblem(400, { detail });
}

/** A request that no client of ours sends. In strict mode it is Django's plain page, 400, and not this. */
export class OversizedRequest extends ApiProblem {
  constructor(detail: string) {
    super(413, { detail });
  }
}

export function throttled(seconds: number): ApiProblem {
  const plural = seconds === 1 ? '' : 's';
  return new ApiProblem(
    429,
    { detail: `Request was throttled. Expected available in ${seconds} second${plural}.` },
    { 'Retry-After': String(seconds) },
  );
}

/** The one place where what nobody expected becomes an answer. The cause goes to `report`, never to the client. */
export function createErrorHandler(report: (error: unknown) => void): ErrorRequestHandler {
  return (error, _request, response, next) => {
    report(error);
    if (response.headersSent) {
      next(error);
      return;
    }
    response.status(500).type('html').send(errorPage('Server Error (500)'));
  };
}

/** What Django answers outside of REST framework: an HTML page. */
export function errorPage(title: string, text = ''): string {
  const paragraph = text === '' ? '' : `<p>${text}</p>`;
  return `<!doctype html><html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1>${paragraph}</body></html>`;
}
