import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { ConstitutionError } from '../../core/errors.ts';

/** Bytes that one environment takes: 535 MB of packages, 45 MB of bytecode, and room for downloads. */
export const ENVIRONMENT_BYTES = 750 * 1024 * 1024;

/** Bytes free for an ordinary user on the file system of a folder, or of its nearest existing parent. */
export async function freeDisk(folder: string): Promise<number> {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    try {
      const { bavail, bsize } = await statfs(at);
      return bavail * bsize;
    } catch (cause) {
      if (path.dirname(at) === at) {
        throw new ConstitutionError('CX-ENV-DISK', `the free space for ${folder} cannot be read`, { cause });
      }
    }
  }
}

/** @throws ConstitutionError CX-ENV-DISK where `count` environments do not fit. */
export async function requireDisk(
  folder: string,
  count: number,
  bytesEach = ENVIRONMENT_BYTES,
): Promise<void> {
  const free = await freeDisk(folder);
  const needed = count * bytesEach;
  if (free >= needed) return;
  throw new ConstitutionError(
    'CX-ENV-DISK',
    `${count} Python environment${count === 1 ? '' : 's'} need ${megabytes(needed)} MB of disk, ${megabytes(free)} MB are free`,
    {
      hint: 'Free some space, or remove environments no longer declared with "vitest-constitution env clean".',
      details: { needed, free },
    },
  );
}

export function megabytes(bytes: number): number {
  return Math.floor(bytes / 1024 / 1024);
}
