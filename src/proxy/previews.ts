import { type BodyPreview, createBodyPreview } from './body-preview.ts';
import type { Downstream } from './downstream.ts';
import type { BodyTap } from './forward.ts';
import type { ExchangeRecord } from './observe.ts';

export interface PreviewSettings {
  /** Whether the bodies of this exchange are to be kept as they begin. */
  readonly previews: () => boolean;
}

// Previews stand in the record from the beginning: whatever ends the exchange, what was seen by then is there.

/** undefined: there is nothing to see, or nobody wants to. */
export function requestPreview(
  client: Downstream,
  record: ExchangeRecord,
  { previews }: PreviewSettings,
): BodyPreview | undefined {
  if (client.body === null || !previews()) return undefined;
  const preview = createBodyPreview(client.headers);
  record.requestBody = preview ?? null;
  return preview;
}

/** RFC 9110, section 6.4.1: what has no body whatever its header section says. */
export function answerPreview(
  client: Downstream,
  record: ExchangeRecord,
  { previews }: PreviewSettings,
): BodyPreview | undefined {
  if (client.method === 'HEAD' || record.status === 204 || record.status === 304 || !previews())
    return undefined;
  const preview = createBodyPreview(record.responseHeaders);
  record.responseBody = preview ?? null;
  return preview;
}

/** undefined: the body passes untouched. */
export function tapPreview(tap: BodyTap | undefined, preview: BodyPreview | undefined): BodyTap | undefined {
  if (preview === undefined) return tap;
  return (chunk) => {
    tap?.(chunk);
    if (chunk !== null) preview.see(chunk);
  };
}
