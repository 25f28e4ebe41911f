import { describe, expect, test } from 'vitest';
import { detectFrontend } from '../../../src/scaffold/detect-project.ts';
import { hostSettings } from '../../../src/scaffold/host-settings.ts';

const names = { frontendHost: 'shop.test', apiHost: 'api.shop.test' };
const frontend = (packages: object, serve: string, dir = '.') =>
  detectFrontend({
    dir,
    packageJson: JSON.stringify({ devDependencies: packages, scripts: { serve } }),
    names: [],
  });
const settings = (input: Partial<Parameters<typeof hostSettings>[0]>) =>
  hostSettings({ frontend: null, django: null, templates: [], names, ...input });

describe('what a project must say about its host itself', () => {
  const setting =
    "devServer: { allowedHosts: ['shop.test'], client: { webSocketURL: 'auto://0.0.0.0:0/ws' } }";

  test('Vue CLI: the host, and where its page finds the reloads', () => {
    const vueCli = frontend({ vue: '3', '@vue/cli-service': '5' }, 'vue-cli-service serve', 'web');
    expect(settings({ frontend: vueCli })).toEqual([{ file: 'web/vue.config.js', setting }]);
  });

  test('webpack, where the script takes no option: the same', () => {
    const webpack = { 'webpack-dev-server': '6' };
    const needed = [{ file: 'webpack.config.js', setting }];
    expect(settings({ frontend: frontend(webpack, 'node serve.js') })).toEqual(needed);
    expect(settings({ frontend: frontend(webpack, 'webpack serve && echo done') })).toEqual(needed);
    expect(settings({ frontend: frontend(webpack, 'webpack serve') })).toEqual([]);
    expect(settings({ frontend: frontend(webpack, 'webpack serve --allowed-hosts all') })).toEqual([]);
  });

  test('Django, unless the template says it', () => {
    const django = { dir: 'backend', package: 'shop' };
    expect(settings({ django })).toEqual([
      {
        file: 'backend/shop/settings.py',
        setting: "ALLOWED_HOSTS = ['api.shop.test', 'localhost', '127.0.0.1']",
      },
    ]);
    expect(settings({ django, templates: ['django'] })).toEqual([]);
  });

  test.each([
    { next: '16' },
    { nuxt: '4' },
    { '@angular/core': '22' },
    { astro: '7' },
    { vite: '8' },
    { react: '19', 'react-scripts': '5' },
  ])('%j: nothing, its environment says it', (packages) => {
    expect(settings({ frontend: frontend(packages, 'x') })).toEqual([]);
  });
});
