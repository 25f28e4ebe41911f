/** Whether a password is among those that everybody tries first. Compared in lower case, without white space around. */
export type CommonPasswords = (password: string) => boolean;

/** The list is loaded with the first password that is looked at, not at the start. */
export async function loadCommonPasswords(): Promise<CommonPasswords> {
  const known = new Set(WELL_KNOWN.split(' '));
  return (password) => known.has(password.trim().toLowerCase());
}

const WELL_KNOWN =
  '123 1234 12345 123456 1234567 12345678 123456789 1234567890 111111 000000 password password1 password123 qwerty qwerty123 abc123 letmein welcome admin iloveyou monkey dragon football baseball sunshine princess 654321 passw0rd';
