import type {
  FoundRoot,
  StoreFacts,
  TrustedRoot,
  TrustStore,
  TrustWorld,
} from '../../src/certs/trust/types.ts';
import type { Run, RunResult } from '../../src/system/run.ts';

const DONE: RunResult = { exitCode: 0, stdout: '', stderr: '', errno: undefined, timedOut: false };
export const NOT_FOUND: RunResult = { ...DONE, exitCode: undefined, errno: 'ENOENT' };

/** A runner that starts nothing, answers from a function and remembers every command as one line. */
export function recordingRun(answer: (command: string) => Partial<RunResult> = () => ({})): {
  readonly run: Run;
  readonly commands: string[];
} {
  const commands: string[] = [];
  return {
    commands,
    run: async (file, args) => {
      const command = [file, ...args].join(' ');
      commands.push(command);
      return { ...DONE, ...answer(command) };
    },
  };
}

export function rootNamed(id: string, site = 'example.com'): TrustedRoot {
  return {
    name: `jwt-dev root ${id} ${site}`,
    site,
    fingerprint256: `AA:${id}`,
    thumbprint: id.toUpperCase(),
    file: '/data/root.pem',
    pem: '',
  };
}

export function world(overrides: Partial<TrustWorld> = {}): TrustWorld {
  return {
    platform: 'linux',
    env: {},
    homeDir: '/home/me',
    root: '/',
    run: recordingRun().run,
    owner: null,
    ...overrides,
  };
}

/** A store that lives in memory: `add` and `drop` change it, as real tools change real ones. */
export class MemoryStore implements TrustStore {
  readonly kind = 'system';
  readonly label: string;
  readonly location: string;
  readonly content = new Map<string, FoundRoot>();
  readonly id: string;
  readonly privileged: boolean;
  tidied = 0;
  #known = new Map<string, TrustedRoot>();

  constructor(id: string, privileged = false) {
    this.id = id;
    this.privileged = privileged;
    this.label = `store ${id}`;
    this.location = `/${id}`;
  }

  hold(root: TrustedRoot, trusted = true): this {
    this.content.set(root.name, { ...root, trusted, storedAs: root.name });
    return this;
  }

  facts(): Promise<StoreFacts> {
    return Promise.resolve({ state: 'usable', ours: [...this.content.values()] });
  }

  installSteps(root: TrustedRoot) {
    this.#known.set(root.name, root);
    return [{ file: 'add', args: [this.id, root.name], unattended: ['--batch'] }];
  }

  removeSteps({ storedAs }: FoundRoot) {
    return [{ file: 'drop', args: [this.id, storedAs] }];
  }

  tidy(): Promise<void> {
    this.tidied += 1;
    return Promise.resolve();
  }

  /** Does what a step's tool would do. */
  obey(command: string): void {
    const [, verb, name = ''] = /(add|drop) \S+ (jwt-dev root \S+ \S+)/.exec(command) ?? [];
    const root = this.#known.get(name);
    if (verb === 'add' && root !== undefined) this.hold(root);
    if (verb === 'drop') this.content.delete(name);
  }
}
