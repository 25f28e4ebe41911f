/** Hosts files as people, tools and accidents make them, from a seed: the same seed gives the same file. */

export interface GeneratedHosts {
  readonly text: string;
  /** Whether a foreign line maps a wanted name to somewhere else. */
  readonly hasConflict: boolean;
}

export const WANTED = [
  { address: '127.0.0.1', hostname: 'example.com' },
  { address: '::1', hostname: 'example.com' },
  { address: '127.0.0.1', hostname: 'api.example.com' },
  { address: '::1', hostname: 'api.example.com' },
] as const;

/** mulberry32: small, fast, and the same on every machine. */
function seededRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const FOREIGN_LINES = [
  '',
  '',
  '127.0.0.1\tlocalhost # keep me',
  '127.0.0.1 localhost',
  '::1     localhost ip6-localhost ip6-loopback',
  'ff02::1 ip6-allnodes',
  '255.255.255.255\tbroadcasthost',
  'fe80::1%lo0 localhost',
  '  10.0.0.5   db.internal\tdb   # prod db ',
  '10.0.0.6 notexample.com example.com.evil.test xapi.example.com',
  '10.0.0.7 api.example.community sub.api.example.com',
  '# 10.0.0.8 example.com',
  '#127.0.0.1 example.com',
  '# a comment with # >>> jwt-dev default >>> inside',
  ' # >>> jwt-dev default >>>',
  '# >>> jwt-dev default >>> and more',
  '#>>> jwt-dev default >>>',
  '# <<< jwt-dev default <<< trailing',
  '# jwt-dev default switched off: 10.0.0.9 example.com',
  '# jwt-dev default switched off 00000000: 10.0.0.9 example.com',
  '10.1.1.1 marker # <<< jwt-dev default <<<',
  '# Added by Docker Desktop',
  '192.168.1.20 host.docker.internal',
  '# End of section',
  '# >>> conda initialize >>>',
  '# <<< conda initialize <<<',
  '# BEGIN hostctl',
  '# portless-start',
  'not an address example.com',
  '127.1 example.com',
  '010.0.0.1 example.com',
  '\t',
  '\v\f',
  '\u00e9\u00ff\u0080 caf\u00e9 bytes that are no UTF-8',
  '127.0.0.1 b\u00fccher.test',
  '0.0.0.0 ads.example.net tracker.example.net a.b c.d e.f',
  'justaword',
  '#',
  '\r',
  'x\ry\rz',
] as const;

const CONFLICTS = [
  '10.0.0.5 example.com',
  '192.168.0.9\tdb EXAMPLE.com # theirs',
  '::2 api.example.com other.test',
  '127.0.0.2 api.example.com',
] as const;

const AGREEING = [
  '127.0.0.1 example.com',
  '127.0.0.1 localhost example.com api.example.com',
  '0:0:0:0:0:0:0:1 example.com',
  '::1 Api.Example.Com # mine',
] as const;

const OTHER_BLOCK = [
  '# >>> jwt-dev shop-1a2b3c4d5e >>>',
  '127.0.0.1 shop.test',
  '127.0.0.1 example.com',
  '# <<< jwt-dev shop-1a2b3c4d5e <<<',
] as const;

export function generateHosts(seed: number): GeneratedHosts {
  const random = seededRandom(seed);
  const lines: string[] = [];
  let hasConflict = false;
  let hasOtherBlock = false;
  for (let count = random(9); count > 0; count -= 1) {
    const kind = random(24);
    if (kind === 0) {
      lines.push(pick(CONFLICTS, random));
      hasConflict = true;
    } else if (kind <= 2) lines.push(pick(AGREEING, random));
    else if (kind === 3 && !hasOtherBlock) {
      hasOtherBlock = true;
      lines.push(...OTHER_BLOCK);
    } else if (kind === 4) lines.push(noise(random));
    else lines.push(pick(FOREIGN_LINES, random));
  }
  const endings = pick([['\n'], ['\r\n'], ['\n', '\r\n'], ['\n'], ['\n', '\n', '\r\n']] as const, random);
  const body = lines.map((line) => line + pick(endings, random)).join('');
  const cut = random(3) === 0 ? body.replace(/\r?\n$/, '') : body;
  return { text: (random(12) === 0 ? '\u00ef\u00bb\u00bf' : '') + cut, hasConflict };
}

function noise(random: (below: number) => number): string {
  let line = random(2) === 0 ? '#' : '';
  for (let length = random(40); length > 0; length -= 1) {
    const byte = 1 + random(255);
    if (byte !== 10) line += String.fromCharCode(byte);
  }
  return line;
}

function pick<T>(choices: readonly T[], random: (below: number) => number): T {
  return choices[random(choices.length)] as T;
}
