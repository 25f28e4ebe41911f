/** Whether a password is among those that everybody tries first. Compared in lower case, without white space around. */
export type CommonPasswords = (password: string) => boolean;

/** Longer runs of one character are not in any list of passwords that people use. */
const MAX_RUN = 10;

/**
 * The list of zxcvbn: about 49,000 passwords of public breaches, two thirds of Django's 20,000 among them, nearly all
 * of those that are used much. It leaves out what zxcvbn finds by rule; the plainest of those rules are here.
 * Loaded with the first password that is looked at, and kept.
 */
export function loadCommonPasswords(): Promise<CommonPasswords> {
  loading ??= load();
  return loading;
}

let loading: Promise<CommonPasswords> | undefined;

async function load(): Promise<CommonPasswords> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  const known = new Set(dictionary['passwords-common'].map((word) => word.toLowerCase()));
  return (password) => {
    const plain = password.trim().toLowerCase();
    return known.has(plain) || isRun(plain) || isCount(plain);
  };
}

/** `7`, `aaaaaa` */
function isRun(text: string): boolean {
  return text.length <= MAX_RUN && /^([a-z0-9])\1*$/.test(text);
}

/** `12345`, `987654321`, `abcdefgh` */
function isCount(text: string): boolean {
  const isDigits = ['1234567890', '0987654321', '0123456789'].some((count) => count.includes(text));
  return text.length >= 3 && (isDigits || 'abcdefghijklmnopqrstuvwxyz'.startsWith(text));
}
