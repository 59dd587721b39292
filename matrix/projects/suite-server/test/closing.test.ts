import { expect, it } from 'vitest';
import { NoteServer } from '../src/server.js';

it('is out of reach once it is closed', async () => {
  const server = new NoteServer();
  const url = await server.listen();
  await server.close();
  await expect(fetch(`${url}/notes`)).rejects.toThrow('fetch failed');
});

it('skips what this machine cannot do', ({ skip }) => {
  skip(!process.env.HAS_IPV6_ONLY, 'needs a machine with IPv6 alone');
});
