import type { Request } from 'express';
import type { AuthConfig } from '../config/types.ts';
import type { Api } from './api.ts';
import type { Body } from './body/values.ts';
import type { Field } from './fields/field.ts';
import type { Json } from './problems.ts';
import type { User } from './store/types.ts';

/** One request on its way through a view. */
export interface Call {
  readonly request: Request;
  /** Who asks; undefined: nobody known. */
  readonly user: User | undefined;
  /** Reads and parses the body; only now, so that a refused request is refused before its body is looked at. */
  readonly body: () => Promise<Body>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Reply {
  readonly status: number;
  readonly body: Json;
  /** Values of Set-Cookie headers. */
  readonly cookies?: readonly string[];
  /** Adds Cookie to Vary: Django does where it looked at the session. */
  readonly variesByCookie?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handler = (call: Call, api: Api) => Promise<Reply>;

export type HandledMethod = 'GET' | 'POST' | 'PUT' | 'PATCH';

/** An endpoint, in the terms of REST framework's APIView. */
export interface View {
  /** What OPTIONS calls it. */
  readonly name: string;
  readonly description: string;
  /** The Allow header, in this order. */
  readonly allow: readonly string[];
  /**
   * `users`: 401 for anybody else. `anyone`: credentials are looked at, but not needed. `unauthenticated`: they are
   * not even looked at.
   */
  readonly access: 'users' | 'anyone' | 'unauthenticated';
  /** The fields that OPTIONS describes, and for which method; null: none. */
  readonly form: {
    readonly method: 'POST' | 'PUT';
    readonly fields: (config: AuthConfig) => readonly Field[];
  } | null;
  readonly handlers: Readonly<Partial<Record<HandledMethod, Handler>>>;
}

/** Most views: POST only. */
export const POST_ONLY = ['POST', 'OPTIONS'] as const;

export function detail(text: string): { readonly detail: string } {
  return { detail: text };
}
