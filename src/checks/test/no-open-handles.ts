import type { TestCheck } from '../check.ts';

/** What a test leaves open keeps the process alive, or runs into the next test. */
export const check: TestCheck = {
  description:
    'A test leaves no timers, sockets, servers, watchers, child processes or files open. What lets the process end does not count, such as idle connections of `fetch` and `http.Agent`; nor do connections that a server has accepted while it listens: they are the server’s.',
  options: {
    allow: {
      type: 'strings',
      default: [],
      description: 'Kinds that may be left, as Node names them, e.g. Timeout.',
    },
  },
  codes: { 'CX-OPEN-HANDLES': 'A test left something open.' },
  probes: ['handles'],
  run({ seen }, options) {
    const allowed = options['allow'] as string[];
    const left = Object.entries(seen.handles ?? {}).filter(([kind]) => !allowed.includes(kind));
    return left.length === 0 ? [] : [{ code: 'CX-OPEN-HANDLES', values: { left: Object.fromEntries(left) } }];
  },
};
