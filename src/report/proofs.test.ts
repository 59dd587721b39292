import { expect, test } from 'vitest';
import type { BugFinding, BugProof } from '../core/bug-proof.ts';
import { renderProofs } from './proofs.ts';

function proof(bug: string, findings: readonly BugFinding[] = [], recordings = 0): BugProof {
  return {
    bug,
    proven: findings.length === 0,
    detail: '',
    counts: {},
    prompts: { recordings, requests: 2 * recordings },
    findings,
  };
}
const render = (...proofs: BugProof[]) => renderProofs(proofs, { color: false }).split('\n');

test('proven bugs are counted, and so is what was searched for leaks', () => {
  expect(render(proof('coder/add'))).toEqual(['1 seeded bug proven.']);
  expect(render(proof('coder/add', [], 3), proof('planner/trip', [], 4))).toEqual([
    '2 seeded bugs proven; 7 recordings searched for fixes and hidden tests.',
  ]);
});

test('a bug that is not proven is told with what is wrong, where, and what to do', () => {
  const wrong: BugFinding[] = [
    {
      code: 'CX-BUG-FIX',
      message: 'add(2, 3) is -1 on the fix,\u001b[31m expected 5',
      place: { file: 'seeded-bugs/coder/add/hidden_tests.yaml', line: 3 },
      hint: 'Correct the fix or the test.',
    },
    { code: 'CX-BUG-PASSES', message: 'The hidden tests pass on the bug.', place: null, hint: null },
  ];
  const lines = render(proof('coder/add', wrong), proof('coder/sub'));
  expect(lines).toEqual([
    '✗ coder/add',
    expect.stringMatching(/^ {4}CX-BUG-FIX add\(2, 3\) is -1 on the fix,.* expected 5$/),
    '      at seeded-bugs/coder/add/hidden_tests.yaml:3',
    '      hint Correct the fix or the test.',
    '    CX-BUG-PASSES The hidden tests pass on the bug.',
    '1 seeded bug proven, 1 not.',
  ]);
  // A message can quote what a program printed: no colour of its reaches the terminal.
  expect(lines.join('\n')).not.toContain('\u001b');
});

test('a message that quotes a long value is cut', () => {
  const long = { code: 'CX-BUG-FIX', message: 'x'.repeat(5000), place: null, hint: null } as const;
  expect((render(proof('coder/add', [long]))[1] as string).length).toBeLessThan(450);
});
