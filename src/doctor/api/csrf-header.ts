import type { Page } from './page.ts';

/** As axios and the Django documentation do it: the value of the cookie that the page can read, in a header. */
export function csrfHeader(page: Pick<Page, 'readable'>): Readonly<Record<string, string>> {
  const token = /(?:^|; )csrftoken=([^;]+)/.exec(page.readable())?.[1];
  return token === undefined ? {} : { 'x-csrftoken': token };
}
