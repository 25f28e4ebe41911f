import type { CheckReport, CheckStep } from './types.ts';

/** The page as it shows a check: made of nodes, never of HTML text. */
export interface View {
  /** The lines that are to come, in order. */
  readonly plan: (steps: readonly Pick<CheckStep, 'id' | 'title'>[]) => void;
  readonly begin: (id: string) => void;
  readonly show: (step: CheckStep) => void;
  /** The sentence above the table. */
  readonly say: (text: string, state: 'running' | 'passed' | 'failed') => void;
  /** Offers the report. */
  readonly offer: (report: CheckReport) => void;
}

const WORDS = { pass: 'Pass', fail: 'Fail', info: 'Note', skip: 'Skipped' } as const;

export function createView(): View {
  const [body, says, progress] = [
    part('steps', HTMLElement),
    part('overall', HTMLElement),
    part('progress', HTMLProgressElement),
  ];
  const rows = new Map<string, Row>();
  return {
    plan: (steps) => {
      for (const { id, title } of steps) {
        const row = createRow(title);
        rows.set(id, row);
        body.append(row.element);
      }
      progress.max = steps.length;
    },
    begin: (id) => rows.get(id)?.set('running', 'Running', []),
    show: ({ id, status, detail, fix, code }) => {
      const more = fix === undefined ? [] : [hint(fix, code)];
      rows.get(id)?.set(status, WORDS[status], [paragraph(detail), ...more]);
      progress.value += 1;
    },
    say: (text, state) => {
      says.textContent = text;
      document.body.dataset['state'] = state;
      progress.hidden = state !== 'running';
    },
    offer: (report) => offerReport(`${JSON.stringify(report, null, 2)}\n`),
  };
}

/** The template has it. */
function part<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.querySelector(`#${id}`);
  if (!(found instanceof kind)) throw new Error(`There is no #${id} in the page.`);
  return found;
}

interface Row {
  readonly element: HTMLTableRowElement;
  readonly set: (status: string, word: string, content: readonly HTMLElement[]) => void;
}

function createRow(title: string): Row {
  const element = document.createElement('tr');
  const [result, seen] = [document.createElement('td'), document.createElement('td')];
  const name = document.createElement('th');
  name.scope = 'row';
  name.textContent = title;
  const badge = document.createElement('span');
  badge.className = 'badge';
  result.append(badge);
  element.append(result, name, seen);
  const set: Row['set'] = (status, word, content) => {
    element.dataset['status'] = status;
    badge.textContent = word;
    seen.replaceChildren(...content);
  };
  set('waiting', 'Waiting', []);
  return { element, set };
}

function paragraph(text: string): HTMLElement {
  const element = document.createElement('p');
  element.textContent = text;
  return element;
}

function hint(fix: string, code: string | undefined): HTMLElement {
  const element = paragraph('');
  element.className = 'fix';
  const head = document.createElement('strong');
  head.textContent = code === undefined ? 'What to do: ' : `${code}: `;
  element.append(head, fix);
  return element;
}

const REPORT_FILE = 'jwt-dev-browser-check.json';

function offerReport(text: string): void {
  const said = part('said', HTMLElement);
  part('report', HTMLElement).textContent = text;
  part('report-details', HTMLElement).hidden = false;
  const copy = part('copy', HTMLButtonElement);
  const download = part('download', HTMLButtonElement);
  copy.disabled = download.disabled = false;
  copy.addEventListener('click', () => {
    navigator.clipboard.writeText(text).then(
      () => {
        said.textContent = 'The report is in the clipboard.';
      },
      () => selectReport(said),
    );
  });
  download.addEventListener('click', () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    link.download = REPORT_FILE;
    link.click();
    URL.revokeObjectURL(link.href);
    said.textContent = `${REPORT_FILE} is among the downloads.`;
  });
}

/** Where a browser does not let the page write to the clipboard, its reader can. */
function selectReport(said: HTMLElement): void {
  part('report-details', HTMLDetailsElement).open = true;
  getSelection()?.selectAllChildren(part('report', HTMLElement));
  said.textContent = 'The browser does not allow it; the report is selected, so copy it from there.';
}
