import path from 'node:path';

export interface ConfigFileInput {
  /** Absolute. */
  readonly projectDir: string;
  readonly frontend?: string;
  readonly api?: string;
  readonly frontendHost?: string;
  readonly apiHost?: string;
}

export interface ConfigFilePlan {
  readonly file: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** The configuration file that says what was asked for and leaves everything else at its default. Pure. */
export function planConfigFile(input: ConfigFileInput): ConfigFilePlan {
  const frontendHost = input.frontendHost ?? 'example.com';
  const content = {
    $schema: './node_modules/jwt-dev/templates/config.schema.json',
    frontend: { host: frontendHost, upstream: upstream(input.frontend) },
    api: { host: input.apiHost ?? `api.${frontendHost}`, upstream: upstream(input.api) },
  };
  return {
    file: path.join(input.projectDir, 'jwt-dev.config.json'),
    content,
    text: `${JSON.stringify(content, null, 2)}\n`,
  };
}

/** A number is a port; everything else is checked by the configuration's own schema. */
function upstream(value: string | undefined): unknown {
  if (value === undefined) return 'bundled';
  return /^\d+$/.test(value) ? Number(value) : value;
}
