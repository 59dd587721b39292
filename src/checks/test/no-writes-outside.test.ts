import os from 'node:os';
import { expect, test } from 'vitest';
import { anInput } from '../test-support.ts';
import { check } from './no-writes-outside.ts';

const find = (paths: string[], allow: string[] = []) =>
  check
    .run(anInput({ seen: { writes: paths.map((path) => ({ operation: 'writeFile', path })) } }), { allow })
    ?.map(({ values }) => values['file']);

test('the temporary folder is free', () => {
  expect(find([`${os.tmpdir()}/a/b`, os.tmpdir()])).toEqual([]);
  expect(find([`${os.tmpdir()}-other/a`])).toEqual([`${os.tmpdir()}-other/a`]);
});

test('files of the project are named from its root, each once', () => {
  expect(find(['/project/src/a', '/project/src/a', '/elsewhere/b'])).toEqual(['src/a', '/elsewhere/b']);
});

test('a project in the temporary folder is not free', () => {
  const root = `${os.tmpdir()}/project`;
  const writes = [`${root}/src/a`, `${os.tmpdir()}/b`].map((path) => ({ operation: 'writeFile', path }));
  const results = check.run(anInput({ root, seen: { writes } }), { allow: [] });
  expect(results?.map(({ values }) => values['file'])).toEqual(['src/a']);
});

test('what is allowed, and what has no path', () => {
  expect(find(['/project/out/a', '/project/src/a', ''], ['^out/'])).toEqual(['src/a']);
});
