import type { ControlRoute } from '../../control/route.ts';
import type { TryPage, TryPageDeps } from './try-it.ts';

/** The forms of the page. What they use is loaded when somebody sends one. */
export function tryRoutes(deps: TryPageDeps): readonly ControlRoute[] {
  let page: Promise<TryPage> | undefined;
  const opened = async (): Promise<TryPage> => {
    const { openTryPage } = await import('./try-it.ts');
    try {
      return await openTryPage(deps);
    } catch (error) {
      // The next form tries again.
      page = undefined;
      throw error;
    }
  };
  return [
    {
      method: 'POST',
      path: '/inspector/try',
      answer: async ({ query, json }) => {
        const { parseTryRequest } = await import('./try-request.ts');
        const request = parseTryRequest(await json());
        page ??= opened();
        const body = await (await page).send(request, { reveal: query.get('reveal') === '1' });
        return { status: 200, body };
      },
    },
    {
      method: 'DELETE',
      path: '/inspector/try',
      answer: () => {
        page = undefined;
        return { status: 200, body: { cleared: true } };
      },
    },
  ];
}
