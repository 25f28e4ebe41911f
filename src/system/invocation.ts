import path from 'node:path';
import { quoteForShell } from './elevate.ts';

/**
 * How the user would type this program again: `jwt-dev` where it is installed for everyone, `npx jwt-dev` inside
 * a project, `node bin/jwt-dev.js` in a clone.
 * @param script what Node was started with: npm starts the link of the package, a clone the launcher itself.
 */
export function invocationText(script: string, cwd: string): string {
  const name = path.basename(script);
  const inProject = script.includes(`${path.sep}node_modules${path.sep}`);
  if (inProject) return 'npx jwt-dev';
  if (!name.endsWith('.js')) return 'jwt-dev';
  const relative = path.relative(cwd, script);
  return `node ${quoteForShell(relative.startsWith('..') ? script : relative)}`;
}
