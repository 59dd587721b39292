/** Text of a file; null where it cannot be read. */
export function readTestFile(filepath: string): string | null {
  try {
    return process.getBuiltinModule('node:fs').readFileSync(filepath, 'utf8');
  } catch {
    return null;
  }
}
