import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ConstitutionError } from '../core/errors.ts';

/** As in `environments/<name>.yaml`: a name with a version, no address and no option of an installer. */
const REQUIREMENT = /^[A-Za-z0-9][A-Za-z0-9._-]*\s*(\[[^\]]*\])?\s*([<>=!~][^@\n]*|;.*)?$/;
const PYTEST = 'pytest>=7';

/**
 * What a suite needs beside DSPy: pytest, and what it says itself. DSPy is left out, for its version is the environment's.
 *
 * @param named As a person names them; `-r <file>` stands for the lines of a file of the suite.
 * @throws ConstitutionError CX-CONFIG-INVALID for a line that is not the name of a package, CX-CONFIG-MISSING for a file.
 */
export async function suiteRequirements(folder: string, named: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  for (const line of named) {
    const file = /^-r\s+(\S+)$/.exec(line.trim())?.[1];
    lines.push(...(file === undefined ? [required(line, 1, null)] : await linesOf(folder, file)));
  }
  const wanted = lines.filter((line) => !/^dspy(-ai)?$/.test(nameOf(line)));
  return wanted.some((line) => nameOf(line) === 'pytest') ? wanted : [PYTEST, ...wanted];
}

async function linesOf(folder: string, file: string): Promise<string[]> {
  const text = await readFile(path.resolve(folder, file), 'utf8').catch((cause: unknown) => {
    throw new ConstitutionError('CX-CONFIG-MISSING', 'the requirements of the suite cannot be read', {
      place: { file },
      cause,
    });
  });
  return text.split('\n').flatMap((line, index) => {
    const said = line.replace(/(^|\s)#.*$/, '').trim();
    return said === '' ? [] : [required(said, index + 1, file)];
  });
}

function required(text: string, line: number, file: string | null): string {
  const said = text.trim();
  if (REQUIREMENT.test(said)) return said;
  throw new ConstitutionError('CX-CONFIG-INVALID', `"${said}" is not the name of a package with a version`, {
    ...(file === null ? {} : { place: { file, line } }),
    hint: 'Name packages of an index, as in "httpx==0.28.1"; the suite itself need not be installed.',
  });
}

function nameOf(requirement: string): string {
  return (/^[A-Za-z0-9._-]+/.exec(requirement)?.[0] ?? '').toLowerCase().replace(/[-_.]+/g, '-');
}
