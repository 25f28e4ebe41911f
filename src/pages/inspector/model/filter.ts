import type { ExchangeRow } from '../shapes.ts';

/** What an exchange must have: a finding, cookies set, a request across origins, an error. */
export type Trait = 'findings' | 'cookies' | 'origins' | 'errors';

export interface Filter {
  /** Words that all must occur; one with `-` in front must not. */
  readonly text: string;
  /** Empty: any. */
  readonly method: string;
  readonly host: string;
  /** The first digit of the status, `0` for no answer; empty: any. */
  readonly status: string;
  readonly traits: readonly Trait[];
}

export const NO_FILTER: Filter = { text: '', method: '', host: '', status: '', traits: [] };

export function isFiltering(filter: Filter): boolean {
  const { text, method, host, status, traits } = filter;
  return text.trim() !== '' || method !== '' || host !== '' || status !== '' || traits.length > 0;
}

export function filterRows(rows: readonly ExchangeRow[], filter: Filter): readonly ExchangeRow[] {
  if (!isFiltering(filter)) return rows;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => matches(row, filter, words));
}

function matches(row: ExchangeRow, filter: Filter, words: readonly string[]): boolean {
  if (filter.method !== '' && row.method !== filter.method) return false;
  if (filter.host !== '' && row.host !== filter.host) return false;
  if (filter.status !== '' && statusClass(row.status) !== filter.status) return false;
  return filter.traits.every((trait) => TRAITS[trait](row)) && matchesText(row, words);
}

function matchesText(row: ExchangeRow, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = searchText(row);
  return words.every((word) =>
    word.length > 1 && word.startsWith('-') ? !text.includes(word.slice(1)) : text.includes(word),
  );
}

const TRAITS: Readonly<Record<Trait, (row: ExchangeRow) => boolean>> = {
  findings: ({ findings }) => findings.length > 0,
  cookies: ({ cookies }) => cookies.stored + cookies.deleted + cookies.refused > 0,
  origins: ({ cors }) => cors !== 'none',
  errors: isError,
};

/** The code of an exchange whose client left before the end. */
export const CLIENT_LEFT = 'ERR_CLIENT_ABORTED';

export function isError({ status, failure }: Pick<ExchangeRow, 'status' | 'failure'>): boolean {
  const hasFailed = failure !== null && failure !== CLIENT_LEFT;
  return hasFailed || status === 0 || status >= 400;
}

/** `2` for 200 to 299, and so on; `0`: there was no answer. */
export function statusClass(status: number): string {
  return String(Math.floor(status / 100));
}

/** Rows never change, so each is put into words once. */
const searchTexts = new WeakMap<ExchangeRow, string>();

function searchText(row: ExchangeRow): string {
  const known = searchTexts.get(row);
  if (known !== undefined) return known;
  const { method, host, path, status, client, failure, findings, kind } = row;
  const text = [method, host + path, status, client, failure ?? '', ...findings, kind]
    .join(' ')
    .toLowerCase();
  searchTexts.set(row, text);
  return text;
}

/** What there is to choose from, in alphabetical order. */
export function choicesOf(rows: readonly ExchangeRow[], key: 'method' | 'host'): readonly string[] {
  return [...new Set(rows.map((row) => row[key]))].toSorted();
}
