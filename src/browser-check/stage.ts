import { CHECK_PREFIX } from './places.ts';
import type { Answer } from './respond.ts';

export const STAGE_PATH = '/stage';
export const HOLD_PATH = '/stage/hold';

/**
 * By what a browser names its run where a URL would show it to others: a language for private use, of parts of eight
 * letters (RFC 5646, section 2.2.7), which its profile has it ask for. Every backend passes over languages that it has not.
 */
export function languageOf(id: string): string {
  return `x-${(id.match(/.{1,8}/g) ?? []).join('-')}`;
}

/** The run that an Accept-Language field names, if it names one. */
export function runOfLanguage(field: string | undefined): string | null {
  const parts = /\bx((?:-[0-9a-f]{8}){4})\b/.exec(field ?? '')?.[1];
  return parts === undefined ? null : parts.replaceAll('-', '');
}

/**
 * A page that shows the check of a run, and goes on loading until the run is over. For browsers that load a page and end;
 * and a frame can be loaded again without the end of the page around it.
 */
export function stagePage(id: string): Answer {
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Browser check &middot; jwt-dev</title><link rel="icon" href="data:,"></head>
<body>
<iframe src="${CHECK_PREFIX}?run=${id}" title="Browser check" width="760" height="520"></iframe>
<img src="${CHECK_PREFIX}${HOLD_PATH}?id=${id}" alt="">
</body>
</html>
`;
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; frame-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    },
    body: Buffer.from(html),
  };
}
