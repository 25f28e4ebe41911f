// Figures of a bench: medians of several rounds, percentiles of one, and a table.

export const median = (values) => percentile(values, 0.5);

/** The value below which that share (0 to 1) of the values lies: the nearest rank. NaN without values. */
export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** The median of the ratios of each round. Both sides of a round met the same noise. */
export const medianRatio = (values, base) => median(values.map((value, round) => value / base[round]));

export const times = (ratio) => `${ratio.toFixed(2)} x`;

/** Rows of texts, in columns: the first to the left, the others to the right. */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const cell = (text, column) => (column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column]));
  return rows.map((row) => `${row.map(cell).join('  ')}\n`).join('');
}

/** One aim, and whether it was met. */
export function aim(text, value, met) {
  return `${met ? 'met   ' : 'MISSED'}  ${text}: ${value}\n`;
}
