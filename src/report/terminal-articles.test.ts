import { describe, expect, test } from 'vitest';
import { renderConstitution } from './terminal.ts';
import { finding, render, report } from './test-support.ts';

describe('articles in a terminal', () => {
  test('a broken article is marked, and its findings are listed up to ten', () => {
    const findings = Array.from({ length: 12 }, () => finding);
    const text = render(report(5, { findings }));
    expect(text).toMatch(/✗ VI .*12 findings/);
    expect(
      text.match(/CX-BUDGET-TOKENS × 12 gate\.test\.ts > coder\/bug-1: run r used 2 tokens/g),
    ).toHaveLength(1);
    expect(text).toContain('12 findings of 1 kind, one of each is shown; each failing test shows its own');
    expect(text).toContain('12 findings of blocking articles');
  });

  test('few findings are listed one by one', () => {
    const text = render(
      report(5, { findings: [finding, { ...finding, place: { file: 'gate.test.ts', line: 7 } }] }),
    );
    expect(text).toMatch(
      /CX-BUDGET-TOKENS gate\.test\.ts > coder\/bug-1: .*\n.*CX-BUDGET-TOKENS gate\.test\.ts:7 > coder/,
    );
  });

  test('a finding is one line, whatever the test is called', () => {
    const name = `clears\n\u001b[2Jthe screen ${'a'.repeat(5000)}`;
    const test = { name, file: 'a.test.ts', project: '' };
    const lines = render(report(5, { findings: [{ ...finding, test }] })).split('\n');
    const line = lines.find((one) => one.includes('CX-BUDGET-TOKENS')) ?? '';
    expect(line).toContain('a.test.ts > clears ?[2Jthe screen aaa');
    expect(line.length).toBeLessThan(450);
  });

  test('thousands of findings stay a screenful', () => {
    const findings = Array.from({ length: 2_000 }, (_, index) => ({
      ...finding,
      code: `CX-KIND-${index % 30}`,
    }));
    const lines = renderConstitution({ articles: [], findings, waived: [] }, 10_000, {
      color: false,
      findingsFile: '.constitution/findings.jsonl',
    }).split('\n');
    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toBe(
      '     2000 findings of 30 kinds, one of each of the first 10 kinds is shown; all in .constitution/findings.jsonl',
    );
  });

  test('waived and unattributable judgements are counted', () => {
    const article = {
      id: 'I',
      title: 'T',
      severity: 'block',
      governed: 3,
      findings: 0,
      waived: 2,
      unattributed: 1,
    } as const;
    const waived = [{ ...finding, waiver: { test: '*', reason: 'r', until: '2026-01-01' } }];
    const text = renderConstitution({ articles: [article], findings: [], waived }, 3, { color: false });
    expect(text).toContain('0 findings · 1 waived');
    expect(text).toMatch(/✓ I .*2 waived · 1 not attributable$/);
  });

  test('a warning does not look like a failure', () => {
    expect(render(report(5, { findings: [{ ...finding, severity: 'warn' }] }))).toMatch(/! VI .*1 finding$/m);
  });
});
