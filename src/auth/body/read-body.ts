import type { IncomingMessage } from 'node:http';
import { type MediaType, mediaTypeMatches, parseMediaType } from '../http/media-type.ts';
import { ApiProblem, OversizedRequest, parseError } from '../problems.ts';
import { decodeText, UndecodableError } from './charset.ts';
import { MAX_FORM_FIELDS, parseForm } from './form.ts';
import { parseMultipart } from './multipart.ts';
import { PythonJsonError, parsePythonJson } from './python-json.ts';
import type { Body } from './values.ts';

/** DATA_UPLOAD_MAX_MEMORY_SIZE of Django. No request of this API is near it. */
export const MAX_BODY_BYTES = 2_621_440;

/** The parsers, in the order in which OPTIONS lists them. */
export const PARSED_TYPES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
] as const;

type Parser = (bytes: Buffer, header: string, type: MediaType) => Body | Promise<Body>;

const PARSERS: Readonly<Record<(typeof PARSED_TYPES)[number], Parser>> = {
  'application/json': (bytes, _header, type) => ({ form: false, value: parseJson(bytes, type) }),
  'application/x-www-form-urlencoded': (bytes, _header, type) => {
    const fields = parseForm(decodeForm(bytes, type));
    if (fields === undefined) throw new OversizedRequest(`The form has more than ${MAX_FORM_FIELDS} fields.`);
    return { form: true, value: fields };
  },
  'multipart/form-data': async (bytes, header, type) => ({
    form: true,
    value: await parseMultipart(bytes, header, type),
  }),
};

/**
 * Reads and parses the body by its content type.
 * @throws ApiProblem 400 (not readable), 413 (too large), 415 (no parser for that type).
 */
export async function readBody(request: IncomingMessage): Promise<Body> {
  const header = request.headers['content-type'] ?? '';
  const type = parseMediaType(header);
  const bytes = await readBytes(request, MAX_BODY_BYTES);
  const parser = PARSED_TYPES.find((offered) => mediaTypeMatches(offered, type));
  if (bytes.length === 0) {
    const form = parser === 'application/x-www-form-urlencoded' || parser === 'multipart/form-data';
    return { form, value: new Map() };
  }
  if (parser === undefined) {
    throw new ApiProblem(415, { detail: `Unsupported media type "${header}" in request.` });
  }
  return PARSERS[parser](bytes, header, type);
}

/** Django falls back to Latin-1 where a form is not in the encoding that it claims. */
function decodeForm(bytes: Buffer, type: MediaType): string {
  try {
    return decodeText(bytes, type);
  } catch (error) {
    if (error instanceof UndecodableError) return bytes.toString('latin1');
    throw error;
  }
}

function parseJson(bytes: Buffer, type: MediaType): Body['value'] {
  try {
    return parsePythonJson(decodeText(bytes, type));
  } catch (error) {
    if (error instanceof PythonJsonError || error instanceof UndecodableError) {
      throw parseError(`JSON parse error - ${error.message}`);
    }
    throw error;
  }
}

async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit)
    throw new OversizedRequest(`The body is larger than ${limit} bytes.`);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) throw new OversizedRequest(`The body is larger than ${limit} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
