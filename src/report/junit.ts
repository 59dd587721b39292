import type { Finding } from '../core/finding.ts';
import type { RecordedTest, RunRecord } from '../core/run-record.ts';
import { describeFinding } from './finding.ts';

/**
 * JUnit XML: a test suite a file, with the articles and findings of a test as its properties. Findings about the suite as
 * a whole are the properties of the root.
 */
export function renderJUnit({ tests, constitution, templates }: RunRecord): string {
  const findings = groupByTest(constitution.findings);
  const files = groupBy(tests, ({ file }) => file);
  const text = (finding: Finding) => `${finding.code}: ${describeFinding(finding, templates).summary}`;
  const property = (name: string, value: string) =>
    `<property name="${escapeXml(name)}" value="${escapeXml(value)}"/>`;
  const properties = (own: readonly Finding[], test?: RecordedTest): string => {
    const lines = [
      ...(test?.articles.length ? [property('articles', test.articles.join(','))] : []),
      ...own.map((finding) => property(`article.${finding.article}.${finding.severity}`, text(finding))),
    ];
    return lines.length === 0 ? '' : `<properties>${lines.join('')}</properties>`;
  };
  const suites = [...files].map(([file, own]) => {
    const cases = own.map((test) => testCase(test, properties(findings.get(keyOf(test)) ?? [], test)));
    return `  <testsuite name="${escapeXml(file)}" ${counts(own)}>\n${cases.join('\n')}\n  </testsuite>`;
  });
  const whole = properties(constitution.findings.filter(({ test }) => test === null));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="vitest-constitution" ${counts(tests)}>`,
    ...(whole === '' ? [] : [`  ${whole}`]),
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(test: RecordedTest, properties: string): string {
  const attributes = `classname="${escapeXml(test.file)}" name="${escapeXml(test.name)}" time="${seconds(test.durationMs)}"`;
  const failure =
    test.state === 'failed' ? `<failure message="${escapeXml(test.message ?? 'failed')}"/>` : '';
  const skipped = test.state === 'skipped' || test.state === 'pending' ? '<skipped/>' : '';
  const inside = properties + failure + skipped;
  return inside === '' ? `    <testcase ${attributes}/>` : `    <testcase ${attributes}>${inside}</testcase>`;
}

function counts(tests: readonly RecordedTest[]): string {
  const count = (...states: RecordedTest['state'][]) =>
    tests.filter(({ state }) => states.includes(state)).length;
  const time = tests.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return `tests="${tests.length}" failures="${count('failed')}" skipped="${count('skipped', 'pending')}" time="${seconds(time)}"`;
}

function groupByTest(findings: readonly Finding[]): Map<string, Finding[]> {
  const withTest = findings.filter(({ test }) => test !== null);
  return groupBy(withTest, ({ test }) => keyOf(test as NonNullable<typeof test>));
}

function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}

function keyOf({ project, file, name }: { project: string; file: string; name: string }): string {
  return JSON.stringify([project, file, name]);
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  '\n': '&#10;',
};

/** XML 1.0 has no form at all for most control characters. */
function escapeXml(text: string): string {
  return text
    .replace(/[\p{Cc}\ufffe\uffff]/gu, (sign) => ('\t\n\r'.includes(sign) ? sign : ''))
    .replace(/[<>&"\n]/g, (sign) => ENTITIES[sign] as string);
}
