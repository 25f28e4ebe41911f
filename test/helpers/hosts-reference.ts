/**
 * A second, independent reading of a hosts file, written from glibc's rules and on purpose in another way than
 * the one under test: byte by byte. What getaddrinfo would answer for a name.
 */
export function lookUpLikeGlibc(bytes: Buffer, hostname: string): string[] {
  const found: string[] = [];
  const isSpace = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);
  let position = 0;
  while (position < bytes.length) {
    let end = bytes.indexOf(10, position);
    if (end === -1) end = bytes.length;
    const fields: string[] = [];
    let field = '';
    for (let at = position; at <= end; at += 1) {
      const byte = at === end ? 10 : (bytes[at] as number);
      if (byte === 35 || isSpace(byte)) {
        if (field !== '') fields.push(field);
        field = '';
        if (byte === 35) break;
      } else field += String.fromCharCode(byte);
    }
    const [address = '', ...names] = fields;
    if (isAddress(address)) {
      for (const name of names) if (name.toLowerCase() === hostname.toLowerCase()) found.push(address);
    }
    position = end + 1;
  }
  return found;
}

/** glibc's inet_pton: four decimal numbers without leading zeros, or (roughly, enough for our files) IPv6. */
function isAddress(text: string): boolean {
  const octets = text.split('.');
  if (octets.length === 4)
    return octets.every((octet) => /^(0|[1-9]\d*)$/.test(octet) && Number(octet) <= 255);
  return /^[0-9a-f:]+$/i.test(text) && text.includes(':');
}
