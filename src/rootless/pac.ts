/** What browsers know a PAC file by (Netscape's "Navigator Proxy Auto-Config File Format", 1996). */
export const PAC_TYPE = 'application/x-ns-proxy-autoconfig';

/**
 * A proxy auto-configuration script that sends our names to the forward proxy and everything else on its usual way.
 * There is no way around the proxy for our names: without it they would lead to somebody's real server, and take test
 * passwords there. All ports of our names go to it, which refuses what it does not have.
 * @param hostnames lower-case ASCII, without a final dot.
 * @param proxy host and port, such as `127.0.0.1:5198`.
 */
export function pacSource(hostnames: readonly string[], proxy: string): string {
  // ES3: Windows runs it in JScript.
  return `function FindProxyForURL(url, host) {
  var names = ${JSON.stringify(hostnames)};
  var name = String(host).toLowerCase().replace(/\\.$/, '');
  if (!/^(https?|wss?):/i.test(url)) return 'DIRECT';
  for (var i = 0; i < names.length; i += 1) {
    if (name === names[i]) return ${JSON.stringify(`PROXY ${proxy}`)};
  }
  return 'DIRECT';
}
`;
}
