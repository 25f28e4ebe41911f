/** Whether a password is among those that everybody tries first. Compared in lower case, without white space around. */
export type CommonPasswords = (password: string) => boolean;

/** Longer runs of one character are not in any list of passwords that people use. */
const MAX_RUN = 10;

export async function loadCommonPasswords(): Promise<CommonPasswords> {
  return (password) => {
    const plain = password.trim().toLowerCase();
    return KNOWN.has(plain) || isRun(plain) || isCount(plain);
  };
}

const KNOWN = new Set(
  [
    'password password1 password12 password123 passw0rd letmein welcome welcome1 admin admin123 login iloveyou',
    'qwerty qwerty1 qwerty12 qwerty123 qwertyuiop asdfghjkl zxcvbnm 1q2w3e4r 1qaz2wsx qazwsx abc123 abcd1234',
    'monkey dragon football baseball superman batman princess sunshine shadow master michael jordan starwars',
    'trustno1 whatever freedom hello123 secret changeme computer internet samsung google charlie donald ninja',
  ].flatMap((line) => line.split(' ')),
);

/** `7`, `aaaaaa` */
function isRun(text: string): boolean {
  return text.length <= MAX_RUN && /^([a-z0-9])\1*$/.test(text);
}

/** `12345`, `987654321`, `abcdefgh` */
function isCount(text: string): boolean {
  const isDigits = ['1234567890', '0987654321', '0123456789'].some((count) => count.includes(text));
  return text.length >= 3 && (isDigits || 'abcdefghijklmnopqrstuvwxyz'.startsWith(text));
}
