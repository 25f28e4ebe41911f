import { withoutSecrets } from '../findings/redact.ts';
import { FINDINGS } from '../findings/table.ts';
import type { Fix } from '../findings/types.ts';
import { cleanText } from './clean-text.ts';
import { findMatches, type Match } from './find-matches.ts';
import { fitFixes } from './fit-fixes.ts';
import type { Explanation } from './types.ts';

/**
 * What a pasted text of a browser, a client or a server means.
 * @returns each error once, in the order of the text; empty where nothing is understood.
 */
export function explain(text: string): readonly Explanation[] {
  const explanations: Explanation[] = [];
  for (const match of findMatches(cleanText(text))) {
    const explanation = explainMatch(match);
    const at = explanations.findIndex((before) => isSame(before, explanation));
    const before = explanations[at];
    if (before === undefined) explanations.push(explanation);
    else explanations[at] = merge(before, explanation);
  }
  return explanations;
}

/** One error, unless the two texts name different headers or methods. */
function isSame(one: Explanation, other: Explanation): boolean {
  if (one.name !== other.name) return false;
  return ['header', 'method'].every((parameter) => {
    const [here, there] = [one.parameters[parameter], other.parameters[parameter]];
    return here === undefined || there === undefined || here.toLowerCase() === there.toLowerCase();
  });
}

/** Two texts about one error: the first one's words, and whatever the second one knows beyond them. */
function merge(first: Explanation, second: Explanation): Explanation {
  return {
    ...first,
    reason: first.reason ?? second.reason,
    parameters: { ...second.parameters, ...first.parameters },
    count: first.count + second.count,
  };
}

function explainMatch({ pattern, text, parameters: found }: Match): Explanation {
  const { preflight, target, ...rest } = found;
  const parameters = withHost(target === undefined ? rest : { url: target, ...rest });
  const code = typeof pattern.says === 'string' ? pattern.says : null;
  const kind = typeof pattern.says === 'string' ? FINDINGS[pattern.says] : pattern.says;
  const fixes = [...(pattern.fixes ?? []), ...kind.fixes];
  return {
    code,
    name: kind.name,
    severity: kind.severity,
    client: pattern.client,
    title: kind.title,
    cause: pattern.note === undefined ? kind.cause : `${kind.cause} ${pattern.note}`,
    reason: reasonOf(pattern.reason, preflight !== undefined),
    fixes: fitFixes(ownClientFirst(fixes, pattern.client), code, parameters),
    source: pattern.source,
    matched: withoutSecrets(text),
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, withoutSecrets(value)]),
    ),
    count: 1,
  };
}

/** Chromium names the access checks of a preflight differently; the text has it in a sentence before. */
function reasonOf(reason: string | undefined, onPreflight: boolean): string | null {
  if (reason === undefined) return null;
  return onPreflight && !reason.includes('Preflight') ? `Preflight${reason}` : reason;
}

function withHost(parameters: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { url, host } = parameters;
  if (url === undefined || host !== undefined || !URL.canParse(url)) return parameters;
  return { ...parameters, host: new URL(url).hostname };
}

function ownClientFirst(fixes: readonly Fix[], client: string): readonly Fix[] {
  return [...fixes.filter(({ place }) => place === client), ...fixes.filter(({ place }) => place !== client)];
}
