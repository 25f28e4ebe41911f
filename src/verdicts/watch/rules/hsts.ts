import { findingOf, NONE, type Rule } from '../rule.ts';
import { shown } from '../words.ts';

/** JD460: an upstream sends Strict-Transport-Security (RFC 6797, 8.1). `max-age=0` takes it back, and is in order. */
export const hsts: Rule = (sight) => {
  for (const [name, value] of sight.exchange.withheldHeaders) {
    if (name.toLowerCase() !== 'strict-transport-security') continue;
    if (/max-age\s*=\s*"?0+"?\s*(?:;|$)/i.test(value)) continue;
    const evidence = `The backend of ${sight.host} sends Strict-Transport-Security: ${shown(value)}. It was kept from the browser.`;
    return [findingOf('JD460', sight, { evidence, subject: 'Strict-Transport-Security' })];
  }
  return NONE;
};
