/** `token_not_valid`, `ERR_TOKEN_EXPIRED`. */
export const ERROR_WORD = /^(?:[a-z]+(?:_[a-z]+)+|[A-Z]+(?:_[A-Z]+)+)$/;

/** A sentence about a field, as backends write them into lists. */
export const SENTENCE = /^\p{Lu}[^=]* [^=]*[.!?]$/u;

/** What error messages are made of. Words that nobody has for a password, but for those who have `password`. */
const WORDS: ReadonlySet<string> = new Set(
  `a about above again all allowed already also an and any are as at be been before below between blank but by can cannot
  case character characters chars check choose code common confirm confirmation contain contains correct credentials
  current did didn't different digit digits do does doesn't don't either email empty ensure enter entirely error expired
  failed field fields first for format found from given greater had has have if in incorrect invalid is it its
  key last least less letter letters like long longer lowercase match matches matching maximum may minimum missing
  more most must name new no not null number numbers numeric of old on one only or other own password passwords
  personal please previous provide provided recently required reset same session short should similar special
  string symbol symbols than that the these they this to token tokens too try two unable uppercase use used
  user username valid value was weak were with without wrong you your`.split(/\s+/),
);

/** Whether it says nothing but what error messages say, numbers such as a length included. */
export function isErrorText(text: string): boolean {
  if (text.length > LONGEST) return false;
  const words =
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[^\s.,;:!?()]+/g) ?? [];
  return words.length > 0 && words.every((word) => /^\d{1,3}$/.test(word) || WORDS.has(word));
}

const LONGEST = 300;
