import path from 'node:path';
import { expect, test } from 'vitest';
import { djangoEnvironment, findDjango } from '../helpers/django.ts';
import { processesOf } from '../helpers/processes.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { E2E, initProject, install } from '../helpers/template-project.ts';

const django = findDjango();

test.each([
  { name: 'react', specs: 6 },
  { name: 'vanilla', specs: 6 },
])(
  `django: the browser tests of $name pass against it, with ${django.what}`,
  async ({ name, specs }) => {
    const home = await tempDir();
    const project = await initProject(home, [name, 'django']);
    await install(project);
    const env = await djangoEnvironment(django, home, path.join(project.dir, 'backend'));
    expect(await project.sh('cd backend && python3 manage.py check', env)).toContain('no issues');
    await project.sh('cd backend && python3 manage.py migrate', env);
    await project.sh('npx jwt-dev trust --store chromium', env);
    expect(await project.sh(E2E, env)).toContain(`${specs} passed`);
    expect(await processesOf(home)).toEqual([]);
  },
  300_000,
);
