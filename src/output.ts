import { styleText } from 'node:util';

/** stdout is the answer, stderr is the conversation. With `--json` stdout is only JSON. */
export interface Output {
  readonly json: boolean;
  /** Errors are shown with where they happened (JWT_DEV_DEBUG). */
  readonly debug: boolean;
  /** The command's answer: the value with `--json`, the text otherwise. */
  result(value: unknown, human: string): void;
  /** One step of a long-running command: one JSON object a line with `--json`, else the text (if any). */
  event(value: object, human?: string): void;
  /** The conversation: stderr. */
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  /** Text in a colour, where the stream of the answer shows colours. */
  style(format: TextStyle, text: string): string;
}

export type TextStyle = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

export interface OutputStreams {
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly colourOut: boolean;
  readonly colourError: boolean;
}

export function createOutput(streams: OutputStreams, json: boolean, debug = false): Output {
  const paint = (on: boolean, format: TextStyle, text: string): string =>
    on ? styleText(format, text, { validateStream: false }) : text;
  const line = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);
  return {
    json,
    debug,
    result: (value, human) => {
      if (json) streams.writeOut(`${JSON.stringify(value)}\n`);
      else if (human !== '') streams.writeOut(line(human));
    },
    event: (value, human) => {
      if (json) streams.writeOut(`${JSON.stringify(value)}\n`);
      else if (human !== undefined) streams.writeOut(line(human));
    },
    info: (text) => streams.writeError(line(text)),
    warn: (text) => streams.writeError(line(`${paint(streams.colourError, 'yellow', 'warning:')} ${text}`)),
    error: (text) => streams.writeError(line(`${paint(streams.colourError, 'red', 'error:')} ${text}`)),
    style: (format, text) => paint(streams.colourOut && !json, format, text),
  };
}

/**
 * Whether a stream gets colours: NO_COLOR (when not empty, no-color.org) beats
 * FORCE_COLOR beats whether it is a terminal.
 */
export function wantsColour(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}
