export interface PortFacts {
  /** What PORT says. */
  readonly assigned: number;
  readonly assignedIsFixed: boolean;
  /** The assigned one accepts connections. */
  readonly assignedAccepts: boolean;
  /** Where the command's processes listen, with how long that has been known (milliseconds); null: cannot be seen. */
  readonly listening: ReadonlyMap<number, number> | null;
  /** Ports of local URLs in its output, with how long ago they were first printed (milliseconds). */
  readonly printed: ReadonlyMap<number, number>;
}

export type PortVerdict =
  | { readonly kind: 'listening'; readonly port: number }
  /** Probably there; nobody has seen it listen. */
  | { readonly kind: 'try'; readonly port: number }
  | { readonly kind: 'unknown' }
  /** It listens, but not where it should, or on several ports. */
  | { readonly kind: 'elsewhere'; readonly ports: readonly number[] };

/** A server that obeys PORT gets this long to open it before another port is taken for its own. */
const SETTLE_PRINTED_MS = 300;
const SETTLE_SILENT_MS = 2_000;

/** Node's debugger (`--inspect`, and the next ones for its children) and Vite's own WebSocket server (server.hmr). */
const isHelper = (port: number): boolean => (port >= 9229 && port <= 9249) || port === 24_678;

/**
 * Where a command's server is. Pure.
 *
 * The assigned port comes first. A server that chooses by itself (Vite, Angular, webpack) is found where it listens:
 * at the port that it printed, or else at its only one.
 */
export function choosePort(facts: PortFacts): PortVerdict {
  const { assigned, assignedIsFixed, assignedAccepts, listening, printed } = facts;
  if (assignedAccepts) return { kind: 'listening', port: assigned };
  const seen = listening === null ? null : [...listening].filter(([port]) => !isHelper(port));
  if (assignedIsFixed) {
    const settled = (seen ?? []).filter(([, ageMs]) => ageMs >= SETTLE_SILENT_MS);
    return settled.length === 0
      ? { kind: 'unknown' }
      : { kind: 'elsewhere', ports: settled.map(([port]) => port) };
  }
  const announced = [...printed]
    .filter(([port, ageMs]) => ageMs >= SETTLE_PRINTED_MS && (listening === null || listening.has(port)))
    .map(([port]) => port);
  const silent = (seen ?? []).filter(([, ageMs]) => ageMs >= SETTLE_SILENT_MS).map(([port]) => port);
  const candidates = announced.length > 0 ? announced : silent;
  const [only, ...others] = candidates;
  if (only === undefined) return { kind: 'unknown' };
  if (others.length > 0) return { kind: 'elsewhere', ports: candidates };
  return { kind: listening === null ? 'try' : 'listening', port: only };
}

/** http://localhost:5173/, http://127.0.0.1:8000, http://[::1]:3000, http://0.0.0.0:8080: what servers print. */
export function printedPorts(line: string): readonly number[] {
  const urls = line.matchAll(/\bhttps?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]):(\d{1,5})\b/gi);
  return [...urls].map(([, port]) => Number(port)).filter((port) => port >= 1 && port <= 65_535);
}
