import {
  addEnvironment,
  cleanEnvironments,
  type EnvironmentStatus,
  type ListedEnvironment,
  listEnvironments,
  repairEnvironment,
  resolveLock,
  type SyncOptions,
  summary,
  syncEnvironments,
} from '../../bridge/environments/index.ts';
import { loadEnvironments, selectEnvironments } from '../../config/environments.ts';
import type { Command, CommandContext } from '../command.ts';

export const command: Command = {
  summary: 'make, list, repair and add the Python environments',
  configure(env, action) {
    env
      .command('sync [names...]')
      .summary('bring environments to what their locks say (all by default)')
      .action(action((context, names) => sync(context, names as string[])));
    env
      .command('list')
      .summary('show every environment and its state')
      .action(action((context) => list(context)));
    env
      .command('repair [names...]')
      .summary('remove environments with their caches and make them anew')
      .action(action((context, names) => repair(context, names as string[])));
    env
      .command('clean')
      .summary('remove environments that are no longer declared')
      .option('--all', 'remove every environment')
      .action(action((context, options) => clean(context, (options as { all?: boolean }).all === true)));
    env
      .command('add <requirement>')
      .summary('declare, lock and make another version, e.g. dspy==3.4.1')
      .action(action((context, requirement) => add(context, requirement as string)));
    env
      .command('lock [names...]')
      .summary('resolve environments anew and write their locks')
      .action(action((context, names) => lock(context, names as string[])));
  },
};

async function sync(context: CommandContext, names: string[]): Promise<number> {
  const declared = selectEnvironments(await loadEnvironments(context.root), names);
  const { ready, installed } = await syncEnvironments(context.root, declared, progress(context));
  const parts = [
    ...(installed.length > 0 ? [`made ${installed.join(', ')}`] : []),
    ...(ready.length > 0 ? [`ready ${ready.join(', ')}`] : []),
  ];
  result(context, { ready, installed }, parts.join('; ') || 'no environments are declared');
  return 0;
}

async function list(context: CommandContext): Promise<number> {
  const listed = await listEnvironments(context.root, await loadEnvironments(context.root));
  if (context.json) {
    context.out(JSON.stringify(listed.map(listedJson), null, 2));
    return 0;
  }
  const width = Math.max(0, ...listed.map((one) => one.name.length));
  for (const one of listed) context.out(`${one.name.padEnd(width)}  ${describe(one)}`);
  if (listed.length === 0) context.out('no environments are declared');
  return 0;
}

async function repair(context: CommandContext, names: string[]): Promise<number> {
  const declared = selectEnvironments(await loadEnvironments(context.root), names);
  for (const one of declared) await repairEnvironment(context.root, one, progress(context));
  const repaired = declared.map((one) => one.name);
  result(context, { repaired }, `made anew ${repaired.join(', ')}`);
  return 0;
}

async function clean(context: CommandContext, all: boolean): Promise<number> {
  const declared = await loadEnvironments(context.root);
  const removed = await cleanEnvironments(context.root, declared, { ...progress(context), all });
  result(context, { removed }, removed.length > 0 ? `removed ${removed.join(', ')}` : 'nothing to remove');
  return 0;
}

async function add(context: CommandContext, requirement: string): Promise<number> {
  const { name } = await addEnvironment(context.root, requirement, progress(context));
  result(context, { added: name }, `added ${name}: commit environments/${name}.yaml and its lock`);
  return 0;
}

async function lock(context: CommandContext, names: string[]): Promise<number> {
  const declared = selectEnvironments(await loadEnvironments(context.root), names);
  for (const one of declared) await resolveLock(context.root, one, progress(context));
  const locked = declared.map((one) => one.name);
  result(context, { locked }, `locked ${locked.join(', ')}`);
  return 0;
}

/** Progress lines with the seconds since the command began. */
function progress(context: CommandContext): SyncOptions {
  const begin = performance.now();
  return {
    signal: context.signal,
    onProgress: ({ environment, message }) => {
      const seconds = ((performance.now() - begin) / 1000).toFixed(1).padStart(5);
      context.note(`${seconds} s  ${environment === null ? '' : `${environment}: `}${message}`);
    },
  };
}

function result(context: CommandContext, json: object, text: string): void {
  context.out(context.json ? JSON.stringify(json) : text);
}

function describe(one: ListedEnvironment): string {
  const { status } = one;
  const made =
    'stamp' in status ? `dspy ${status.stamp.dspy}, Python ${status.stamp.python}` : `dspy ${one.dspy}`;
  return `${one.declared ? '' : 'not declared, '}${stateText(status)} (${made})`;
}

function stateText(status: EnvironmentStatus): string {
  return status.state === 'damaged' ? `damaged: ${summary(status.differences)}` : status.state;
}

function listedJson({ name, dspy, declared, status }: ListedEnvironment) {
  const stamp = 'stamp' in status ? status.stamp : null;
  return {
    name,
    dspy,
    declared,
    state: status.state,
    python: stamp?.python ?? null,
    lockSha256: stamp?.lockSha256 ?? null,
    installer: stamp?.installer ?? null,
    createdAt: stamp?.createdAt ?? null,
    differences: status.state === 'damaged' ? status.differences : [],
  };
}
