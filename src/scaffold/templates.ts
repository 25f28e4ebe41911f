import type { Framework } from './detect-project.ts';

export const TEMPLATE_NAMES = [
  'vanilla',
  'react',
  'vue',
  'express',
  'django',
  'github-actions',
  'gitlab-ci',
  'caddy',
  'nginx',
  'compose',
] as const;
export type TemplateName = (typeof TEMPLATE_NAMES)[number];

/** Of each kind a project has one at most. */
export type TemplateKind = 'frontend' | 'backend' | 'ci' | 'server';

/** Files below templates/, and where they go in the project. */
export interface TemplateSource {
  readonly from: string;
  readonly to: string;
}

export interface Template {
  readonly kind: TemplateKind;
  readonly summary: string;
  /** Written always: what an existing project needs too. */
  readonly parts: readonly TemplateSource[];
  /** Written into a project that has no frontend (or backend) of its own. */
  readonly starter: readonly TemplateSource[];
  /** The framework of an existing project that this template can be added to; null: any. */
  readonly framework: Framework | null;
  /** Below templates/: what package.json gets; null: nothing. */
  readonly packageParts: string | null;
  /** jwt-dev is needed at run time, not only for development. */
  readonly runsJwtDev: boolean;
}

const shared = { framework: null, runsJwtDev: false } as const;
const here = (from: string): TemplateSource => ({ from, to: '.' });

export const TEMPLATES: Readonly<Record<TemplateName, Template>> = {
  vanilla: {
    ...shared,
    kind: 'frontend',
    summary: 'HTML and JavaScript without a build step: the demo page as a starting point',
    parts: [],
    starter: [
      { from: 'demo', to: 'public' },
      here('vanilla/starter'),
      { from: 'frontend/starter/dot-gitignore', to: 'dot-gitignore' },
      { from: 'frontend/starter/playwright.config.ts', to: 'playwright.config.ts' },
    ],
    packageParts: 'vanilla/package-parts.json',
  },
  react: {
    ...shared,
    kind: 'frontend',
    summary: 'React, Vite and TypeScript: log-in, registration, a protected page and their browser tests',
    parts: [here('frontend/part'), here('react/part')],
    starter: [here('frontend/starter'), here('react/starter')],
    framework: 'react',
    packageParts: 'react/package-parts.json',
  },
  vue: {
    ...shared,
    kind: 'frontend',
    summary: 'Vue, Vite and TypeScript: log-in, registration, a protected page and their browser tests',
    parts: [here('frontend/part'), here('vue/part')],
    starter: [here('frontend/starter'), here('vue/starter')],
    framework: 'vue',
    packageParts: 'vue/package-parts.json',
  },
  express: {
    ...shared,
    kind: 'backend',
    summary: 'an Express server of your own with the same auth API mounted in it',
    parts: [here('express/part')],
    starter: [],
    packageParts: 'express/package-parts.json',
    runsJwtDev: true,
  },
  django: {
    ...shared,
    kind: 'backend',
    summary: 'Django with REST framework, dj-rest-auth, simplejwt, allauth and cors-headers',
    parts: [{ from: 'django/part', to: 'django-package' }],
    starter: [here('django/starter')],
    packageParts: null,
  },
  'github-actions': {
    ...shared,
    kind: 'ci',
    summary: 'the browser tests as a GitHub Actions workflow',
    parts: [here('github-actions/part')],
    starter: [],
    packageParts: 'github-actions/package-parts.json',
  },
  'gitlab-ci': {
    ...shared,
    kind: 'ci',
    summary: 'the browser tests as a GitLab CI job',
    parts: [here('gitlab-ci/part')],
    starter: [],
    packageParts: 'gitlab-ci/package-parts.json',
  },
  caddy: server('a Caddyfile for a server of your own'),
  nginx: server('nginx server blocks for a server of your own'),
  compose: server('Caddy, the build and your backend in containers'),
};

/** Its files depend on what else is there: serverFolders. */
function server(summary: string): Template {
  return { ...shared, kind: 'server', summary, parts: [], starter: [], packageParts: null };
}
