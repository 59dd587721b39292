import { describe, expect, test } from 'vitest';
import type { Finding } from '../core/finding.ts';
import type { RunRecord } from '../core/run-record.ts';
import { renderGitHubAnnotations, renderGitHubSummary } from './github.ts';
import { renderJsonLines } from './json-lines.ts';
import { renderJUnit } from './junit.ts';
import { renderSarif } from './sarif.ts';

const finding: Finding = {
  article: 'VI',
  check: 'max-duration',
  severity: 'block',
  code: 'CX-BUDGET-DURATION',
  values: { measured: 120, allowed: 100 },
  test: { name: 'sums > adds "1" & <2>', file: 'src/a b.test.ts', project: '' },
  place: { file: 'src/a b.test.ts', line: 7 },
};
const ofSuite: Finding = {
  ...finding,
  article: 'IV',
  severity: 'warn',
  code: 'OWN-CODE',
  values: { name: 'x|y' },
  test: null,
  place: null,
};

function record(findings: readonly Finding[], changes: Partial<RunRecord> = {}): RunRecord {
  const article = {
    title: 'Budgets | hold',
    severity: 'block',
    governed: 2,
    waived: 1,
    unattributed: 0,
  } as const;
  const waiver = { test: '*', reason: 'agreed', until: '2026-12-31' };
  return {
    createdAt: '2026-11-24T03:00:00.000Z',
    constitution: {
      articles: [{ id: 'VI', ...article, findings: findings.length }],
      findings,
      waived: [{ ...finding, waiver }],
    },
    tests: [
      {
        ...finding.test,
        state: 'failed',
        durationMs: 120,
        articles: ['VI', 'IV'],
        message: 'too\u0007 slow\nreally',
      },
      {
        name: 'later',
        file: 'src/a b.test.ts',
        project: '',
        state: 'skipped',
        durationMs: 0,
        articles: [],
        message: null,
      },
    ] as RunRecord['tests'],
    fileErrors: [],
    overhead: {
      selfMs: 1,
      tests: 2,
      byHook: null,
      ratio: null,
      interval: null,
      basis: null,
      measuredAt: null,
    },
    templates: { 'OWN-CODE': { summary: 'named {name}', hint: 'rename it' } },
    notes: ['project "b" is not governed'],
    ...changes,
  };
}

describe('JUnit', () => {
  const xml = renderJUnit(record([finding, ofSuite]));

  test('a test carries its articles and findings as properties', () => {
    expect(xml).toContain(
      '<testsuite name="src/a b.test.ts" tests="2" failures="1" errors="0" skipped="1" time="0.120">',
    );
    expect(xml).toContain(
      '<testcase classname="src/a b.test.ts" name="sums &gt; adds &quot;1&quot; &amp; &lt;2&gt;" time="0.120"><properties>' +
        '<property name="articles" value="VI,IV"/>' +
        '<property name="article.VI.block" value="CX-BUDGET-DURATION: the test took 120 ms, allowed are 100 ms"/>' +
        '</properties><failure message="too slow&#10;really&#10;CX-BUDGET-DURATION: the test took 120 ms, allowed are 100 ms"/></testcase>',
    );
    expect(xml).toContain('name="later" time="0.000"><skipped/></testcase>');
  });

  test('a file that cannot be loaded is an error in a suite of its own', () => {
    const fileErrors = [{ file: 'src/b.test.ts', project: '', message: 'no <such> module' }];
    const broken = renderJUnit(record([], { fileErrors }));
    expect(broken).toContain(
      '<testsuites name="vitest-constitution" tests="3" failures="1" errors="1" skipped="1"',
    );
    expect(broken).toContain(
      '  <testsuite name="src/b.test.ts" tests="1" failures="0" errors="1" skipped="0" time="0.000">\n' +
        '    <testcase classname="src/b.test.ts" name="src/b.test.ts" time="0.000"><error message="no &lt;such&gt; module"/></testcase>',
    );
  });

  test('the same file in two projects is two suites, with the error of one of them', () => {
    const [one] = record([]).tests;
    const tests = [one, { ...one, project: 'web' }] as RunRecord['tests'];
    const fileErrors = [{ file: 'src/a b.test.ts', project: 'web', message: 'a hook' }];
    const both = renderJUnit(record([], { tests, fileErrors }));
    expect(both).toContain('<testsuite name="src/a b.test.ts" tests="1" failures="1" errors="0"');
    expect(both).toContain('<testsuite name="[web] src/a b.test.ts" tests="2" failures="1" errors="1"');
    expect(both).toContain('<testcase classname="[web] src/a b.test.ts" name="sums');
  });

  test('a warning does not stand in the failure', () => {
    const warned = renderJUnit(record([{ ...finding, severity: 'warn' }]));
    expect(warned).toContain('<failure message="too slow&#10;really"/>');
  });

  test('a finding about the suite is a property of the root', () => {
    expect(xml).toContain('<property name="article.IV.warn" value="OWN-CODE: named x|y"/>');
  });
});

describe('SARIF', () => {
  const { version, runs } = JSON.parse(renderSarif(record([finding, ofSuite]), '1.2.3'));
  const [run] = runs;

  test('rules, levels, places', () => {
    expect(version).toBe('2.1.0');
    expect(run.tool.driver).toMatchObject({ name: 'vitest-constitution', version: '1.2.3' });
    expect(run.tool.driver.rules.map((rule: { id: string }) => rule.id)).toEqual([
      'CX-BUDGET-DURATION',
      'OWN-CODE',
    ]);
    expect(run.results[0]).toMatchObject({
      ruleId: 'CX-BUDGET-DURATION',
      ruleIndex: 0,
      level: 'error',
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'src/a%20b.test.ts' }, region: { startLine: 7 } } },
      ],
    });
    expect(run.results[1]).toMatchObject({ ruleId: 'OWN-CODE', ruleIndex: 1, level: 'warning' });
    expect(run.results[1]).not.toHaveProperty('locations');
  });

  test('names are those of files, whatever signs they have, and begin at the repository', () => {
    const odd = { ...finding, place: { file: 'src/[id]/a#1?.test.ts', line: 7 } };
    const uriIn = (folder?: string) =>
      JSON.parse(renderSarif(record([odd]), '1.2.3', folder)).runs[0].results[0].locations[0].physicalLocation
        .artifactLocation.uri;
    expect(uriIn()).toBe('src/%5Bid%5D/a%231%3F.test.ts');
    expect(uriIn('packages/a')).toBe('packages/a/src/%5Bid%5D/a%231%3F.test.ts');
  });

  test('a waived finding is suppressed, with the reason', () => {
    expect(run.results[2].suppressions).toEqual([{ kind: 'external', justification: 'agreed' }]);
  });
});

describe('GitHub', () => {
  test('the summary counts, and lists the first findings', () => {
    const many = Array.from({ length: 25 }, () => finding);
    const summary = renderGitHubSummary(record(many));
    expect(summary).toContain('| ❌ | VI | Budgets \\| hold | 2 | 25 | 1 |');
    expect(summary.match(/^- `CX-BUDGET-DURATION`/gm)).toHaveLength(20);
    expect(summary).toContain('- … and 5 more findings');
    expect(summary).toContain('adds "1" & &lt;2>');
    expect(summary).toContain('> project "b" is not governed');
  });

  test('few annotations, each on its line', () => {
    const many = Array.from({ length: 25 }, () => finding);
    const lines = renderGitHubAnnotations(record([...many, ofSuite]))
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(11);
    expect(lines[0]).toMatch(
      /^::error file=src\/a b\.test\.ts,line=7,title=article VI%3A CX-BUDGET-DURATION::the test took 120 ms.*%0A/,
    );
    expect(lines[10]).toBe('::warning title=article IV%3A OWN-CODE::named x|y%0Arename it');
  });
});

test('JSON lines: every line is a document of its type', () => {
  const lines = renderJsonLines(record([finding, ofSuite]))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ type }) => type)).toEqual(['run', 'article', 'finding', 'finding', 'waived']);
  expect(lines[0]).toMatchObject({ tests: { passed: 0, failed: 1, skipped: 1, pending: 0 } });
  expect(lines[3]).toMatchObject({ code: 'OWN-CODE', summary: 'named x|y', hint: 'rename it' });
});
