import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** The rules of axe-core that the page breaks, each with the elements that do. axe must have been loaded as an init script. */
export async function axeProblems(page: Page, within = 'html'): Promise<readonly string[]> {
  const results: AxeResults = await page.evaluate(
    (selector) =>
      (globalThis as unknown as { axe: { run: (selector: string) => Promise<AxeResults> } }).axe.run(
        selector,
      ),
    within,
  );
  return results.violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, any }) => `${html} ${any[0]?.message ?? ''}`).join(' | ')}`,
  );
}
