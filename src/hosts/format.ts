import type { CacheFlush } from './name-caches.ts';
import type { HostsReport } from './request.ts';
import type { NameResolution } from './resolution.ts';

interface Styles {
  style(format: 'bold' | 'dim' | 'red' | 'green' | 'yellow', text: string): string;
}

/** The plan as a diff: the file, then one line per name and address. */
export function formatReport(report: HostsReport, styles: Styles): string {
  const lines = report.changes.map(({ kind, address, hostname }) => {
    const text = `${address} ${hostname}`;
    if (kind === 'add') return styles.style('green', `+ ${text}`);
    return kind === 'remove' ? styles.style('red', `- ${text}`) : styles.style('dim', `  ${text}`);
  });
  const conflicts = report.conflicts.map(({ line, hostname, found, block }) =>
    styles.style(
      'yellow',
      `! line ${line} maps ${hostname} to ${found}${block === null ? '' : ` (jwt-dev project ${block})`}`,
    ),
  );
  const nothing = lines.length + conflicts.length === 0 ? ['  no entries of jwt-dev'] : [];
  return [styles.style('bold', report.file), ...lines, ...conflicts, ...nothing].join('\n');
}

/** What `--force` does to lines that are not ours, said before it is done. */
export function formatSwitches(report: HostsReport): readonly string[] {
  return report.switchesOff.map(
    ({ line, text }) => `Line ${line} becomes a comment until "hosts --remove": ${text.trim()}`,
  );
}

/** The documented answer of `hosts --json`. */
export function reportJson(report: HostsReport): Record<string, unknown> {
  const { file, changed, applied, changes, conflicts, switchesOff, backup } = report;
  return {
    file,
    changed,
    applied,
    changes,
    conflicts: conflicts.map(({ line, hostname, found, block }) => ({
      line,
      hostname,
      found,
      ...(block === null ? {} : { project: block }),
    })),
    ...(switchesOff.length === 0 ? {} : { switchesOff }),
    backup,
  };
}

/** One sentence for each name that does not (only) reach us; nothing where all is well. */
export function resolutionWarnings(resolution: readonly NameResolution[]): readonly string[] {
  return resolution.flatMap(({ hostname, addresses, reaches }) => {
    if (reaches === 'us') return [];
    if (reaches === 'nothing') {
      return [
        `${hostname} still does not resolve. Programs here may not read the hosts file: see "hosts:" in /etc/nsswitch.conf.`,
      ];
    }
    const found = `${hostname} resolves to ${addresses.join(', ')}`;
    return [
      reaches === 'partly'
        ? `${found}: only some of it is this machine. Another source (a VPN, a cache) answers too.`
        : `${found}, not to this machine. A cache, a VPN or the resolver's settings stand before the hosts file.`,
    ];
  });
}

export function cacheWarnings(flushes: readonly CacheFlush[]): readonly string[] {
  return flushes
    .filter(({ flushed }) => !flushed)
    .map(({ name, command }) => `${name} may remember old answers; flush it with: sudo ${command.join(' ')}`);
}
