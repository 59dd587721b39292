import { locateInSource, type SourcePlace } from '../core/locate-in-source.ts';
import { readTestFile } from './read-test-file.ts';

/** Where a test stands in its file, by its full name; null where the file cannot be read or does not spell the name out. */
export function locateTest(filepath: string, name: string): SourcePlace | null {
  const source = readTestFile(filepath);
  return source === null ? null : locateInSource(source, name);
}
