import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { ConstitutionError } from '../core/errors.ts';
import { presentable } from './startup-error.ts';

test('an error of ours is shown as the command line shows it, without the stack of what caused it', () => {
  const error = new ConstitutionError('CX-CONFIG-SYNTAX', 'the file is not UTF-8 text', {
    place: { file: 'constitution/a.yaml' },
    hint: 'Save it as UTF-8.',
    cause: new TypeError('The encoded data was not valid'),
  });
  expect(inspect(presentable(error))).toBe(`error CX-CONFIG-SYNTAX the file is not UTF-8 text
  at constitution/a.yaml
  hint Save it as UTF-8.
    at constitution/a.yaml`);
});

test('the error of another is left as it is', () => {
  const error = new TypeError('theirs', { cause: new Error('why') });
  expect(presentable(error)).toBe(error);
  expect(error.cause).toBeInstanceOf(Error);
});
