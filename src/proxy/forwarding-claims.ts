/**
 * Fields by which a proxy tells a server about the request's way: who asked, for which host and path, over what. Servers
 * believe them, so they are only for proxies to set. We are the first hop: from a client they are all untrue, and in
 * production the first proxy takes them off as well.
 */
const CLAIMS: ReadonlySet<string> = new Set([
  // RFC 7239; and the misspelling that client-address libraries read (npm request-ip).
  'forwarded',
  'forwarded-for',
  // The client's address: nginx, Apache mod_remoteip, Akamai, Cloudflare, Fastly, Fly, Azure, App Engine, GCP, Envoy.
  'x-real-ip',
  'x-client-ip',
  'client-ip',
  'x-cluster-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'cf-pseudo-ipv4',
  'cf-visitor',
  'fastly-client-ip',
  'fly-client-ip',
  'x-azure-clientip',
  'x-azure-socketip',
  'x-appengine-user-ip',
  'x-envoy-external-address',
  'x-proxyuser-ip',
  // The scheme, beside X-Forwarded-*: Microsoft's proxies, WebDAV front ends, ingress-nginx (MDN, X-Forwarded-Proto).
  'front-end-https',
  'x-url-scheme',
  'x-scheme',
  'x-arr-ssl',
  // The host and the path: they replace the request's own in IIS front ends, Symfony and Zend (CVE-2018-14773).
  'x-rewrite-url',
  'x-host',
  'x-http-host-override',
  'x-script-name',
  // WSGI's mount point, which gunicorn takes from a trusted proxy (gunicorn, forwarder_headers).
  'script-name',
  'path-info',
  // How the proxy sends files for the server (Rack::Sendfile, CVE-2025-61780).
  'x-sendfile-type',
  'x-accel-mapping',
]);

/**
 * Whole families. `x-forwarded-*`: for, proto, host, port, prefix, ssl, scheme, protocol, server, by, uri, method, user,
 * client-cert (Django, Express, Spring's ForwardedHeaderFilter, Werkzeug's ProxyFix, Rack, Traefik, oauth2-proxy).
 * `x-original-*`: url, host, for, proto, uri, forwarded-for (IIS, Symfony, Azure, ASP.NET Core, ingress-nginx).
 */
const FAMILIES = ['x-forwarded', 'x-original-'] as const;

/**
 * Whether a field (name in lower case) is such a claim. An underscore counts as a hyphen: CGI and WSGI hand both
 * to the application under one name, which is why nginx drops names with underscores (underscores_in_headers).
 */
export function isForwardingClaim(lower: string): boolean {
  const name = lower.includes('_') ? lower.replaceAll('_', '-') : lower;
  return CLAIMS.has(name) || FAMILIES.some((family) => name.startsWith(family));
}
