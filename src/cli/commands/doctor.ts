import path from 'node:path';
import {
  comparePackages,
  ENVIRONMENT_BYTES,
  findPython,
  freeDisk,
  type IsolationProof,
  installedPackages,
  type ListedEnvironment,
  listEnvironments,
  locateEnvironment,
  megabytes,
  type PackageDifference,
  parseLock,
  probeSandbox,
  proveIsolation,
  readLockText,
  type SandboxProbe,
  SUPPORTED_PYTHON,
  summary,
} from '../../bridge/environments/index.ts';
import { loadEnvironments } from '../../config/environments.ts';
import { packageRoot } from '../../config/package-root.ts';
import type { Command, CommandContext } from '../command.ts';

/** What the doctor found out about one environment; null where it is not ready to be asked. */
interface EnvironmentReport {
  readonly name: string;
  readonly state: string;
  readonly dspy: string | null;
  readonly python: string | null;
  readonly lockSha256: string | null;
  readonly packages: {
    readonly installed: number;
    readonly differences: readonly PackageDifference[];
  } | null;
  readonly isolation: IsolationProof | null;
  readonly cure: string | null;
}

interface DoctorReport {
  readonly ok: boolean;
  readonly node: { readonly version: string; readonly ok: boolean };
  readonly disk: { readonly freeMegabytes: number; readonly ok: boolean };
  readonly sandbox: SandboxProbe;
  readonly environments: readonly EnvironmentReport[];
  /** Every ready environment's DSPy was imported, all processes alive at once. */
  readonly importedTogether: readonly string[];
}

const OLDEST_NODE = [20, 19] as const;

export const command: Command = {
  summary: 'check Node, disk, sandbox, and that the Python environments are locked and isolated',
  configure(doctor, action) {
    doctor.action(
      action(async (context) => {
        const report = await examine(context);
        context.out(context.json ? JSON.stringify(report, null, 2) : describe(report));
        return report.ok ? 0 : 3;
      }),
    );
  },
};

async function examine(context: CommandContext): Promise<DoctorReport> {
  const { root, signal } = context;
  const listed = (await listEnvironments(root, await loadEnvironments(root))).filter((one) => one.declared);
  const ready = listed.filter((one) => one.status.state === 'ready');
  if (ready.length > 0)
    context.note(`importing DSPy in ${ready.map((one) => one.name).join(' and ')} at once`);
  const located = await Promise.all(ready.map((one) => locateEnvironment(root, one.name)));
  const proofs = new Map((await proveIsolation(located, signal)).map((proof) => [proof.environment, proof]));
  const environments: EnvironmentReport[] = [];
  for (const one of listed) environments.push(await reportOf(root, one, proofs.get(one.name) ?? null));

  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const node = {
    version: process.versions.node,
    ok: major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]),
  };
  const free = await freeDisk(root);
  // An environment that is there needs no more room.
  const disk = {
    freeMegabytes: megabytes(free),
    ok: free >= ENVIRONMENT_BYTES * (listed.length - ready.length),
  };
  const python = located[0]?.python ?? (await findPython(SUPPORTED_PYTHON, process.env, signal)).executable;
  const sandbox = await probeSandbox(python, path.join(packageRoot(), 'python'), signal);
  const sound = environments.every(
    (one) => one.state === 'ready' && one.packages?.differences.length === 0 && one.isolation?.ok === true,
  );
  const importedTogether = [...proofs.values()].map((proof) => `${proof.environment} (dspy ${proof.dspy})`);
  return {
    ok: sound && node.ok && disk.ok && sandbox.ok,
    node,
    disk,
    sandbox,
    environments,
    importedTogether,
  };
}

async function reportOf(
  root: string,
  listed: ListedEnvironment,
  isolation: IsolationProof | null,
): Promise<EnvironmentReport> {
  const { name, status } = listed;
  const stamp = 'stamp' in status ? status.stamp : null;
  const shared = {
    name,
    dspy: listed.dspy,
    python: stamp?.python ?? null,
    lockSha256: stamp?.lockSha256 ?? null,
  };
  if (status.state !== 'ready') {
    const verb = status.state === 'damaged' ? 'repair' : 'sync';
    const state = status.state === 'damaged' ? `damaged: ${summary(status.differences)}` : status.state;
    return { ...shared, state, packages: null, isolation, cure: `vitest-constitution env ${verb} ${name}` };
  }
  const { sitePackages } = await locateEnvironment(root, name);
  const installed = await installedPackages(sitePackages);
  const lock = await readLockText(root, name);
  const differences = comparePackages(parseLock(lock?.text ?? ''), installed, status.stamp.markers);
  return {
    ...shared,
    state: 'ready',
    packages: { installed: installed.size, differences },
    isolation,
    cure: null,
  };
}

function describe(report: DoctorReport): string {
  const line = (ok: boolean, label: string, text: string) => `${ok ? '✓' : '✗'} ${label.padEnd(12)} ${text}`;
  const lines = [
    line(report.node.ok, 'Node', `${report.node.version} (${OLDEST_NODE.join('.')} or newer is needed)`),
    line(report.disk.ok, 'disk', `${report.disk.freeMegabytes} MB free`),
    line(report.sandbox.ok, 'sandbox', report.sandbox.detail),
  ];
  for (const one of report.environments) lines.push('', ...describeEnvironment(one, line));
  if (report.environments.length === 0) lines.push('', 'no environments are declared');
  if (report.importedTogether.length > 1)
    lines.push('', line(true, 'side by side', `imported at once: ${report.importedTogether.join(', ')}`));
  return lines.join('\n');
}

function describeEnvironment(
  one: EnvironmentReport,
  line: (ok: boolean, label: string, text: string) => string,
): string[] {
  if (one.packages === null) return [line(false, one.name, one.state), `  hint: run "${one.cure}"`];
  const { installed, differences } = one.packages;
  const lines = [
    line(true, one.name, `Python ${one.python}, lock ${one.lockSha256?.slice(0, 12)}`),
    line(
      differences.length === 0,
      '  packages',
      differences.length === 0 ? `${installed} as locked` : `${differences.length} differ from the lock`,
    ),
    ...differences.map(
      (entry) =>
        `      ${entry.name}: locked ${entry.locked ?? 'not'}, installed ${entry.installed ?? 'not'}`,
    ),
  ];
  if (one.isolation === null) return lines;
  const { foreignPaths, userSite, pythonPathIgnored, ownCache, dspy, cacheDir } = one.isolation;
  const foreign =
    foreignPaths.length === 0 ? 'its own packages and the standard library only' : foreignPaths.join(', ');
  const decoy = pythonPathIgnored
    ? `a decoy dspy on it was ignored, ${dspy} was imported`
    : `a decoy dspy on it was imported`;
  lines.push(
    line(foreignPaths.length === 0, '  sys.path', foreign),
    line(!userSite, '  user site', userSite ? 'on' : 'off'),
    line(pythonPathIgnored, '  PYTHONPATH', decoy),
    line(ownCache, '  DSPy cache', ownCache ? cacheDir : `${cacheDir} is shared`),
  );
  return lines;
}
