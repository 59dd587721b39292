import { test } from 'vitest';

test('is never seen', () => {});
throw new Error('this file cannot be loaded');
