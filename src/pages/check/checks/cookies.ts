import type { CookieTrial } from '../cookie-trial.ts';
import { fail, failAs, info, type Outcome, pass } from '../outcome.ts';
import type { Check, World } from '../world.ts';

const cameBack = ({ api, nonce }: CookieTrial, name: string): boolean => api[name] === nonce;

/** A cookie of the API's that a browser stores and sends back: RFC 6265bis, 5.7 and 5.8. */
function returning(id: string, name: string, title: string, whatFor: string): Check {
  return {
    id,
    title,
    needsApi: true,
    run: async (world) =>
      cameBack(await world.cookies(), name)
        ? pass(`It was stored and sent back. ${whatFor}`.trim())
        : blocked(`The API set it, and the next request did not bring it. ${whatFor}`.trim(), world),
  };
}

function blocked(detail: string, { settings }: World): Outcome {
  return fail(
    detail,
    `Allow cookies for ${settings.site} in the settings of this browser, and switch off extensions that block them; a private window of the same browser shows whether it is one.`,
  );
}

const cookieNoneNoSecure: Check = {
  id: 'cookie-none-no-secure',
  title: 'SameSite=None without Secure is refused',
  needsApi: true,
  run: async ({ cookies }) =>
    cameBack(await cookies(), 'none-no-secure')
      ? info('This browser stores it. Chromium refuses it (JD441), so it must not be relied on.')
      : pass('The browser refused it, as it should (JD441).'),
};

const cookieHttpOnly: Check = {
  id: 'cookie-http-only',
  title: 'HttpOnly keeps a cookie from scripts',
  needsApi: true,
  run: async (world) => {
    const { frontend, script, nonce } = await world.cookies();
    if (frontend['http-only'] !== nonce || frontend['script'] !== nonce)
      return blocked(`${world.settings.frontend} set two cookies, and not both came back.`, world);
    if (script.includes('jwt-dev-check-http-only'))
      return fail('document.cookie shows it.', 'Update this browser: scripts can read what they must not.');
    return script.includes(`jwt-dev-check-script=${nonce}`)
      ? pass('It is sent back, and document.cookie shows only the one beside it without HttpOnly.')
      : info('It is sent back. document.cookie shows neither it nor the one without HttpOnly.');
  },
};

const cookieSite: Check = {
  id: 'cookie-site',
  title: 'Cookie for the whole site (Domain)',
  needsApi: true,
  run: async (world) => {
    const trial = await world.cookies();
    const { site } = world.settings;
    if (!cameBack(trial, 'site') || trial.frontend['site'] !== trial.nonce)
      return failAs(
        'JD440',
        `A cookie of the API with Domain=${site} did not come back to both hosts.`,
        world.settings,
      );
    return trial.script.includes(`jwt-dev-check-site=${trial.nonce}`)
      ? pass(
          `A cookie of the API with Domain=${site} comes to both hosts, and a script of the page can read it.`,
        )
      : info(
          `A cookie of the API with Domain=${site} comes to both hosts. document.cookie does not show it.`,
        );
  },
};

const cookiesDeleted: Check = {
  id: 'cookies-deleted',
  title: 'Cookies are deleted again',
  needsApi: true,
  run: async ({ cookies, settings }) => {
    const { left } = await cookies();
    return left.length === 0
      ? pass('Nothing of this check is left.')
      : failAs('JD404', `Deleted, and still sent: ${left.join(', ')}.`, settings);
  },
};

const thirdPartyCookies: Check = {
  id: 'third-party-cookies',
  title: 'Setting for third-party cookies',
  needsApi: true,
  run: async (world) => {
    if (!navigator.cookieEnabled) return blocked('This browser says that cookies are switched off.', world);
    const works = cameBack(await world.cookies(), 'none');
    return works
      ? info('Of no consequence here: page and API are one site, so the API’s cookies are first-party.')
      : info('SameSite=None did not come back, so this browser may take the API for a third party.');
  },
};

/** The matrix, in the order in which it is shown. All of it is one trial (`tryCookies`). */
export const COOKIE_CHECKS: readonly Check[] = [
  returning('cookie-lax', 'lax', 'SameSite=Lax cookie', ''),
  returning('cookie-strict', 'strict', 'SameSite=Strict cookie', ''),
  returning('cookie-none', 'none', 'SameSite=None cookie', ''),
  returning(
    'cookie-partitioned',
    'partitioned',
    'Partitioned cookie',
    'Browsers that do not know Partitioned take it for an ordinary one.',
  ),
  returning(
    'cookie-no-secure',
    'no-secure',
    'Cookie without Secure',
    'Over https it needs none; it should have it all the same.',
  ),
  cookieNoneNoSecure,
  cookieHttpOnly,
  cookieSite,
  cookiesDeleted,
  thirdPartyCookies,
];
