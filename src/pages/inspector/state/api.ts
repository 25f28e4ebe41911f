import { createEventParser } from '../model/event-stream.ts';
import type {
  DescribedFinding,
  ExchangeDetail,
  ExchangePage,
  InspectorEvent,
  JarView,
  Overview,
  TryAnswer,
  TryRequest,
} from '../shapes.ts';
import { ApiProblem, asProblem, problemOf } from './api-problem.ts';

/** A mail of the outbox, as the control server describes it. */
export interface MailView {
  readonly id: number;
  readonly to: string;
  readonly type: string;
  readonly subject: string;
  readonly body: string;
  readonly parts: Readonly<Record<string, string>>;
  readonly sentAt: string;
}

/** A user as the store has it now. */
export interface UserRow {
  readonly id: number;
  readonly username: string;
  readonly email: string;
  readonly isActive: boolean;
  readonly verified: boolean;
  readonly createdAt: string | null;
}

export type Clearable = '/inspector/exchanges' | '/inspector/try' | '/findings' | '/outbox';

/** The control server, as the page uses it. Whatever fails throws an ApiProblem; an abort throws nothing else than itself. */
export interface Api {
  readonly overview: () => Promise<Overview>;
  readonly exchanges: (after: number, limit: number) => Promise<ExchangePage>;
  readonly exchange: (id: string, reveal: boolean, signal: AbortSignal) => Promise<ExchangeDetail>;
  readonly jars: (reveal: boolean, signal: AbortSignal) => Promise<readonly JarView[]>;
  readonly findings: () => Promise<readonly DescribedFinding[]>;
  readonly mails: (signal?: AbortSignal) => Promise<readonly MailView[]>;
  readonly users: (signal: AbortSignal) => Promise<readonly UserRow[]>;
  readonly tryOut: (request: TryRequest, reveal: boolean) => Promise<TryAnswer>;
  readonly clear: (what: Clearable) => Promise<void>;
  /** Until the connection ends; `onOpen` when it stands. */
  readonly events: (
    onOpen: () => void,
    onEvent: (event: InspectorEvent) => void,
    signal: AbortSignal,
  ) => Promise<void>;
}

export function createApi(secret: string): Api {
  const ask = async (where: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${secret}`);
    const response = await fetch(where, { ...init, headers, cache: 'no-store' }).catch((cause: unknown) => {
      if (init.signal?.aborted === true) throw cause;
      throw asProblem(cause);
    });
    if (response.ok) return response;
    throw await problemOf(response);
  };
  const read = async <T>(where: string, signal?: AbortSignal): Promise<T> =>
    (await (await ask(where, signal === undefined ? {} : { signal })).json()) as T;
  const revealed = (reveal: boolean, sign: string): string => (reveal ? `${sign}reveal=1` : '');

  return {
    overview: () => read('/inspector/overview'),
    exchanges: (after, limit) => read(`/inspector/exchanges?after=${after}&limit=${limit}`),
    exchange: (id, reveal, signal) =>
      read(`/inspector/exchange?id=${encodeURIComponent(id)}${revealed(reveal, '&')}`, signal),
    jars: async (reveal, signal) =>
      (await read<{ jars: readonly JarView[] }>(`/inspector/jars${revealed(reveal, '?')}`, signal)).jars,
    findings: async () => (await read<{ findings: readonly DescribedFinding[] }>('/findings')).findings,
    mails: (signal) => read('/outbox', signal),
    users: async (signal) => (await read<{ users: readonly UserRow[] }>('/inspector/users', signal)).users,
    tryOut: async (request, reveal) => {
      const headers = { 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify(request) };
      return (await (await ask(`/inspector/try${revealed(reveal, '?')}`, init)).json()) as TryAnswer;
    },
    clear: async (what) => void (await ask(what, { method: 'DELETE' })),
    events: async (onOpen, onEvent, signal) => {
      // fetch, as an EventSource cannot send the header.
      const { body } = await ask('/inspector/events', { signal });
      if (body === null) throw new ApiProblem(0, 'NO_STREAM', 'The event stream is empty.');
      onOpen();
      await readEvents(body, onEvent);
    },
  };
}

async function readEvents(
  body: ReadableStream<Uint8Array>,
  onEvent: (event: InspectorEvent) => void,
): Promise<void> {
  const parse = createEventParser();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    for (const data of parse(decoder.decode(value, { stream: true }))) {
      onEvent(JSON.parse(data) as InspectorEvent);
    }
  }
}
