import { expect, test } from 'vitest';
import type { Baseline } from '../../core/baseline.ts';
import type { PipelineSchema, PredictorSchema } from '../../core/pipeline-schema.ts';
import { anInput, resultsOf } from '../test-support.ts';
import { check } from './schema-stable.ts';

const repair: PredictorSchema = {
  predictor: 'repair',
  instructions: 'Repair the function.',
  fields: [{ name: 'code', direction: 'input', type: 'str', description: '' }],
};
const schema = (changes: Partial<PipelineSchema> = {}): PipelineSchema => ({
  pipeline: 'coder-legacy',
  environment: 'dspy-2.6.27',
  signatures: [repair],
  ...changes,
});
const retyped = { ...repair, fields: [{ ...repair.fields[0], type: 'bytes' }] } as PredictorSchema;
const reworded = { ...repair, instructions: 'Mend it.' };
const baseline = { schemas: { 'coder-legacy': [repair] } } as unknown as Baseline;

const codes = (schemas: PipelineSchema[], instructions = true, reference: Baseline | null = null) =>
  resultsOf(check, anInput({ schemas, baseline: reference }), { instructions }).map(({ values }) => [
    values['predictor'],
    values['environment'],
    values['reference'],
  ]);

test('the same in two environments', () => {
  expect(codes([schema(), schema({ environment: 'dspy-3.0.1' })])).toEqual([]);
});

test('another type in the second environment', () => {
  expect(codes([schema(), schema({ environment: 'dspy-3.0.1', signatures: [retyped] })])).toEqual([
    ['repair', 'dspy-3.0.1', 'dspy-2.6.27'],
  ]);
});

test('a predictor that is gone, and one that is new', () => {
  const renamed = { ...repair, predictor: 'mend' };
  expect(codes([schema(), schema({ environment: 'dspy-3.0.1', signatures: [renamed] })])).toEqual([
    ['repair', 'dspy-3.0.1', 'dspy-2.6.27'],
    ['mend', 'dspy-3.0.1', 'dspy-2.6.27'],
  ]);
});

test('other pipelines are not compared with each other', () => {
  expect(codes([schema(), schema({ pipeline: 'coder-native', signatures: [retyped] })])).toEqual([]);
});

test('instructions count unless the option says no', () => {
  const schemas = [schema(), schema({ environment: 'dspy-3.0.1', signatures: [reworded] })];
  expect(codes(schemas)).toHaveLength(1);
  expect(codes(schemas, false)).toEqual([]);
});

test('the baseline is the reference where there is one', () => {
  expect(codes([schema({ signatures: [retyped] })], true, baseline)).toEqual([
    ['repair', 'dspy-2.6.27', 'baseline'],
  ]);
});

test('what was and what is are shown', () => {
  const [finding] = resultsOf(check, anInput({ schemas: [schema({ signatures: [retyped] })], baseline }), {
    instructions: true,
  });
  expect(finding?.values).toMatchObject({ was: repair, is: retyped });
});
