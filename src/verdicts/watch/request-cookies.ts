/** Name and value of each cookie of a Cookie field, in order (RFC 6265, 4.2.1). */
export function requestCookies(field: string): readonly (readonly [name: string, value: string])[] {
  if (field === '') return [];
  return field.split(';').map((pair) => {
    const equals = pair.indexOf('=');
    return equals === -1 ? ['', pair.trim()] : [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
  });
}

/** The value of the first cookie of that name that has one; Django writes an empty value as `""`. */
export function requestCookie(field: string, name: string): string | null {
  if (!field.includes(name)) return null;
  const found = requestCookies(field).find(([key, value]) => key === name && value !== '' && value !== '""');
  return found === undefined ? null : found[1];
}

/** The names alone, in order. Every request to the API is looked at, and the values are most of its bytes. */
export function cookieNames(field: string): readonly string[] {
  const names: string[] = [];
  let start = 0;
  while (start < field.length) {
    const semicolon = field.indexOf(';', start);
    const end = semicolon === -1 ? field.length : semicolon;
    const equals = field.indexOf('=', start);
    names.push(equals === -1 || equals > end ? '' : field.slice(start, equals).trim());
    start = end + 1;
  }
  return names;
}
