import type { Cookie } from '../cookies/types.ts';

/** The Set-Cookie line that takes a cookie out of the jar, and the URL of an answer that may say it. */
export function deletionOf(cookie: Cookie): { readonly url: string; readonly line: string } {
  const { name, domain, path, secure, httpOnly, partitionKey } = cookie;
  const host = domain.replace(/^\./, '');
  const attributes = [
    // Of a nameless cookie the text is the value.
    name === '' ? 'x' : `${name}=`,
    `Path=${path}`,
    'Max-Age=0',
    ...(domain.startsWith('.') ? [`Domain=${host}`] : []),
    ...(secure ? ['Secure'] : []),
    ...(httpOnly ? ['HttpOnly'] : []),
    ...(partitionKey === null ? [] : ['Partitioned']),
    // Whatever the cookie's own is: it does not tell one cookie from another.
    ...(secure ? ['SameSite=None'] : ['SameSite=Lax']),
  ];
  return {
    url: `${cookie.sourceScheme === 'Secure' || secure ? 'https' : 'http'}://${host}/`,
    line: attributes.join('; '),
  };
}
