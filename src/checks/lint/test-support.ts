import { writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Writes a linter into a folder: it prints what `found.json` there holds as SARIF, and ends with 1 as linters do. */
export async function placeLinter(folder: string): Promise<string[]> {
  const program = path.join(folder, 'linter.mjs');
  await writeFile(
    program,
    `import { readFileSync } from 'node:fs';
const results = JSON.parse(readFileSync('found.json', 'utf8')).map(([uri, ruleId, startLine]) => ({
  ruleId,
  locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine } } }],
}));
console.log(JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: { name: 'strict' } }, results }] }));
process.exitCode = 1;
`,
  );
  return [process.execPath, program];
}

/** What the linter finds from now on. */
export function placeFound(
  folder: string,
  found: readonly [file: string, rule: string, line: number][],
): Promise<void> {
  return writeFile(path.join(folder, 'found.json'), JSON.stringify(found));
}
