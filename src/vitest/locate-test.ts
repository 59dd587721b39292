import { locateInSource, type SourcePlace } from '../core/locate-in-source.ts';

/** Where a test stands in its file; null where the file cannot be read or does not spell the name out. */
export function locateTest(filepath: string, name: string): SourcePlace | null {
  try {
    const { readFileSync } = process.getBuiltinModule('node:fs');
    return locateInSource(readFileSync(filepath, 'utf8'), name);
  } catch {
    return null;
  }
}
