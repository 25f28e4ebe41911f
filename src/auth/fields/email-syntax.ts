import { isIP } from 'node:net';
import { pythonLength } from '../body/values.ts';

/** RFC 5322 dot-atom, ASCII only; or a quoted string. */
const LOCAL_ATOM = /^[-!#$%&'*+/=?^_`{}|~0-9a-z]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9a-z]+)*$/i;
const LOCAL_QUOTED = /^"(?:[^ "\\\t\r\n\0\P{ASCII}]|\\[^\r\n\0\P{ASCII}])*"$/u;

/** A label of at most 63 letters (of any script), digits and inner hyphens (RFC 1034, section 3.1). */
const LABEL = /^(?!-)[a-z0-9\u00a1-\uffff-]{1,63}(?<!-)$/i;
/** The last label has no digits, unless it is in punycode. */
const TOP_LABEL = /^(?:(?!-)[a-z\u00a1-\uffff-]{2,63}(?<!-)|xn--[a-z0-9]{1,59})$/i;

const ADDRESS_LITERAL = /^\[([a-f0-9:.]+)\]$/i;

/** RFC 3696, section 3 as it was first published; the erratum says 254, Django stays with this. */
const MAX_LENGTH = 320;

/** Whether Django's EmailValidator accepts the address. */
export function isEmailSyntax(address: string): boolean {
  const at = address.lastIndexOf('@');
  if (at < 0 || pythonLength(address) > MAX_LENGTH) return false;
  const local = address.slice(0, at);
  return (LOCAL_ATOM.test(local) || LOCAL_QUOTED.test(local)) && isDomain(address.slice(at + 1));
}

function isDomain(domain: string): boolean {
  if (domain === 'localhost') return true;
  const literal = ADDRESS_LITERAL.exec(domain)?.[1];
  if (literal !== undefined) return isIP(literal) !== 0;
  const labels = domain.split('.');
  const top = labels.pop() ?? '';
  return labels.length > 0 && labels.every((label) => LABEL.test(label)) && TOP_LABEL.test(top);
}
