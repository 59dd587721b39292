import { beforeEach, vi } from 'vitest';

beforeEach(() => {
  vi.stubEnv('CURRENCY', 'EUR');
  return () => {
    vi.unstubAllEnvs();
  };
});
