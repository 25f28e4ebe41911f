export interface ControlRequest {
  readonly query: URLSearchParams;
  /** Ends when the client has left: long polls stop waiting then. */
  readonly signal: AbortSignal;
  /**
   * The body. It must say that it is JSON: a form of another site cannot.
   * @throws Refusal 415, 413 from 64 KiB on; JwtDevError ERR_USAGE for what is no JSON
   */
  readonly json: () => Promise<unknown>;
}

export interface JsonAnswer {
  readonly status: number;
  /** Sent as JSON. */
  readonly body: unknown;
}

/** Part of a page. */
export interface FileAnswer {
  readonly file: {
    readonly bytes: Buffer;
    readonly mediaType: string;
    /** Beside those that every answer has. */
    readonly headers: Readonly<Record<string, string>>;
    /** `validate`: the browser may keep it, and asks whether it is still the same (ETag). */
    readonly cache: 'never' | 'validate';
  };
}

/** Server-sent events, until the client leaves or the server closes. */
export interface EventsAnswer {
  /** Called once with the way to send; answers how to stop. */
  readonly events: (send: (data: unknown) => void) => () => void;
}

export type ControlAnswer = JsonAnswer | FileAnswer | EventsAnswer;

export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** Needs no secret: it reveals nothing that a connection attempt would not. */
  readonly open?: boolean;
  /** A page that links of other sites may lead to. */
  readonly isPage?: boolean;
  readonly answer: (request: ControlRequest) => Promise<ControlAnswer> | ControlAnswer;
}
