import { type EnsureInput, ensureCertificates } from './ensure.ts';
import type { TlsMaterial } from './material.ts';
import { readPem } from './store.ts';

/** A clock that jumps or a laptop that slept is noticed this late at the most. */
const TICK_MS = 30_000;

export interface RenewalWatch {
  /** Looks now, and waits for what follows from it. For tests, and after a signal to reload. */
  check(): Promise<void>;
  close(): void;
}

export interface RenewalInput extends Omit<EnsureInput, 'renew'> {
  /** What the server uses now. */
  readonly material: TlsMaterial;
  /** Gets the new material; a TLS server hands it to `setSecureContext`. */
  readonly onRenew: (material: TlsMaterial) => void;
  /** Gets each failure; the watch goes on, and tries again at the next tick. */
  readonly onError: (error: unknown) => void;
  readonly tickMs?: number;
}

/**
 * Renews a running server's certificate before it ends, and picks up one that another process made.
 * The wall clock is asked at short intervals instead of one long sleep: timers stand still while a laptop sleeps,
 * and Node turns one of more than 24.8 days into one of a millisecond. The timer keeps no process alive.
 */
export function watchRenewal(input: RenewalInput): RenewalWatch {
  const { onRenew, onError, tickMs = TICK_MS, material: first, ...ensureInput } = input;
  let current = first;
  let running: Promise<void> | null = null;
  let closed = false;

  const look = async (): Promise<void> => {
    // Only these reasons: files that somebody removes while a server runs (`jwt-dev clean`) stay removed.
    if (!isDue(current, input.now()) && !(await isReplaced(current))) return;
    const material = await ensureCertificates(ensureInput);
    if (closed || material.chainPem === current.chainPem) return;
    current = material;
    onRenew(material);
  };
  const check = (): Promise<void> => {
    running ??= look()
      .catch(onError)
      .finally(() => {
        running = null;
      });
    return running;
  };
  const timer = setInterval(() => void check(), tickMs);
  timer.unref();
  return {
    check,
    close: () => {
      closed = true;
      clearInterval(timer);
    },
  };
}

/** Near its end, or not valid yet: the clock was ahead when it was made, and has been set since. */
function isDue({ notBefore, renewAt }: TlsMaterial, now: Date): boolean {
  return now >= renewAt || now < notBefore;
}

async function isReplaced({ chainFile, chainPem }: TlsMaterial): Promise<boolean> {
  const { pem } = await readPem(chainFile);
  return pem !== undefined && pem !== chainPem;
}
