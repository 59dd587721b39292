import { defineCheck } from 'vitest-constitution/check';

export default defineCheck({
  description: 'The name of a test is short.',
  options: { letters: { type: 'number', default: 80, description: 'letters a name may have' } },
  codes: { 'OWN-LONG-NAME': { summary: 'the name has {measured} letters', hint: 'Say it shorter.' } },
  run: ({ test }, { letters }) =>
    test.name.length > Number(letters)
      ? [{ code: 'OWN-LONG-NAME', values: { measured: test.name.length } }]
      : [],
});
