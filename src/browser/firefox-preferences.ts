import type { BrowserRoute } from './types.ts';

/** Its own questions and visits, which nobody asked for in a browser that was opened for one site. */
const QUIET: Readonly<Record<string, string | number | boolean>> = {
  'app.normandy.enabled': false,
  'app.shield.optoutstudies.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.preonboarding.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.startup.page': 0,
  'datareporting.healthreport.uploadEnabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'startup.homepage_welcome_url': '',
  'termsofuse.bypassNotification': true,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
};

/** `user.js`: read at each start of the profile (support.mozilla.org, "Profiles"; kb.mozillazine.org, "User.js file"). */
export function firefoxPreferences(route: BrowserRoute, hostnames: readonly string[]): string {
  const preferences = { ...QUIET, ...reach(route, hostnames) };
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  return `${lines.join('\n')}\n`;
}

function reach(
  route: BrowserRoute,
  hostnames: readonly string[],
): Readonly<Record<string, string | number | boolean>> {
  if (route.kind === 'pac')
    return { 'network.proxy.type': 2, 'network.proxy.autoconfig_url': pacUrl(route.source) };
  // Firefox's own defaults, written out: what an earlier user.js has set stays in the profile.
  if (route.kind === 'system')
    return { 'network.proxy.type': 5, 'network.dns.localDomains': '', 'network.trr.mode': 0 };
  return {
    'network.proxy.type': 0,
    // Resolved to the loopback addresses, before and instead of DNS over https.
    'network.dns.localDomains': hostnames.join(','),
    'network.trr.mode': 5,
  };
}

/**
 * The script itself in place of its address: where a script cannot be fetched, browsers go without a proxy, and then
 * our names would lead to somebody's real server once the environment has ended.
 */
export function pacUrl(source: string): string {
  return `data:application/x-ns-proxy-autoconfig;base64,${Buffer.from(source).toString('base64')}`;
}
