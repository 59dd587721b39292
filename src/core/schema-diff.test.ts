import { expect, test } from 'vitest';
import {
  compareSchemas,
  groupSchemaChanges,
  type SchemaFacts,
  type SignatureFacts,
  unlistedDifferences,
} from './schema-diff.ts';

const PLAN: SignatureFacts = {
  instructions: 'Plan the work.',
  fields: [
    { name: 'goal', direction: 'input', type: 'str', description: 'What is to be reached', prefix: 'Goal:' },
  ],
  prompts: { 'chat, plain': '<system>\nPlan' },
  behaviors: { 'chat, answer empty': { outcome: 'goal=None', requests: 'plain' } },
};
const REVIEW: SignatureFacts = { ...PLAN, instructions: 'Review it.' };

const diff = (was: string, is: string) => `- ${was}\n+ ${is}`;

test('signatures that are the same in both versions differ in nothing', () => {
  expect(compareSchemas({ 'm.Plan': PLAN }, { 'm.Plan': structuredClone(PLAN) })).toEqual([]);
});

const field = PLAN.fields[0] as SignatureFacts['fields'][number];
test.each<[string, Partial<SignatureFacts>, object]>([
  ['instructions', { instructions: 'Plan it.' }, { form: '', was: 'Plan the work.', is: 'Plan it.' }],
  [
    'field',
    { fields: [{ ...field, type: 'list[str]' }] },
    { form: 'goal', is: 'input | list[str] | What is to be reached | Goal:' },
  ],
  ['field', { fields: [] }, { form: 'goal', is: null }],
  ['field', { fields: [{ ...field, description: '' }] }, { form: 'goal', is: 'input | str |  | Goal:' }],
  ['prompt', { prompts: { 'chat, plain': 'other' } }, { form: 'chat, plain', is: 'other' }],
  [
    'outcome',
    { behaviors: { 'chat, answer empty': { outcome: 'raises', requests: 'plain' } } },
    { form: 'chat, answer empty', is: 'raises' },
  ],
  [
    'requests',
    { behaviors: { 'chat, answer empty': { outcome: 'goal=None', requests: 'plain, json_object' } } },
    { form: 'chat, answer empty', is: 'plain, json_object' },
  ],
])('another %s is a change', (aspect, changed, expected) => {
  const changes = compareSchemas({ 'm.Plan': PLAN }, { 'm.Plan': { ...PLAN, ...changed } });
  expect(changes).toEqual([expect.objectContaining({ signature: 'm.Plan', aspect, ...expected })]);
});

test('a signature that is gone is told, and so is one that is new', () => {
  const changes = compareSchemas({ 'm.Plan': PLAN }, { 'm.Review': REVIEW });
  expect(changes.filter(({ aspect }) => aspect === 'signature')).toEqual([
    { signature: 'm.Plan', aspect: 'signature', form: '', was: 'defined', is: null },
    { signature: 'm.Review', aspect: 'signature', form: '', was: null, is: 'defined' },
  ]);
});

test('what comes to the same is one difference', () => {
  const before: SchemaFacts = { 'm.Plan': PLAN, 'm.Review': REVIEW };
  const prompts = { 'chat, plain': '<system>\nOther' };
  const after: SchemaFacts = { 'm.Plan': { ...PLAN, prompts }, 'm.Review': { ...REVIEW, prompts } };
  const groups = groupSchemaChanges(compareSchemas(before, after), diff);
  expect(groups).toEqual([
    {
      aspect: 'prompt',
      diff: '- <system>\nPlan\n+ <system>\nOther',
      where: { 'chat, plain': ['m.Plan', 'm.Review'] },
    },
  ]);
});

test('a difference that is not listed is told, and so is a listed one that is gone', () => {
  const found = { aspect: 'prompt' as const, diff: '- a\n+ b', where: { 'chat, plain': ['m.Plan'] } };
  const wider = { ...found, where: { 'chat, plain': ['m.Plan', 'm.Review'] } };
  expect(unlistedDifferences([found], [found])).toEqual({ unlisted: [], vanished: [] });
  expect(unlistedDifferences([wider], [found])).toEqual({ unlisted: [wider], vanished: [found] });
});
