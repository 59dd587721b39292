import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ownSpender } from '../../gateway/ledger/spender.ts';
import { claim } from './claim.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'claim-'));
  file = path.join(folder, 'new', 'claims.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const DEAD = JSON.stringify({ k: 'claim', s: 'x', by: { pid: process.pid, startedAt: 'another' } });
const LIVING = JSON.stringify({ k: 'claim', s: 'y', by: ownSpender() });

test("who comes second is refused, and frees nothing that is another one's", () => {
  const release = claim(file, 'coder');
  for (const _ of [1, 2])
    expect(() => claim(file, 'coder')).toThrowError(
      expect.objectContaining({
        code: 'CX-OPTIMIZE-BUSY',
        message: `process ${process.pid} is optimizing the role coder`,
      }),
    );
  release();
  claim(file, 'coder')();
});

test('what a process has left that was killed is free, and a line that was cut off is none', () => {
  claim(file, 'coder')();
  appendFileSync(file, `${DEAD}\n{"k":"claim","s":"z","by"`);
  claim(file, 'coder')();
  expect(readFileSync(file, 'utf8').split('\n').slice(-4).join('')).toMatch(
    /^\{"k":"claim","s":"z","by"\{"k":"claim".*\}\{"k":"free".*\}$/,
  );
});

test('the first living one of several has it', () => {
  claim(file, 'coder')();
  appendFileSync(file, `${DEAD}\n${LIVING}\n`);
  expect(() => claim(file, 'coder')).toThrowError(expect.objectContaining({ code: 'CX-OPTIMIZE-BUSY' }));
  appendFileSync(file, `${JSON.stringify({ k: 'free', s: 'y' })}\n`);
  claim(file, 'coder')();
});

test('a folder in which nothing can be written is an error with a code', () => {
  appendFileSync(path.join(folder, 'new'), '');
  expect(() => claim(file, 'coder')).toThrowError(expect.objectContaining({ code: 'CX-BUDGET-LEDGER' }));
});
