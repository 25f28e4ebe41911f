/** What the API answered, as far as the page may read it. */
export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: unknown }
  /** There is none that the page may read; `said` is the browser's word for it. */
  | { readonly kind: 'unreadable'; readonly said: string; readonly arrives: boolean };

/** The text of a refusal; only of refusals, as an answer that went well may hold tokens. */
export function refusalText({ status, body }: Extract<Answer, { kind: 'answered' }>): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return `${status}${text === '' || status < 400 ? '' : `: ${text.slice(0, 300)}`}`;
}
