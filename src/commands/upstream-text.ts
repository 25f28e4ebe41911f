import type { UpstreamConfig } from '../config/types.ts';

/** What answers for a host, in the words of the user who reads it. */
export function upstreamText(upstream: UpstreamConfig, isApi: boolean): string {
  switch (upstream.kind) {
    case 'bundled':
      return isApi ? 'the bundled auth API' : 'the demo page';
    case 'port':
      return `your server on port ${upstream.port}`;
    case 'url':
      return upstream.url;
    case 'command':
      return typeof upstream.command === 'string' ? upstream.command : upstream.command.join(' ');
    case 'static':
      return upstream.directory;
  }
}
