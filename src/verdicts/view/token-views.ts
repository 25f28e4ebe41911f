import { claimTime, type DecodedToken, decodeToken } from './jwt.ts';
import type { Redaction } from './redaction.ts';
import type { TokenView } from './types.ts';

/** A token as it is shown: its signature, with which anybody could use it, never. */
export function tokenView(token: DecodedToken, redaction: Redaction): Omit<TokenView, 'where'> {
  return {
    header: redaction.tokenPart(token.header),
    claims: redaction.tokenPart(token.claims),
    issuedAt: claimTime(token.claims, 'iat'),
    expiresAt: claimTime(token.claims, 'exp'),
  };
}

/** A place of an exchange, and the text that may be a token. */
export type TokenPlace = readonly [where: string, text: string];

/** The tokens among the texts, each once for each place. */
export function tokenViews(places: readonly TokenPlace[], redaction: Redaction): readonly TokenView[] {
  return places.flatMap(([where, text]) => {
    const token = decodeToken(text);
    return token === null ? [] : [{ where, ...tokenView(token, redaction) }];
  });
}

const DEEPEST = 6;

/** Every string of a JSON body that may be a token, with its name: `body: access`, `body: user.token`. */
export function bodyTokens(text: string): readonly TokenPlace[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
  const places: TokenPlace[] = [];
  const visit = (inner: unknown, name: string, depth: number): void => {
    if (typeof inner === 'string') places.push([`body: ${name}`, inner]);
    else if (typeof inner === 'object' && inner !== null && depth < DEEPEST) {
      for (const [key, next] of Object.entries(inner)) {
        visit(next, name === '' ? key : `${name}.${key}`, depth + 1);
      }
    }
  };
  visit(value, '', 0);
  return places.filter(([, inner]) => inner.split('.', 4).length === 3);
}
