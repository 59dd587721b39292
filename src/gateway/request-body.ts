import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { Json, JsonObject } from '../core/json.ts';
import { isTooDeep, MAX_DEPTH } from './json-depth.ts';
import { RequestRefused } from './openai-error.ts';

const DECODERS = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const;

/** A request's JSON object, and the text it was parsed from. */
export interface RequestBody {
  readonly text: string;
  readonly json: JsonObject;
}

/**
 * Reads and parses the body of a request, compressed or not.
 *
 * @param maxBytes limit before and after decompression
 * @throws RequestRefused 413 beyond the limit, 415 for an unknown encoding, 400 where it is not a JSON object
 */
export async function readRequestBody(incoming: IncomingMessage, maxBytes: number): Promise<RequestBody> {
  const text = (await decode(await readBytes(incoming, maxBytes), incoming, maxBytes)).toString('utf8');
  const json = parse(text);
  if (json === null || typeof json !== 'object' || Array.isArray(json)) {
    throw new RequestRefused(400, 'the body of a request must be a JSON object');
  }
  if (isTooDeep(json)) {
    throw new RequestRefused(400, `the body of a request may nest ${MAX_DEPTH} levels at most`);
  }
  return { text, json };
}

async function readBytes(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooLarge = () => new RequestRefused(413, `a request may have ${maxBytes} bytes at most`);
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    incoming.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) chunks.push(chunk);
      else {
        // what follows is read and dropped by the server, so that the client gets to read the refusal
        incoming.removeAllListeners('data');
        reject(tooLarge());
      }
    });
    incoming.on('end', () => resolve(Buffer.concat(chunks)));
    incoming.on('error', (cause) => reject(new RequestRefused(400, 'the request ended early', { cause })));
  });
}

async function decode(bytes: Buffer, incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const encoding = (incoming.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity') return bytes;
  if (!Object.hasOwn(DECODERS, encoding)) {
    throw new RequestRefused(415, `a request may be encoded as gzip, deflate or br, not as "${encoding}"`);
  }
  try {
    return await DECODERS[encoding as keyof typeof DECODERS](bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new RequestRefused(413, `a request may have ${maxBytes} bytes at most`, { cause });
    }
    throw new RequestRefused(400, `the body of the request is not valid ${encoding} data`, { cause });
  }
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new RequestRefused(400, `the body of the request is not JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
}
