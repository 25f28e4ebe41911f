import { fail, failAs, pass, skip } from '../outcome.ts';
import { CHECK_PATH, type Check } from '../world.ts';

const WAIT_MS = 8_000;

/** Registered for this page alone, asked something that only it can answer, and gone again. */
export const serviceWorker: Check = {
  id: 'service-worker',
  title: 'Service worker',
  run: async ({ settings }) => {
    if (!('serviceWorker' in navigator))
      return skip('This browser has no service workers here; Firefox has none in private windows.');
    let registration: ServiceWorkerRegistration;
    try {
      registration = await navigator.serviceWorker.register(scriptUrl(), { scope: CHECK_PATH });
    } catch (error) {
      const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return /SSL|certificate/i.test(said)
        ? failAs('JD301', `It could not be registered: ${said}`, settings)
        : fail(
            `It could not be registered: ${said}`,
            'Allow service workers and site data in the settings of this browser.',
          );
    }
    try {
      if (!(await isControlled()))
        return fail(`It did not take the page over within ${WAIT_MS / 1_000} s.`, 'Run it again.');
      const answer = await fetch(`${CHECK_PATH}/worker-answer`, { cache: 'no-store' });
      const by = answer.headers.get('x-answered-by');
      return by === 'service worker'
        ? pass('It was registered, took the page over and answered a request; it is unregistered again.')
        : fail(`A request of the page went past it (${answer.status}).`, 'Run it again.');
    } finally {
      await registration.unregister();
    }
  },
};

/** Where scripts want a Trusted Type (Trusted Types, section 2.3.2), this one URL is one. */
function scriptUrl(): string {
  const url = `${CHECK_PATH}/worker.js`;
  const types = (window as { readonly trustedTypes?: TrustedTypes }).trustedTypes;
  if (types === undefined) return url;
  const policy = types.createPolicy('jwt-dev-check', {
    createScriptURL: (wanted) => {
      if (wanted !== url) throw new TypeError(`${wanted} is no script of this page.`);
      return wanted;
    },
  });
  return policy.createScriptURL(url);
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { readonly createScriptURL: (url: string) => string },
  ): { readonly createScriptURL: (url: string) => string };
}

/** The worker claims its pages as soon as it is active. */
async function isControlled(): Promise<boolean> {
  const { serviceWorker } = navigator;
  if (serviceWorker.controller !== null) return true;
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), WAIT_MS);
    serviceWorker.addEventListener(
      'controllerchange',
      () => {
        clearTimeout(timer);
        resolve(true);
      },
      { once: true },
    );
  });
}
