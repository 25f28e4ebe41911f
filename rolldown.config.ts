import { defineConfig } from 'rolldown';

/** The pages that are served to browsers: one script each, with what it needs. Everything else is built by tsc. */
export default defineConfig({
  input: { inspector: 'src/pages/inspector/main.tsx', check: 'src/pages/check/main.ts' },
  platform: 'browser',
  output: {
    dir: 'dist/pages',
    entryFileNames: '[name].js',
    minify: true,
    banner: '/*! Contains Preact (MIT), https://preactjs.com */',
  },
  transform: { target: 'es2022' },
});
