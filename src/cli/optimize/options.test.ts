import { expect, test } from 'vitest';
import { commandOf, DEFAULTS } from './options.ts';

test('a command is told without what is so anyway, and without --resume', () => {
  expect(commandOf('coder', DEFAULTS)).toBe('optimize coder');
  expect(commandOf('coder', { ...DEFAULTS, resume: true, seed: 3, budget: 'small' })).toBe(
    'optimize coder --budget small --seed 3',
  );
});

test('it names the model that reflects, with its endpoint and the variable of its key', () => {
  const options = {
    ...DEFAULTS,
    optimizer: 'miprov2',
    reflectionModel: "it's a model",
    reflectionEndpoint: 'http://127.0.0.1:9/v1',
    reflectionKeyVariable: 'KEY',
    lm: 'record',
  } as const;
  expect(commandOf('planner', options)).toBe(
    "optimize planner --optimizer miprov2 --reflection-model 'it'\\''s a model' --reflection-endpoint http://127.0.0.1:9/v1 " +
      '--reflection-key-variable KEY --lm record',
  );
});
