import type { MediaType } from '../http/media-type.ts';
import { parseError } from '../problems.ts';
import type { BodyMapping, BodyValue } from './values.ts';

/**
 * Reads multipart/form-data with the platform's own parser. A body without a single part in it is an empty
 * form, as for Django.
 * @throws ApiProblem 400 where the content type names no usable boundary.
 */
export async function parseMultipart(
  bytes: Uint8Array,
  header: string,
  type: MediaType,
): Promise<BodyMapping> {
  const boundary = type.parameters.get('boundary');
  // RFC 2046, section 5.1.1: at most 70 characters of a small set.
  if (boundary === undefined || !/^[\x20-\x7e]{0,200}[\x21-\x7e]$/.test(boundary)) {
    throw parseError(`Multipart form parse error - Invalid boundary in multipart: ${boundary ?? 'None'}`);
  }
  const fields = new Map<string, BodyValue>();
  const response = new Response(Buffer.from(bytes), { headers: { 'content-type': header } });
  let form: FormData;
  try {
    form = await response.formData();
  } catch (error) {
    if (error instanceof TypeError) return fields;
    throw error;
  }
  for (const [name, value] of form) {
    fields.set(name, typeof value === 'string' ? value : { kind: 'file', name: value.name });
  }
  return fields;
}
