// The proxies that are compared: all of them with one certificate, in front of one upstream on this machine.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort, run, start, untilListening } from './processes.mjs';

export const HOST = 'example.com';
export const bin = fileURLToPath(new URL('../../bin/jwt-dev.js', import.meta.url));

/** What a program sees of the machine: nothing of the home and the settings of whoever runs the bench. */
const environment = (directory, more = {}) => ({ PATH: process.env.PATH, HOME: directory, ...more });
const ownEnvironment = (directory) =>
  environment(directory, { JWT_DEV_HOME: path.join(directory, 'jwt-dev-home') });

/** Makes a CA and a certificate with `jwt-dev certs`; the files, absolute. */
export async function makeCertificates(directory) {
  const target = path.join(directory, 'certs');
  await run(process.execPath, [bin, 'certs', '--export', target, '--json'], {
    cwd: directory,
    env: ownEnvironment(directory),
  });
  const file = (name) => path.join(target, name);
  return { ca: file('ca.pem'), chain: file('chain.pem'), key: file('key.pem') };
}

/** `jwt-dev up` as users start it. `config`: what stands in jwt-dev.config.json. */
export async function startOurs({ directory, node = process.execPath, frontend, config }) {
  const project = path.join(directory, `project-${await freePort()}`);
  mkdirSync(project);
  if (config !== undefined) writeFileSync(path.join(project, 'jwt-dev.config.json'), JSON.stringify(config));
  const args = ['up', '--json', '--https-port', '0', '--http-port', 'none'];
  if (frontend !== undefined) args.push('--frontend', String(frontend));
  const child = start(node, [bin, ...args], { cwd: project, env: ownEnvironment(directory) });
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line);
    if (event.event === 'ready') return { pid: child.pid, port: event.httpsPort, ready: event, child };
  }
  throw new Error(`jwt-dev up is not ready:\n${child.log}`);
}

export async function startCaddy({ directory, certificates, upstream }) {
  const port = await freePort();
  const file = path.join(directory, 'Caddyfile');
  writeFileSync(
    file,
    `{
  admin off
  auto_https off
  servers {
    protocols h1 h2
  }
}
https://${HOST}:${port} {
  bind 127.0.0.1
  tls ${certificates.chain} ${certificates.key}
  reverse_proxy 127.0.0.1:${upstream}
}
`,
  );
  const child = start('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], {
    env: environment(directory),
  });
  await untilListening(child, port);
  return { pid: child.pid, port, child };
}

const NGINX_HEAD = (directory, workers) => `
daemon off;
worker_processes ${workers};
pid ${directory}/nginx.pid;
error_log stderr crit;
events { worker_connections 4096; }
`;

export async function startNginx({ directory, certificates, upstream }) {
  const port = await freePort();
  const child = await nginx(
    path.join(directory, 'nginx-proxy'),
    'auto',
    `
  upstream frontend { server 127.0.0.1:${upstream}; keepalive 256; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port} ssl http2;
    server_name ${HOST};
    keepalive_requests 100000000;
    ssl_certificate ${certificates.chain};
    ssl_certificate_key ${certificates.key};
    location / {
      proxy_pass http://frontend;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }`,
  );
  await untilListening(child, port);
  return { pid: child.pid, port, child };
}

/** The upstream: answers of 1 KB over kept-alive connections. `port` speaks HTTP/1.1, `http2Port` HTTP/2. */
export async function startUpstream({ directory }) {
  const [port, http2Port] = [await freePort(), await freePort()];
  const server = (listen) => `
  server {
    listen 127.0.0.1:${listen};
    keepalive_requests 100000000;
    location / { default_type text/plain; return 200 "${'x'.repeat(1024)}"; }
  }`;
  const child = await nginx(
    path.join(directory, 'nginx-upstream'),
    1,
    server(port) + server(`${http2Port} http2`),
  );
  await untilListening(child, port);
  return { pid: child.pid, port, http2Port, child };
}

async function nginx(directory, workers, servers) {
  mkdirSync(directory);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `  ${kind}_temp_path ${directory}/${kind};\n`)
    .join('');
  const file = path.join(directory, 'nginx.conf');
  writeFileSync(
    file,
    `${NGINX_HEAD(directory, workers)}http {\n  access_log off;\n${temporary}${servers}\n}\n`,
  );
  return start('nginx', ['-p', directory, '-e', 'stderr', '-c', file]);
}

export const PORTLESS_VERSION = '0.15.6';

/** portless from the registry, on a Node of at least version 24; with our certificate it asks for no trust. */
export async function startPortless({ directory, certificates, upstream, node }) {
  const home = path.join(directory, 'portless');
  mkdirSync(home);
  writeFileSync(path.join(home, 'package.json'), '{"private":true}');
  await run('npm', ['install', '--no-audit', '--no-fund', '--silent', `portless@${PORTLESS_VERSION}`], {
    cwd: home,
    env: { ...process.env },
  });
  const program = path.join(home, 'node_modules', 'portless', 'dist', 'cli.js');
  const port = await freePort();
  const env = environment(home, {
    PATH: `${path.dirname(node)}:${process.env.PATH}`,
    PORTLESS_STATE_DIR: path.join(home, 'state'),
    PORTLESS_SYNC_HOSTS: '0',
    PORTLESS_TLD: 'com',
    PORTLESS_PORT: String(port),
    CI: '1',
  });
  const { chain, key } = certificates;
  const proxy = ['proxy', 'start', '--foreground', '--skip-trust', '--tld', 'com', '-p', String(port)];
  const child = start(node, [program, ...proxy, '--cert', chain, '--key', key], { cwd: home, env });
  await untilListening(child, port);
  await run(node, [program, 'alias', HOST.replace(/\.com$/, ''), String(upstream)], { cwd: home, env });
  return { pid: child.pid, port, child };
}
