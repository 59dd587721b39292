import { test } from 'vitest';

test('asserts nothing, and nobody minds', () => {});
