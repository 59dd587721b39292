import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { starterArticles, traitsOf } from './starter.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../../schemas/article.schema.json', import.meta.url), 'utf8'),
) as object;

test('editors find nothing wrong with the starter articles', () => {
  const source = "import 'node:fs'; fetch(url); process.env.A; setTimeout(f); expect(1);";
  const articles = starterArticles(traitsOf([source], { hasDocs: true, hasPipelines: true }));
  const validate = new Ajv2020({ validateFormats: false, strictTypes: false }).compile(schema);
  const wrong = Object.entries(articles).filter(([, text]) => !validate(parse(text)));
  expect(wrong).toEqual([]);
  expect(Object.keys(articles)).toHaveLength(5);
});
