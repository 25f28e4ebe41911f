import type { CheckSettings } from '../types.ts';
import type { Answer } from './answer.ts';

const ANSWER_MS = 10_000;

/** A call as a frontend makes it: JSON, credentials, and the CSRF token where the page can read one. */
export async function call(
  settings: CheckSettings,
  method: 'GET' | 'POST',
  path: string,
  json?: unknown,
): Promise<Answer> {
  const url = `${settings.api}${settings.basePath}${path}`;
  const token = method === 'POST' ? csrfToken() : undefined;
  try {
    const answer = await fetch(url, {
      method,
      credentials: 'include',
      cache: 'no-store',
      signal: AbortSignal.timeout(ANSWER_MS),
      headers: {
        Accept: 'application/json',
        ...(method === 'POST' ? { 'Content-Type': 'application/json' } : {}),
        ...(token === undefined ? {} : { 'X-CSRFToken': token }),
      },
      ...(method === 'POST' ? { body: JSON.stringify(json ?? {}) } : {}),
    });
    return { kind: 'answered', status: answer.status, body: asJson(await answer.text()) };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    // Firefox ends its words with a full stop: they stand inside of a sentence here.
    return { kind: 'unreadable', said: said.replace(/\.$/, ''), arrives: await arrives(settings) };
  }
}

/** Whether the API answers at all, to a request whose answer nobody needs to read. */
async function arrives({ api, basePath }: CheckSettings): Promise<boolean> {
  try {
    await fetch(`${api}${basePath}user/`, { mode: 'no-cors', credentials: 'include', cache: 'no-store' });
    return true;
  } catch (error) {
    // A network error (Fetch, section 5.6).
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** Django's cookie and header (double submit); only one with a Domain can be read here. */
function csrfToken(): string | undefined {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1];
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return text.slice(0, 200);
  }
}
