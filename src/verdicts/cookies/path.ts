/** The Path attribute if it starts with "/", else the directory of the request (RFC 6265bis 5.1.4). Byte strings. */
export function cookiePath(urlPath: string, attribute: string | undefined): string {
  if (attribute?.startsWith('/')) return attribute;
  const slash = urlPath.lastIndexOf('/');
  return slash <= 0 ? '/' : urlPath.slice(0, slash);
}

/** Whole segments only, case-sensitive, nothing decoded (RFC 6265bis 5.1.4). */
export const pathMatches = (path: string, urlPath: string): boolean =>
  urlPath.startsWith(path) &&
  (urlPath.length === path.length || path.endsWith('/') || urlPath[path.length] === '/');
