import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../config/package-root.ts';
import { PUBLISHED_DOCS } from '../vitest/published-docs.ts';
import { type OptimizationRow, renderOptimizersPage } from './optimizers-page.ts';

const row: OptimizationRow = {
  role: 'planner',
  optimizer: 'gepa',
  reflector: 'catalogue',
  budget: 'small',
  status: 'completed',
  bugs: 8,
  programs: 3,
  scores: { before: 0.25, best: 0.375 },
  growth: { tokens: -0.041, latency: 0.1 },
  spent: { calls: 90, inputTokens: 700, outputTokens: 80, cost: null, currency: 'USD', seconds: 61.7 },
};

describe('the table of optimizers', () => {
  test('says what was found, what it cost, and that a catalogue is no language model', () => {
    const page = renderOptimizersPage([row]);
    expect(page).toContain(
      '| planner | GEPA (reflector: catalogue) | small | completed | 2 → 3 of 8 | 3 | -4 % | +10 % | 90 | 700 + 80 | 62 s | unknown |',
    );
    expect(page).toContain('no language model wrote these');
  });

  test('says where nothing better was found, and where what was found was not compared', () => {
    const same = { ...row, scores: { before: 0.25, best: 0.25 }, growth: null };
    expect(renderOptimizersPage([same])).toContain('| 2 → 2 of 8 | 3 | = | = |');
    expect(renderOptimizersPage([{ ...row, growth: null }])).toContain(
      '| 2 → 3 of 8 | 3 | unknown | unknown |',
    );
  });

  test('says where nothing was scored to the end', () => {
    const page = renderOptimizersPage([
      { ...row, optimizer: 'labeled-few-shot', reflector: null, budget: null, scores: null, growth: null },
    ]);
    expect(page).toContain('| planner | LabeledFewShot | whole | completed | none |');
  });

  test('in the documentation is that of the results in eval/optimized', () => {
    const page = PUBLISHED_DOCS['docs/optimizers.md'];
    expect(page).toContain('| planner | GEPA (reflector: catalogue) |');
    expect(readFileSync(path.join(packageRoot(), 'docs', 'optimizers.md'), 'utf8')).toBe(page);
  });
});
