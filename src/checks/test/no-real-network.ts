import type { TestCheck } from '../check.ts';
import type { NetworkUse } from '../observations.ts';

/** A test that needs the network fails with the network. */
export const check: TestCheck = {
  description:
    'A test reaches for nothing beyond the loopback interface: http, https, fetch, sockets, name look-ups.',
  options: {
    allow: { type: 'strings', default: [], description: 'Hosts that may be reached.' },
  },
  codes: { 'CX-NETWORK': 'A test reached for a host that is not this machine.' },
  probes: ['network'],
  run({ seen }, options) {
    const allowed = options['allow'] as string[];
    const hosts = new Map<string, NetworkUse>();
    for (const use of seen.network ?? []) {
      if (isLoopback(use.host) || allowed.includes(use.host)) continue;
      // A look-up and the connection that follows it are one thing; the connection says more.
      if (!hosts.has(use.host) || use.kind !== 'lookup') hosts.set(use.host, use);
    }
    return [...hosts.values()].map(({ kind, host, port }) => ({
      code: 'CX-NETWORK',
      values: { kind, host, port },
    }));
  },
};

function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return (
    bare === '' ||
    bare === 'localhost' ||
    bare.endsWith('.localhost') ||
    bare === '::1' ||
    bare === '::' ||
    bare === '0.0.0.0' ||
    /^(::ffff:)?127(\.\d{1,3}){3}$/.test(bare)
  );
}
