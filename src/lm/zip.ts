import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { ConstitutionError } from '../core/errors.ts';

const END_RECORD = 0x06054b50;
const CENTRAL_RECORD = 0x02014b50;
const LOCAL_HEADER_BYTES = 30;
/** The end record is 22 bytes and a comment of at most 65,535. */
const END_SEARCH_BYTES = 22 + 0xffff;

interface Entry {
  readonly deflated: boolean;
  readonly compressedBytes: number;
  readonly localHeader: number;
}

/**
 * Writes one entry of a zip archive to a file. Archives beyond 4 GiB, encrypted ones and methods other than
 * "stored" and "deflate" are refused. The content is not checked: the caller compares its hash.
 *
 * @throws ConstitutionError `CX-LM-FETCH` where the archive is not one, or has no such entry.
 */
export async function extractEntry(archive: string, name: string, destination: string): Promise<void> {
  const entry = await findEntry(archive, name);
  const handle = await open(archive);
  let start: number;
  try {
    const header = Buffer.alloc(LOCAL_HEADER_BYTES);
    await handle.read(header, 0, LOCAL_HEADER_BYTES, entry.localHeader);
    // The local header repeats the name and has its own extra field, whose length may differ from the directory's.
    start = entry.localHeader + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  } finally {
    await handle.close();
  }
  const content = createReadStream(archive, { start, end: start + entry.compressedBytes - 1 });
  try {
    if (entry.deflated) await pipeline(content, createInflateRaw(), createWriteStream(destination));
    else await pipeline(content, createWriteStream(destination));
  } catch (cause) {
    throw damaged(archive, `"${name}" cannot be unpacked`, cause);
  }
}

async function findEntry(archive: string, name: string): Promise<Entry> {
  const handle = await open(archive);
  try {
    const { size } = await handle.stat();
    const tail = Buffer.alloc(Math.min(size, END_SEARCH_BYTES));
    await handle.read(tail, 0, tail.length, size - tail.length);
    const signature = Buffer.alloc(4);
    signature.writeUInt32LE(END_RECORD);
    const end = tail.lastIndexOf(signature);
    if (end === -1 || end + 20 > tail.length) throw damaged(archive, 'it has no directory');
    const directory = Buffer.alloc(tail.readUInt32LE(end + 12));
    await handle.read(directory, 0, directory.length, tail.readUInt32LE(end + 16));
    const entry = searchDirectory(directory, name);
    if (entry === null) throw damaged(archive, `it has no "${name}"`);
    return entry;
  } finally {
    await handle.close();
  }
}

function searchDirectory(directory: Buffer, name: string): Entry | null {
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === CENTRAL_RECORD; ) {
    const nameBytes = directory.readUInt16LE(at + 28);
    const next = at + 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    if (directory.toString('utf8', at + 46, at + 46 + nameBytes) === name) {
      const encrypted = (directory.readUInt16LE(at + 8) & 1) !== 0;
      const method = directory.readUInt16LE(at + 10);
      if (encrypted || (method !== 0 && method !== 8)) return null;
      return {
        deflated: method === 8,
        compressedBytes: directory.readUInt32LE(at + 20),
        localHeader: directory.readUInt32LE(at + 42),
      };
    }
    at = next;
  }
  return null;
}

function damaged(archive: string, problem: string, cause?: unknown): ConstitutionError {
  return new ConstitutionError('CX-LM-FETCH', `The archive cannot be read: ${problem}.`, {
    place: { file: archive },
    hint: 'Fetch it again.',
    cause,
  });
}
