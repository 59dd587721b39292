import path from 'node:path';
import { locateEnvironment } from '../../bridge/environments/index.ts';
import { ForkServer } from '../../bridge/worker/fork-server.ts';
import { WorkerSession } from '../../bridge/worker/session.ts';
import { loadSeededBugs } from '../../config/bugs.ts';
import { loadGate } from '../../config/gate.ts';
import { packageRoot } from '../../config/package-root.ts';
import type { SeededBug } from '../../core/seeded-bug.ts';
import { type Proof, renderProofs } from '../../report/proofs.ts';
import type { Command, CommandContext } from '../command.ts';

/** A proof runs a handful of tiny functions; the sandbox ends each after 2 s. */
const PROOF_TIMEOUT_MS = 60_000;
/** Parallel proofs; each is a Python process that waits for a sandbox. */
const SESSIONS = 2;

export const command: Command = {
  summary: 'list and prove the seeded bugs',
  configure: (command, action) => {
    command
      .command('list')
      .summary('kind, difficulty and split of every seeded bug')
      .description('Lists every seeded bug with its kind, difficulty and split.')
      .action(action((context) => list(context)));
    command
      .command('verify')
      .summary('prove that hidden tests fail on the bug and pass on the fix')
      .description(
        'Runs the proof of every seeded bug, or of those named. Exit code 3 where one is not proven.',
      )
      .argument('[bug...]', 'seeded bugs, as <id> or <role>/<id>')
      .action(action((context, bugs) => verify(context, bugs as string[])));
  },
};

async function list(context: CommandContext): Promise<number> {
  const bugs = await loadSeededBugs(context.root);
  if (context.json) {
    context.out(JSON.stringify(bugs.map(({ visible: _, ...bug }) => bug)));
    return 0;
  }
  for (const { role, id, kind, difficulty, split, title } of bugs) {
    context.out(
      `${`${role}/${id}`.padEnd(36)} ${kind.padEnd(22)} ${difficulty}  ${split.padEnd(11)} ${title}`,
    );
  }
  return 0;
}

async function verify(context: CommandContext, ids: readonly string[]): Promise<number> {
  const { root, signal } = context;
  const [gate, bugs] = await Promise.all([
    loadGate(root),
    loadSeededBugs(root, ids.length > 0 ? { ids } : {}),
  ]);
  const environment = await locateEnvironment(root, gate.environments.baseline);
  context.note(`Starting ${environment.name} …`);
  const server = await ForkServer.start({
    environment,
    workerPath: path.join(packageRoot(), 'python'),
    signal,
  });
  try {
    const waiting = bugs.values();
    const proofs: Proof[] = [];
    const proveNext = async () => {
      const session = await WorkerSession.connect(server.socketPath);
      for (const bug of waiting) {
        proofs.push(await prove(root, bug, gate.roles[bug.role]?.prover, session, signal));
        if (proofs.length % 25 === 0) context.note(`  ${proofs.length} of ${bugs.length}`);
      }
      session.close();
    };
    await Promise.all(Array.from({ length: SESSIONS }, proveNext));
    proofs.sort((a, b) => (a.bug < b.bug ? -1 : 1));
    const { color } = context;
    context.out(context.json ? JSON.stringify(proofs) : renderProofs(proofs, { color }));
    return proofs.every((proof) => proof.proven) ? 0 : 3;
  } finally {
    await server.stop();
  }
}

async function prove(
  root: string,
  bug: SeededBug,
  entry: string | undefined,
  session: WorkerSession,
  signal: AbortSignal,
): Promise<Proof> {
  const key = `${bug.role}/${bug.id}`;
  if (entry === undefined)
    return { bug: key, proven: false, detail: `gate.yaml names no prover for ${bug.role}` };
  const { outcome, detail } = await session.score(
    { root: path.join(root, 'fixtures'), entry, case: path.join(root, bug.folder), output: null },
    { timeoutMs: PROOF_TIMEOUT_MS, signal },
  );
  return { bug: key, proven: outcome === 1, detail };
}
