import type { Finding } from '../core/finding.ts';
import type { FileError, RecordedTest, RunRecord } from '../core/run-record.ts';
import { describeFinding } from './finding.ts';

/**
 * JUnit XML: a test suite a file and project, with the articles and findings of a test as its properties; an error
 * outside of its tests stands as a case of its own, named by the file. Findings about the suite as a whole are the
 * properties of the root.
 */
export function renderJUnit({ tests, fileErrors, constitution, templates }: RunRecord): string {
  const findings = groupByTest(constitution.findings);
  const files = groupBy(tests, fileName);
  const broken = groupBy(fileErrors, fileName);
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
  const suites = [...new Set([...files.keys(), ...broken.keys()])].map((file) => {
    const own = files.get(file) ?? [];
    const errors = broken.get(file) ?? [];
    const cases = own.map((test) => {
      const found = findings.get(keyOf(test)) ?? [];
      return testCase(
        test,
        properties(found, test),
        found.filter(({ severity }) => severity === 'block').map(text),
      );
    });
    const inside = [...errors.map(errorCase), ...cases].join('\n');
    return `  <testsuite name="${escapeXml(file)}" ${counts(own, errors)}>\n${inside}\n  </testsuite>`;
  });
  const whole = properties(constitution.findings.filter(({ test }) => test === null));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="vitest-constitution" ${counts(tests, fileErrors)}>`,
    ...(whole === '' ? [] : [`  ${whole}`]),
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

/** A file as a suite and a class are named: two projects may run the same one. */
function fileName({ project, file }: { readonly project: string; readonly file: string }): string {
  return project === '' ? file : `[${project}] ${file}`;
}

function errorCase(error: FileError): string {
  const name = escapeXml(fileName(error));
  return `    <testcase classname="${name}" name="${name}" time="0.000"><error message="${escapeXml(error.message)}"/></testcase>`;
}

/** @param broken What blocking articles say of the test; they fail it. */
function testCase(test: RecordedTest, properties: string, broken: readonly string[]): string {
  const attributes = `classname="${escapeXml(fileName(test))}" name="${escapeXml(test.name)}" time="${seconds(test.durationMs)}"`;
  const message = [test.message ?? 'failed', ...broken].join('\n');
  const failure = test.state === 'failed' ? `<failure message="${escapeXml(message)}"/>` : '';
  const skipped = test.state === 'skipped' || test.state === 'pending' ? '<skipped/>' : '';
  const inside = properties + failure + skipped;
  return inside === '' ? `    <testcase ${attributes}/>` : `    <testcase ${attributes}>${inside}</testcase>`;
}

function counts(tests: readonly RecordedTest[], errors: readonly FileError[]): string {
  const count = (...states: RecordedTest['state'][]) =>
    tests.filter(({ state }) => states.includes(state)).length;
  const time = tests.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return `tests="${tests.length + errors.length}" failures="${count('failed')}" errors="${errors.length}" skipped="${count('skipped', 'pending')}" time="${seconds(time)}"`;
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
