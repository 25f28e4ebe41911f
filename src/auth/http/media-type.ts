export interface MediaType {
  readonly main: string;
  readonly sub: string;
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Reads `type/subtype; name="value"` as Django's parse_header_parameters does: it never refuses anything. */
export function parseMediaType(text: string): MediaType {
  const [essence = '', ...rest] = splitOutsideQuotes(text);
  const [main = '', ...sub] = essence.trim().toLowerCase().split('/');
  const parameters = new Map<string, string>();
  for (const part of rest) {
    const equals = part.indexOf('=');
    if (equals < 0) continue;
    parameters.set(part.slice(0, equals).trim().toLowerCase(), unquote(part.slice(equals + 1).trim()));
  }
  return { main, sub: sub.join('/'), parameters };
}

/** Whether what we offer satisfies what was asked for; `*` on either side stands for anything. */
export function mediaTypeMatches(offered: string, asked: MediaType): boolean {
  const [main, sub] = offered.split('/');
  return (asked.sub === '*' || asked.sub === sub) && (asked.main === '*' || asked.main === main);
}

function splitOutsideQuotes(text: string): readonly string[] {
  return text.match(/(?:"(?:[^"\\]|\\.)*"|[^;])+/g) ?? [];
}

function unquote(value: string): string {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value;
  return value.slice(1, -1).replaceAll(/\\(["\\])/g, '$1');
}
