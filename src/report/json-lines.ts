import type { RunRecord } from '../core/run-record.ts';
import { describeFinding } from './finding.ts';

/** One JSON document a line: the run, its articles, findings and waived findings; `type` tells them apart. */
export function renderJsonLines({
  createdAt,
  constitution,
  overhead,
  tests,
  templates,
  notes,
}: RunRecord): string {
  const { articles, findings, waived } = constitution;
  const states = { passed: 0, failed: 0, skipped: 0, pending: 0 };
  for (const { state } of tests) states[state]++;
  const lines = [
    { type: 'run', createdAt, tests: states, overhead, notes },
    ...articles.map((article) => ({ type: 'article', ...article })),
    ...findings.map((finding) => ({ type: 'finding', ...finding, ...describeFinding(finding, templates) })),
    ...waived.map((finding) => ({ type: 'waived', ...finding, ...describeFinding(finding, templates) })),
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
