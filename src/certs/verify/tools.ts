import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findProgram } from '../../system/programs.ts';
import { CLIENT_TIMEOUT_MS, definedEnv, type VerifyClient, type VerifyWorld } from './client.ts';

/** The command-line clients. Each finds the name on loopback by its own means, so that no hosts entry is needed. */

export const curl: VerifyClient = {
  id: 'curl',
  label: 'curl',
  find: (world) => plainProgram(['curl'], world),
  connect: (program, { hostname, port, url }, world) =>
    world.run(
      program,
      ['--silent', '--show-error', '--noproxy', '*', '--resolve', `${hostname}:${port}:127.0.0.1`, url],
      { timeoutMs: CLIENT_TIMEOUT_MS, env: definedEnv(world.env) },
    ),
};

const PYTHON_SCRIPT = `
import socket, ssl, sys
hostname, port, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
context = ssl.create_default_context()
context.verify_flags |= ssl.VERIFY_X509_STRICT
with socket.create_connection(("127.0.0.1", port), timeout=30) as plain:
    with context.wrap_socket(plain, server_hostname=hostname) as tls:
        tls.sendall(f"GET {path} HTTP/1.1\\r\\nHost: {hostname}:{port}\\r\\nConnection: close\\r\\n\\r\\n".encode())
        tls.recv(1)
`;

export const python: VerifyClient = {
  id: 'python',
  label: 'Python (VERIFY_X509_STRICT)',
  find: (world) => plainProgram(['python3', 'python'], world),
  connect: (program, { hostname, port, url }, world) =>
    world.run(program, ['-c', PYTHON_SCRIPT, hostname, String(port), new URL(url).pathname], {
      timeoutMs: CLIENT_TIMEOUT_MS,
      env: definedEnv(world.env),
    }),
};

const NODE_SCRIPT = `
const { argv: [, url] } = process;
const lookup = (name, options, done) => options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);
require('node:https').get(url, { lookup }, (response) => response.resume()).on('error', (error) => {
  console.error(\`Error: \${error.message}\`);
  process.exitCode = 1;
});
`;

const SYSTEM_CA_FLAG = '--use-system-ca';

/** Node has its own list of roots; since 22.15 it reads the system's as well where it is told to. */
export const node: VerifyClient = {
  id: 'node',
  label: 'Node',
  find: async (world) => {
    const program = await findProgram(executable('node', world), world);
    if (program === undefined) return { program: null, why: 'it is not installed' };
    const condition = (await knowsSystemCa(program, world)) ? SYSTEM_CA_FLAG : 'NODE_EXTRA_CA_CERTS';
    return { program, condition: `with ${condition}` };
  },
  connect: async (program, { url, caFile }, world) => {
    const system = await knowsSystemCa(program, world);
    return world.run(program, [...(system ? [SYSTEM_CA_FLAG] : []), '-e', NODE_SCRIPT, url], {
      timeoutMs: CLIENT_TIMEOUT_MS,
      env: definedEnv(world.env, system ? {} : { NODE_EXTRA_CA_CERTS: caFile }),
    });
  },
};

async function knowsSystemCa(program: string, world: VerifyWorld): Promise<boolean> {
  const { exitCode } = await world.run(program, [SYSTEM_CA_FLAG, '-e', '0'], { env: definedEnv(world.env) });
  return exitCode === 0;
}

const JAVA_SOURCE = `
import java.io.InputStream;
import java.net.URI;

public class Probe {
  public static void main(String[] args) throws Exception {
    try (InputStream body = URI.create(args[0]).toURL().openStream()) {
      body.readAllBytes();
    }
  }
}
`;

export const java: VerifyClient = {
  id: 'java',
  label: 'Java',
  find: async (world) => {
    const found = await plainProgram(['java'], world);
    if (found.program === null) return found;
    // Running a source file needs the compiler module, which a plain runtime lacks (JEP 330).
    const modules = await world.run(found.program, ['--list-modules'], { env: definedEnv(world.env) });
    return modules.stdout.includes('jdk.compiler')
      ? found
      : { program: null, why: 'it has no compiler (a JDK is needed)' };
  },
  connect: async (program, { hostname, url, scratchDir }, world) => {
    const source = path.join(scratchDir, 'Probe.java');
    const hosts = path.join(scratchDir, 'hosts');
    await writeFile(source, JAVA_SOURCE);
    await writeFile(hosts, `127.0.0.1 ${hostname}\n`);
    return world.run(program, [`-Djdk.net.hosts.file=${hosts}`, source, url], {
      timeoutMs: CLIENT_TIMEOUT_MS,
      env: definedEnv(world.env),
    });
  },
};

async function plainProgram(
  names: readonly string[],
  world: VerifyWorld,
): Promise<{ program: string; condition: null } | { program: null; why: string }> {
  for (const name of names) {
    const program = await findProgram(executable(name, world), world);
    if (program !== undefined) return { program, condition: null };
  }
  return { program: null, why: 'it is not installed' };
}

function executable(name: string, { platform }: VerifyWorld): string {
  return platform === 'win32' ? `${name}.exe` : name;
}
