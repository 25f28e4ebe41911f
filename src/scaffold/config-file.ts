import type { UpstreamEntry } from './upstreams.ts';

export interface ConfigFileInput {
  readonly frontendHost: string;
  readonly apiHost: string;
  readonly frontend: UpstreamEntry;
  readonly api: UpstreamEntry;
  readonly auth?: Readonly<Record<string, unknown>> | null;
}

/** The configuration that says what was asked for and leaves everything else at its default. Pure. */
export function configContent(input: ConfigFileInput): Readonly<Record<string, unknown>> {
  return {
    $schema: './node_modules/jwt-dev/templates/config.schema.json',
    frontend: { host: input.frontendHost, upstream: input.frontend },
    api: { host: input.apiHost, upstream: input.api },
    ...(input.auth ? { auth: input.auth } : {}),
  };
}

export function jsonText(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** An upstream as a flag gives it: a number is a port; everything else is checked by the configuration's own schema. */
export function upstreamOfFlag(value: string): UpstreamEntry {
  return /^\d+$/.test(value) ? Number(value) : value;
}
