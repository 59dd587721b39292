import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const namesIn = (folder: string, ending: string) =>
  readdirSync(path.join(repository, folder)).filter((name) => name.endsWith(ending));
const read = (file: string) => readFileSync(path.join(repository, file), 'utf8');
const compile = (name: string) =>
  new Ajv2020({ strictTypes: false, validateFormats: false }).compile(
    JSON.parse(read(`schemas/${name}`)) as object,
  );

test.each(namesIn('schemas', '.json'))('%s is a JSON Schema', (name) => {
  expect(compile(name)).toBeTypeOf('function');
});

describe('article.schema.json', () => {
  const validate = compile('article.schema.json');

  test.each(
    ['constitution', 'matrix/constitution'].flatMap((folder) =>
      namesIn(folder, '.yaml').map((name) => `${folder}/${name}`),
    ),
  )('accepts %s', (file) => {
    validate(parse(read(file)));
    expect(validate.errors).toBeNull();
  });

  test('has editors check regular expressions', () => {
    const schema = JSON.stringify(JSON.parse(read('schemas/article.schema.json')));
    expect(schema.match(/"names":\{[^{}]*"items":\{"type":"string","format":"regex"/)).not.toBeNull();
    expect(schema).toMatch(/"reason":\{[^{}]*"format":"regex"/);
  });

  test("accepts a project's own check, of which it knows nothing", () => {
    expect(validate({ ...article, checks: [{ uses: 'project/naming', with: { words: 2 } }] })).toBe(true);
  });

  const article = { id: 'I', title: 'T', why: 'W', checks: [{ uses: 'max-duration', with: { ms: 5 } }] };
  test.each([
    ['an unknown key', { ...article, titel: 'T' }],
    ['an option below its least value', { ...article, checks: [{ uses: 'max-duration', with: { ms: -1 } }] }],
    ['an option of another check', { ...article, checks: [{ uses: 'must-assert', with: { ms: 5 } }] }],
    ['an unknown check', { ...article, checks: [{ uses: 'must-asert' }] }],
    ['no check', { ...article, checks: [] }],
    ['an unknown severity', { ...article, severity: 'fatal' }],
    ['a blank title', { ...article, title: ' ' }],
    ['a day that is none', { ...article, waivers: [{ test: 'a', reason: 'b', until: '2027-02-30' }] }],
  ])('refuses %s', (_what, broken) => {
    expect(validate(article)).toBe(true);
    expect(validate(broken)).toBe(false);
  });
});
