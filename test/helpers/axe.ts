import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** The rules of axe-core that the page breaks, each with the elements that do. axe must have been loaded as an init script. */
export async function axeProblems(page: Page): Promise<readonly string[]> {
  const results: AxeResults = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run(),
  );
  return results.violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, any }) => `${html} ${any[0]?.message ?? ''}`).join(' | ')}`,
  );
}
