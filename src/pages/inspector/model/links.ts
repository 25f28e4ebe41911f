/** A piece of a text; `href` where it is an address of the web. */
export interface TextPiece {
  readonly text: string;
  readonly href: string | null;
}

/** Cuts a text at the addresses in it. A full stop or bracket behind an address is not part of it. */
export function splitLinks(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const found of text.matchAll(/https?:\/\/[^\s<>"]+/g)) {
    const href = found[0].replace(/[.,;:!?)\]}']+$/, '');
    if (!URL.canParse(href)) continue;
    if (found.index > end) pieces.push({ text: text.slice(end, found.index), href: null });
    pieces.push({ text: href, href });
    end = found.index + href.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), href: null });
  return pieces;
}
