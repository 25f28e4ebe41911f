export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Bytes that the text takes in a page. */
export function escapedSize(text: string): number {
  return Buffer.byteLength(escapeHtml(text));
}

/** The beginning of a text that takes at most so many bytes in a page; cut where it has to be, and then it says so. */
export function fit(text: string, bytes: number): string {
  // No character takes less than a byte, so that the rest of a long text need not be looked at.
  const start = text.slice(0, bytes);
  if (start.length === text.length && escapedSize(text) <= bytes) return text;
  let kept = '';
  let room = bytes - Buffer.byteLength(CUT);
  for (const character of start) {
    room -= escapedSize(character);
    if (room < 0) break;
    kept += character;
  }
  return kept + CUT;
}

const CUT = '…';
