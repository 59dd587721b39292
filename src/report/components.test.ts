import pc from 'picocolors';
import { expect, test } from 'vitest';
import type { ComponentRow } from '../core/component.ts';
import { componentsLine, renderComponents } from './components.ts';

const SIDE = {
  error: null,
  calls: 2,
  tokens: 100,
  modelledLmMs: 290,
  cpuMs: 4.04,
  assertions: { attempts: 3, violations: 1 },
};
const CHECKS = {
  imports: 'ok',
  initialises: 'ok',
  output: 'ok',
  tokens: 'ok',
  latency: 'n/a',
  assertions: 'ok',
} as const;
const HOLDS: ComponentRow = {
  name: 'model-switcher',
  tier: 1,
  checks: CHECKS,
  holds: true,
  baseline: SIDE,
  candidate: { ...SIDE, tokens: 106, cpuMs: 12 },
  series: [{ name: 'tokens so far', unit: 'tokens', points: [40, 106] }],
};
const BROKEN: ComponentRow = {
  ...HOLDS,
  name: 'loop',
  checks: {
    ...CHECKS,
    imports: 'failed',
    initialises: 'n/a',
    output: 'n/a',
    tokens: 'n/a',
    assertions: 'n/a',
  },
  holds: false,
  candidate: {
    error: "ImportError: cannot import name 'Program'",
    calls: null,
    tokens: null,
    modelledLmMs: null,
    cpuMs: null,
    assertions: null,
  },
  series: [],
};

test('a row shows every check, the figures of both versions, what went wrong and the series', () => {
  const lines = renderComponents([HOLDS, BROKEN], { color: false }).split('\n');
  expect(lines[0]).toMatch(/^ Components\s+1 of 2 components hold · tier 1: loop$/);
  expect(lines[2]).toMatch(/^\s+model-switcher\s+1\s+✓\s+✓\s+✓\s+✓\s+-\s+✓\s+100 → 106 \+6 %\s+4 → 12$/);
  expect(lines[3]?.trim()).toBe('tokens so far: 40 → 106 tokens, 2 points');
  expect(lines[4]).toMatch(/^\s+loop\s+1\s+✗ failed\s+-\s+-\s+-\s+-\s+-\s+100 → n\/a\s+4 → n\/a$/);
  expect(lines[5]?.trim()).toBe("candidate ImportError: cannot import name 'Program'");
});

test('columns stand under their titles', () => {
  const [, header = '', row = ''] = renderComponents([HOLDS], { color: false }).split('\n');
  expect(header.indexOf('CPU ms')).toBe(row.indexOf('4 → 12'));
  expect(header.indexOf('imports')).toBe(row.indexOf('✓'));
});

test('the line names those that do not hold, by what that means', () => {
  const line = componentsLine([HOLDS, { ...BROKEN, tier: 2 }], pc.createColors(false));
  expect(line).toBe('1 of 2 components hold · others: loop');
});
