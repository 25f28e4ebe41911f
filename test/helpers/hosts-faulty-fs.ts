import { type HostsFileHandle, type HostsFileSystem, realFileSystem } from '../../src/hosts/file-system.ts';

/** One call that goes wrong. Calls are counted from 0, in the order in which the code makes them. */
export type Fault =
  /** It fails, and so do all later ones if `forGood`. */
  | { readonly kind: 'errno'; readonly at: number; readonly errno: string; readonly forGood?: boolean }
  /** A write takes half of what it is given. */
  | { readonly kind: 'short'; readonly at: number }
  /** The process is killed just before, just after or (a write) half-way through the call, and runs no more. */
  | { readonly kind: 'kill'; readonly at: number; readonly moment: 'before' | 'halfway' | 'after' };

class Killed extends Error {}

export interface FaultyFileSystem {
  readonly fs: HostsFileSystem;
  /** The names of the calls so far: `open`, `handle.write`, … */
  readonly calls: string[];
}

/** The real file system with one fault in it; `always` answers an errno for calls that never work here. */
export function faultyFileSystem(
  fault: Fault | null,
  always: (call: string, args: readonly unknown[]) => string | undefined = () => undefined,
): FaultyFileSystem {
  const calls: string[] = [];
  let dead = false;

  async function step<T>(
    call: string,
    args: readonly unknown[],
    perform: (args: unknown[]) => Promise<T>,
  ): Promise<T> {
    if (dead) throw new Killed();
    const impossible = always(call, args);
    const number = calls.push(call) - 1;
    if (
      fault?.kind === 'kill' &&
      number === fault.at &&
      (fault.moment === 'before' || impossible !== undefined)
    ) {
      dead = true;
      throw new Killed();
    }
    if (impossible !== undefined) throw failure(impossible, call);
    if (fault?.kind === 'errno' && (number === fault.at || (fault.forGood === true && number > fault.at))) {
      throw failure(fault.errno, call);
    }
    const given = [...args];
    const halved = fault?.kind === 'short' || (fault?.kind === 'kill' && fault.moment === 'halfway');
    if (halved && number === fault.at && call === 'handle.write') {
      given[2] = Math.ceil((given[2] as number) / 2);
    }
    const killed = fault?.kind === 'kill' && number === fault.at;
    const result = await perform(given).catch((error: unknown) => {
      if (!killed) throw error;
    });
    if (killed) {
      dead = true;
      // The end of a process closes what it had just opened.
      if (call === 'open') await (result as HostsFileHandle | undefined)?.close();
      throw new Killed();
    }
    return result as T;
  }

  /** close(2) lets go of the descriptor also when it fails, and so does the end of a process. */
  async function close(handle: { close(): Promise<void> }): Promise<void> {
    await handle.close();
    if (!dead) await step('handle.close', [], () => Promise.resolve());
  }

  function wrap<T extends object>(subject: T, prefix: string): T {
    return new Proxy(subject, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key, target);
        if (typeof member !== 'function' || typeof key !== 'string') return member;
        if (prefix !== '' && key === 'close') return () => close(target as { close(): Promise<void> });
        return (...args: unknown[]) =>
          step(prefix + key, args, async (given) => {
            const result: unknown = await Reflect.apply(member, target, given);
            return key === 'open' && typeof result === 'object' && result !== null
              ? wrap(result, 'handle.')
              : result;
          });
      },
    });
  }

  return { fs: wrap({ ...realFileSystem }, ''), calls };
}

function failure(errno: string, call: string): Error {
  return Object.assign(new Error(`${errno}: injected, ${call}`), { code: errno });
}
