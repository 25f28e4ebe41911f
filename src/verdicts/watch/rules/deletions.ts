import type { Finding } from '../../findings/types.ts';
import { type AnswerCookie, answerCookies } from '../answer-cookies.ts';
import { type CookieScopes, isSameScope, type Scope } from '../memory/cookie-scopes.ts';
import { findingOf, NONE, type Rule } from '../rule.ts';
import type { Sight } from '../sight.ts';
import { cookieName, requestLine, shown } from '../words.ts';

/**
 * JD404: a logout, or a 401, deletes a cookie elsewhere than where it was set: RFC 6265bis, 5.7, files cookies by name,
 * Domain and Path. Answers that also set the cookie tidy up an older one; several deletions are fine if one of them hits.
 */
export function createDeletionsRule(scopes: CookieScopes): Rule {
  return (sight) => {
    if (sight.setCookie.length === 0 || !sight.exchange.fromBackend) return NONE;
    const cookies = answerCookies(sight);
    const missed =
      sight.endpoint === 'logout' || sight.exchange.status === 401 ? misses(sight, cookies) : NONE;
    forgetDeleted(sight, cookies);
    scopes.learn(sight.client, sight.host, cookies, sight.exchange.id);
    return missed;
  };

  function misses(sight: Sight, cookies: readonly AnswerCookie[]): readonly Finding[] {
    const names = new Set(cookies.filter(({ deletes }) => deletes).map(({ name }) => name));
    return [...names].flatMap((name) => {
      const lines = cookies.filter((cookie) => cookie.name === name);
      const known = scopes.find(sight.client, sight.host, name);
      if (known === undefined || known.several || lines.some(({ deletes }) => !deletes)) return [];
      const aimed = lines.flatMap(({ scope }) => (scope === null ? [] : [scope]));
      const [first] = aimed;
      // No scope at all: the Domain is refused, which is another finding.
      if (first === undefined || aimed.some((scope) => isSameScope(scope, known.latest))) return [];
      return [missed(sight, name, first, known.latest, known.exchange)];
    });
  }

  function forgetDeleted(sight: Sight, cookies: readonly AnswerCookie[]): void {
    for (const { name, scope, deletes } of cookies) {
      if (!deletes || scope === null) continue;
      const known = scopes.find(sight.client, sight.host, name);
      if (known !== undefined && isSameScope(scope, known.latest))
        scopes.forget(sight.client, sight.host, name);
    }
  }
}

function missed(sight: Sight, name: string, aimed: Scope, set: Scope, setIn: string): Finding {
  const called = cookieName(name);
  return findingOf('JD404', sight, {
    evidence: `${requestLine(sight)} tried to delete ${called} with ${described(aimed)}, but it was set with ${described(set)}: the browser keeps it.`,
    subject: called,
    earlier: [setIn],
    fixes: [
      { place: 'Django', text: `response.delete_cookie('${called}', ${djangoArguments(set)})` },
      { place: 'Express', text: `res.clearCookie('${called}', ${expressOptions(set)})` },
    ],
  });
}

function described({ domain, path }: Scope): string {
  const where = domain.startsWith('.') ? `Domain=${shown(domain.slice(1))}` : 'no Domain';
  return `Path=${shown(path)} and ${where}`;
}

function djangoArguments({ domain, path }: Scope): string {
  const where = domain.startsWith('.') ? `, domain='${shown(domain.slice(1))}'` : '';
  return `path='${shown(path)}'${where}`;
}

function expressOptions({ domain, path }: Scope): string {
  const where = domain.startsWith('.') ? `, domain: '${shown(domain.slice(1))}'` : '';
  return `{ path: '${shown(path)}'${where} }`;
}
