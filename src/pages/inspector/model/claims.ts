import { formatDateTime } from './format.ts';

/** One claim as a line: its name, its value as JSON writes it, and what that means. */
export interface ClaimLine {
  readonly name: string;
  readonly value: string;
  readonly meaning: string | null;
}

/** RFC 7519, 4.1: seconds since 1970. */
const TIMES = new Set(['exp', 'iat', 'nbf', 'auth_time']);

export function claimLines(claims: Readonly<Record<string, unknown>>): readonly ClaimLine[] {
  return Object.entries(claims).map(([name, value]) => ({
    name,
    value: JSON.stringify(value),
    meaning: TIMES.has(name) && typeof value === 'number' ? timeOf(value) : null,
  }));
}

function timeOf(seconds: number): string | null {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? null : formatDateTime(date.toISOString());
}
