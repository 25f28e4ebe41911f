import type { Page } from 'playwright-core';

export interface LegacyBackend {
  readonly port: number;
  readonly close: () => Promise<void>;
}

export function startLegacyBackend(): Promise<LegacyBackend>;
export function configWith(port: number): object;
export function makeTraffic(
  page: Page,
  environment: {
    readonly frontend: string;
    readonly api: string;
    readonly users: readonly {
      readonly username: string;
      readonly password: string;
      readonly email: string;
    }[];
  },
): Promise<void>;
