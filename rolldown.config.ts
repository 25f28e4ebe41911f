import { defineConfig, type RolldownOptions } from 'rolldown';

/** The pages that are served to browsers, and what they start: one script each, with all that it needs. */
const SCRIPTS = {
  inspector: 'src/pages/inspector/main.tsx',
  check: 'src/pages/check/main.ts',
  'check-worker': 'src/pages/check/worker.ts',
} as const;

/** Everything else is built by tsc. Each is a bundle of its own: with several inputs in one, what two share becomes a third. */
export default defineConfig(
  Object.entries(SCRIPTS).map(
    ([name, file]): RolldownOptions => ({
      input: { [name]: file },
      platform: 'browser',
      output: {
        dir: 'dist/pages',
        entryFileNames: '[name].js',
        minify: true,
        banner: name === 'inspector' ? '/*! Contains Preact (MIT), https://preactjs.com */' : '',
      },
      transform: { target: 'es2022' },
    }),
  ),
);
