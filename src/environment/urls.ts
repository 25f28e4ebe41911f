/** The origin as browsers write it: the default port is left out (RFC 6454, section 6.2). */
export function originOf(hostname: string, httpsPort: number): string {
  return httpsPort === 443 ? `https://${hostname}` : `https://${hostname}:${httpsPort}`;
}
