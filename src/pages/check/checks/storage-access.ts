import { fail, info, pass, skip } from '../outcome.ts';
import type { Check } from '../world.ts';

/** Storage Access API: a page at the top has it by itself, unless storage is switched off. */
export const storageAccess: Check = {
  id: 'storage-access',
  title: 'Storage access',
  run: async ({ settings }) => {
    try {
      const key = 'jwt-dev-check-storage';
      sessionStorage.setItem(key, '1');
      sessionStorage.removeItem(key);
    } catch (error) {
      return fail(
        `sessionStorage cannot be used: ${error instanceof Error ? error.message : String(error)}`,
        `Allow ${settings.site} to store data in the settings of this browser.`,
      );
    }
    if (!('hasStorageAccess' in document))
      return skip('This browser has no Storage Access API; sessionStorage works.');
    return (await document.hasStorageAccess())
      ? pass('The page has access to its cookies and storage.')
      : info('The browser says that the page has no access to unpartitioned cookies; sessionStorage works.');
  },
};
