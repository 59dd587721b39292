import type { SuiteTest } from '../checks/check.ts';
import type { CollectedTest } from './collect.ts';
import type { CompiledArticle } from './provided.ts';
import { fileScope, namePatterns } from './scope.ts';

/** What an article applies to in a run. */
export interface SuiteScope {
  /** Test files, relative to the root. */
  readonly files: readonly string[];
  readonly tests: readonly SuiteTest[];
}

/** The tests of one file in one project. */
interface FileOfTests {
  readonly file: string;
  readonly project: string;
  readonly tests: SuiteTest[];
  /** Of each test. */
  readonly tags: (readonly string[])[];
}

export const NO_SCOPE: SuiteScope = { files: [], tests: [] };

/** The tests of a run by file: with many articles, looking at each test for each of them would take longer than the tests. */
export class SuiteScopes {
  readonly #files = new Map<string, FileOfTests>();
  readonly #all: SuiteScope;

  constructor(tests: readonly CollectedTest[]) {
    let last: FileOfTests | undefined;
    for (const test of tests) {
      const { file, project } = test.test;
      if (last?.file !== file || last.project !== project) last = this.#open(file, project);
      last.tests.push(suiteTest(test));
      last.tags.push(test.tags);
    }
    this.#all = scopeOf([...this.#files.values()]);
  }

  /** Tests, run or not, that an article applies to. */
  of(article: CompiledArticle): SuiteScope {
    const covers = fileScope(article);
    const files = [...this.#files.values()].filter(covers);
    const chosen = selector(article);
    if (chosen === null) return files.length === this.#files.size ? this.#all : scopeOf(files);
    return scopeOf(
      files.map((one) => ({ ...one, tests: one.tests.filter((test, at) => chosen(test, one.tags[at])) })),
    );
  }

  #open(file: string, project: string): FileOfTests {
    const key = JSON.stringify([file, project]);
    let opened = this.#files.get(key);
    if (opened === undefined) {
      opened = { file, project, tests: [], tags: [] };
      this.#files.set(key, opened);
    }
    return opened;
  }
}

function scopeOf(files: readonly Pick<FileOfTests, 'file' | 'tests'>[]): SuiteScope {
  const some = files.filter(({ tests }) => tests.length > 0);
  if (some.length === 0) return NO_SCOPE;
  return { files: [...new Set(some.map(({ file }) => file))], tests: some.flatMap(({ tests }) => tests) };
}

/** Whether a test of a covered file is meant; null where all are. */
function selector(
  article: CompiledArticle,
): ((test: SuiteTest, tags: readonly string[] | undefined) => boolean) | null {
  const names = namePatterns(article);
  const { tags: wanted } = article.appliesTo;
  if (names.length === 0 && wanted.length === 0) return null;
  return ({ name }, tags = []) =>
    (names.length === 0 || names.some((pattern) => pattern.test(name))) &&
    (wanted.length === 0 || wanted.some((tag) => tags.includes(tag)));
}

function suiteTest({ test: { name, file, project }, state, mode, note, retries }: CollectedTest): SuiteTest {
  return { name, file, project, state, mode, note, retries };
}
