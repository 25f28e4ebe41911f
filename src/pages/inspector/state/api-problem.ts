/** Why the control server did not do what it was asked to. */
export class ApiProblem extends Error {
  /** 0: there was no answer. */
  readonly status: number;
  readonly code: string;
  /** What to do about it. */
  readonly advice: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = code;
    this.advice = adviceFor(status);
  }
}

/** @param cause whatever was thrown while asking. */
export function asProblem(cause: unknown): ApiProblem {
  if (cause instanceof ApiProblem) return cause;
  return new ApiProblem(0, 'NO_ANSWER', 'The environment does not answer.');
}

/** The server's own words where it has some: `{ error: { code, message } }`. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const said = wordsOf(await response.text());
  const message = said?.message ?? `The environment answered ${response.status}.`;
  return new ApiProblem(response.status, said?.code ?? '', message);
}

function wordsOf(text: string): { readonly code: string; readonly message: string } | undefined {
  try {
    const answer = JSON.parse(text) as { error?: { code: string; message: string } } | null;
    return answer?.error;
  } catch (error) {
    // Something else than our control server answers on that port.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function adviceFor(status: number): string {
  switch (status) {
    case 0:
      return 'Ask `jwt-dev status` whether it runs; `jwt-dev up` starts it again.';
    case 401:
      return 'The address is of another run. `jwt-dev open --inspector` opens the one of now.';
    case 403:
      return 'Open the page by the very address that `jwt-dev status` prints.';
    case 404:
      return 'It may have been cleared, or let go of to make room for newer ones.';
    default:
      return '`jwt-dev logs` may say more, where the environment was started with --detach.';
  }
}
