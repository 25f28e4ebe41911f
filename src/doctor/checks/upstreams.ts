import { recognizeBlockedHost } from '../../proxy/blocked-host.ts';
import { defineCheck } from '../check.ts';
import type { Facts } from '../facts/readers.ts';
import type { UpstreamFact } from '../facts/upstreams.ts';
import { ok, skip, type Verdict } from '../types.ts';

type UpstreamFacts = Pick<Facts, 'upstreams' | 'instances'>;

/** P4 */
export function judgeUpstreams({ upstreams, instances }: UpstreamFacts): Verdict {
  const isRunning = instances.running !== null;
  const looked = upstreams.map((fact) => ({ fact, ...lookAt(fact) }));
  const evidence = looked.map(({ fact, said }) => `${fact.at}: ${said}`);
  if (looked.every(({ good }) => good === null)) return skip(...evidence);
  const bad = looked.filter(({ good }) => good === false);
  if (bad.length === 0) return ok(...evidence);
  return {
    // Before anything is started a server may well come later.
    status: isRunning ? 'fail' : 'warn',
    evidence: bad.map(({ fact, said }) => `${fact.at}: ${said}`),
    cause: 'Requests for it are answered with an error page (502) until its server is there.',
    fix: bad.some(({ fact }) => fact.upstream.kind === 'static')
      ? 'Build your frontend, or correct "directory" in jwt-dev.config.json'
      : 'Start your server, or correct its port in jwt-dev.config.json',
  };
}

/** `good: null`: there is nothing to look at. */
function lookAt({ upstream, place, open, directoryExists }: UpstreamFact): {
  readonly good: boolean | null;
  readonly said: string;
} {
  if (upstream.kind === 'bundled') return { good: null, said: 'part of jwt-dev' };
  if (upstream.kind === 'static') {
    return directoryExists
      ? { good: true, said: upstream.directory }
      : { good: false, said: `${upstream.directory} is not a directory` };
  }
  if (place === null) return { good: null, said: 'a command that starts with the environment' };
  if (open.length > 0) return { good: true, said: `port ${place.port} on ${open.join(' and ')}` };
  return { good: false, said: `nothing listens on port ${place.port} of ${place.hosts.join(' or ')}` };
}

/** P5: development servers refuse host names that they were not told (DNS rebinding). */
export function judgeHostAccepted({ upstreams }: Pick<Facts, 'upstreams'>): Verdict {
  const asked = upstreams.filter(({ answer }) => answer !== null);
  if (asked.length === 0) return skip('no server of your own answers');
  const evidence: string[] = [];
  const fixes: string[] = [];
  const silent: string[] = [];
  for (const { at, hostname, path, answer } of asked) {
    if (answer?.kind === 'silent') silent.push(`${at}: connected, but ${answer.why}`);
    if (answer?.kind !== 'answered') continue;
    const blocked = recognizeBlockedHost({ status: answer.status, path, body: answer.body }, hostname);
    evidence.push(
      blocked === undefined
        ? `${at}: answers Host: ${hostname} with ${answer.status}`
        : `${at}: ${blocked.framework} answers Host: ${hostname} with ${answer.status}, host not allowed`,
    );
    if (blocked !== undefined) fixes.push(blocked.fix);
  }
  if (fixes.length > 0) {
    return {
      status: 'fail',
      evidence,
      cause: 'The server only knows the host names that it was told, and refuses the public one.',
      fix: [...new Set(fixes)].join(' '),
    };
  }
  if (silent.length === 0) return ok(...evidence);
  return {
    status: 'warn',
    evidence: [...silent, ...evidence],
    cause: 'The server accepts connections, but gives no answer over http.',
    fix: 'Look at the output of your server. A server with TLS of its own needs a URL as its upstream: https://…',
  };
}

/** T7: a browser would remember it for the real name, for months. The proxy keeps it back; see proxy/headers.ts. */
export function judgeHsts({ upstreams }: Pick<Facts, 'upstreams'>): Verdict {
  const asked = upstreams.filter(({ isFrontend, answer }) => isFrontend && answer?.kind === 'answered');
  if (asked.length === 0) return skip('no frontend server of your own answers');
  const sent = asked.flatMap(({ at, place, answer }) => {
    const value = answer?.kind === 'answered' ? answer.headers['strict-transport-security'] : undefined;
    return value === undefined || /max-age\s*=\s*"?0"?\s*(;|$)/i.test(value)
      ? []
      : [{ text: `${at} sends it: ${value}`, secure: place?.secure === true }];
  });
  if (sent.length === 0) return ok('the frontend sends none');
  const texts = sent.map(({ text }) => text);
  if (!sent.some(({ secure }) => secure)) return ok(...texts, 'jwt-dev keeps it from the browser');
  return {
    status: 'warn',
    evidence: texts,
    cause:
      'jwt-dev keeps it from the browser, but your server speaks https itself: opened directly it makes the browser refuse plain http for that name, for months.',
    fix: 'Send Strict-Transport-Security in production only (Django: SECURE_HSTS_SECONDS = 0)',
  };
}

export const UPSTREAM_CHECKS = {
  reachable: defineCheck({
    id: 'P4',
    title: 'Your servers are there',
    docs: 'trouble',
    needs: ['upstreams', 'instances'],
    judge: judgeUpstreams,
  }),
  hostAccepted: defineCheck({
    id: 'P5',
    title: 'Your servers accept the public host names',
    docs: 'trouble',
    needs: ['upstreams'],
    judge: judgeHostAccepted,
  }),
  hsts: defineCheck({
    id: 'T7',
    title: 'No HSTS reaches the browser',
    docs: 'trouble',
    needs: ['upstreams'],
    judge: judgeHsts,
  }),
};
