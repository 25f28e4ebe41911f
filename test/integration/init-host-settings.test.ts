import { expect, test } from 'vitest';
import { init, world } from '../helpers/init-world.ts';

const webpack = { scripts: { serve: 'webpack serve' }, devDependencies: { 'webpack-dev-server': '^6.0.0' } };
const vueCli = {
  scripts: { serve: 'vue-cli-service serve' },
  devDependencies: { vue: '^3.0.0', '@vue/cli-service': '^5.0.0' },
};
const hosts = { frontendHost: 'shop.test', apiHost: 'api.shop.test' };

test("webpack's server is started with the host that init was given", async () => {
  const { home, dir, write } = await world();
  await write('package.json', JSON.stringify(webpack));
  const { json } = await init(home, dir, hosts);
  expect(json().config).toMatchObject({
    frontend: {
      upstream: {
        command: 'npm run serve -- --client-web-socket-url auto://0.0.0.0:0/ws --allowed-hosts shop.test',
      },
    },
  });
});

test('what only the project can say stands among the next steps, with its file', async () => {
  const { home, dir, write } = await world();
  await write('web/package.json', JSON.stringify(vueCli));
  await write('backend/manage.py', 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")');
  const { out } = await init(home, dir, { ...hosts, json: false });
  expect(out).toContain(
    "# in web/vue.config.js:   devServer: { allowedHosts: ['shop.test'], client: { webSocketURL: 'auto://0.0.0.0:0/ws' } }",
  );
  expect(out).toContain(
    "# in backend/shop/settings.py:   ALLOWED_HOSTS = ['api.shop.test', 'localhost', '127.0.0.1']",
  );
  expect(out.indexOf('vue.config.js')).toBeLessThan(out.indexOf(' up\n'));
});

test.each([
  ['backend/.venv/bin/python', '.venv/bin/python manage.py runserver'],
  ['venv/bin/python', '../venv/bin/python manage.py runserver'],
  ['backend/other/bin/python', 'python3 manage.py runserver'],
])('Django runs in its virtual environment: %s', async (python, command) => {
  const { home, dir, write } = await world();
  await write('backend/manage.py', 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")');
  await write(python, '');
  const { json } = await init(home, dir, hosts);
  expect(json().config).toMatchObject({ api: { upstream: { command, cwd: 'backend' } } });
});
