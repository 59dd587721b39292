// Runs in every test worker, before the user's own setup files. Small on purpose: every test pays for it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Test } from '@vitest/runner';
import { beforeEach, inject } from 'vitest';
import type { Baseline } from '../core/baseline.ts';
import type { Finding, TestIdentity } from '../core/finding.ts';
import { ArticleViolation } from './article-violation.ts';
import { articlesOfFile, judge } from './govern.ts';
import { metaOf, resetMeta } from './meta.ts';
import type { CompiledArticle } from './provided.ts';

// Bound at load: fake timers replace the global later.
const now = performance.now.bind(performance);

const provided = inject('constitution');
let baseline: Baseline | null | undefined;
/** Resolved articles of the file that this worker runs at present; with `isolate: false` files follow each other. */
let current:
  | { path: string; file: string; project: string; articles: readonly CompiledArticle[] }
  | undefined;

// vitest reads the parameter list of a hook: the argument must be destructured here, or `test.extend` files break.
beforeEach(({ task, onTestFinished }) => {
  const entered = now();
  const firstOfFile = current?.path !== task.file.filepath;
  if (firstOfFile) current = enter(task);
  const { file, project, articles } = current as NonNullable<typeof current>;
  resetMeta(task);

  onTestFinished(() => {
    const left = now();
    const test: TestIdentity = { name: fullName(task), file, project };
    const meta = metaOf(task);
    const needsBaseline = meta.runs.length > 0 || meta.schemas.length > 0;
    const judgement = judge(articles, test, {
      durationMs: left - started,
      firstOfFile,
      runs: meta.runs,
      schemas: meta.schemas,
      baseline: needsBaseline ? readBaseline() : null,
    });
    meta.articles = judgement.articles;
    meta.findings = judgement.findings;
    meta.selfMs += now() - left;
    const blocking = judgement.findings.filter((finding: Finding) => finding.severity === 'block');
    if (blocking.length > 0) throw new ArticleViolation(blocking, articles);
  });

  const started = now();
  metaOf(task).selfMs += started - entered;
});

function enter(task: Test): NonNullable<typeof current> {
  const file = path.relative(provided.root, task.file.filepath).split(path.sep).join('/');
  const project = task.file.projectName ?? '';
  return {
    path: task.file.filepath,
    file,
    project,
    articles: articlesOfFile(provided.articles, file, project),
  };
}

function fullName(task: Test): string {
  const names = [task.name];
  for (let suite = task.suite; suite !== undefined; suite = suite.suite)
    if (suite.name) names.unshift(suite.name);
  return names.join(' > ');
}

/** The main process has validated the file; here it is only parsed, once a worker. */
function readBaseline(): Baseline | null {
  if (baseline === undefined) {
    try {
      baseline = JSON.parse(readFileSync(provided.baselineFile, 'utf8')) as Baseline;
    } catch {
      baseline = null;
    }
  }
  return baseline;
}
