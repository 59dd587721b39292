import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../config/package-root.ts';
import { sha256 } from '../core/json.ts';

/** A suite of a project of others, with tests that pass, fail, hang and depend on the version. */
export const SERVICE = path.join(packageRoot(), 'src/pytest/testdata/service');

/**
 * What becomes of it from 2.6.27 to 3.0.1, in the order of its tests: the id without the folder of all tests, how it changes,
 * whether that is worse or fails in both, and what it comes to in the later version.
 */
export const SERVICE_ROWS: readonly [string, string, 'well' | 'worse' | 'failing', string | null][] = [
  ['unit/test_old_import.py', 'broken', 'worse', 'error'],
  ['test_prompts.py::test_fields', 'same', 'well', 'passed'],
  ['test_prompts.py::test_shortened[a short one-a short one]', 'same', 'well', 'passed'],
  ['test_prompts.py::test_shortened[one that is too long-one that is\\u2026]', 'same', 'well', 'passed'],
  ['test_prompts.py::test_base_class', 'broken', 'worse', 'failed'],
  ['test_prompts.py::test_result_is_an_object', 'fixed', 'well', 'passed'],
  ['test_prompts.py::test_limit_of_zero', 'same', 'failing', 'failed'],
  ['test_prompts.py::test_hangs', 'same', 'failing', 'timeout'],
  ['test_prompts.py::test_after_the_one_that_hangs', 'same', 'well', 'passed'],
  ['test_prompts.py::test_old_settings', 'missing', 'well', 'skipped'],
  ['test_prompts.py::test_undecided', 'same', 'well', 'xfailed'],
  ['unit/test_old_import.py::test_module', 'missing', 'worse', null],
  ['test_prompts.py::test_new_type', 'new', 'well', 'passed'],
];

/** SHA-256 by path of every file below a folder. */
export async function hashesOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const hashes = files
    .sort()
    .map(async (file) => [path.relative(folder, file), sha256(await readFile(file, 'latin1'))] as const);
  return Object.fromEntries(await Promise.all(hashes));
}
