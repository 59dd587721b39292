// Starts a fork server as a test run would, and waits to be killed.
import { WorkerSession } from '../session.ts';
import { behaviour, startForkServer } from '../test-support.ts';

const server = await startForkServer('dspy-3.0.1');
const session = await WorkerSession.connect(server.socketPath);
const busy = session.run(behaviour('hangs'));
console.log(
  JSON.stringify({ server: server.identity.pid, child: session.identity.pid, socket: server.socketPath }),
);
await busy;
