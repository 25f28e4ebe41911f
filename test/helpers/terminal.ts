import { type ChildProcess, spawn } from 'node:child_process';

/** Runs a program on a terminal of its own (Node cannot make one) and passes bytes both ways. */
const PTY = `
import os, pty, select, sys
pid, master = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
inputs = [master, 0]
while True:
    for source in select.select(inputs, [], [])[0]:
        try:
            data = os.read(source, 4096)
        except OSError:
            data = b''
        if source == master and not data:
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        if source == 0 and not data:
            inputs.remove(0)
        else:
            os.write(1 if source == master else master, data)
`;

export interface Terminal {
  readonly child: ChildProcess;
  /** Everything shown so far. */
  readonly screen: () => string;
  readonly type: (text: string) => void;
  readonly exitCode: Promise<number | null>;
}

export function openTerminal(
  command: readonly string[],
  options: { readonly cwd: string; readonly env: Record<string, string> },
): Terminal {
  const child = spawn('python3', ['-c', PTY, ...command], { ...options, stdio: ['pipe', 'pipe', 'inherit'] });
  let screen = '';
  child.stdout.on('data', (chunk: Buffer) => {
    screen += chunk.toString();
  });
  return {
    child,
    screen: () => screen,
    type: (text) => void child.stdin.write(text),
    exitCode: new Promise((resolve) => child.once('close', resolve)),
  };
}
