import { existsSync } from 'node:fs';
import path from 'node:path';
import { loadGate } from '../../config/gate.ts';
import { ConstitutionError } from '../../core/errors.ts';
import type { GatewayMode } from '../../core/pipeline-run.ts';
import { renderPytest } from '../../report/pytest.ts';
import type { Command, CommandContext } from '../command.ts';

interface Options {
  readonly from?: string;
  readonly to?: string;
  readonly require?: readonly string[];
  readonly seconds?: string;
  readonly name?: string;
  readonly lm: string;
  readonly network?: true;
  readonly strict?: true;
}

const MODES: readonly GatewayMode[] = ['replay', 'record', 'auto', 'live'];

export const command: Command = {
  summary: "run another project's pytest suite under both versions of DSPy and compare it test by test",
  configure: (command, action) =>
    command
      .argument('<folder>', 'where pytest is called; it is copied, and stays as it is')
      .argument('[arguments...]', 'for pytest, behind --: paths, -k, -m')
      .option(
        '--from <environment>',
        'the earlier one, by name or version (default: the baseline of gate.yaml)',
      )
      .option('--to <environment>', 'the later one (default: the candidate of gate.yaml)')
      .option(
        '--require <requirement...>',
        'what the suite needs beside DSPy, e.g. httpx==0.28.1 or "-r requirements.txt"',
      )
      .option('--seconds <number>', 'limit for one test (default: 60)')
      .option('--name <name>', 'names the recordings of its LM calls (default: the name of the folder)')
      .option('--lm <mode>', 'replay, record, auto or live', 'replay')
      .option('--network', 'let tests reach other machines')
      .option('--strict', 'exit code 1 also where tests fail in both versions')
      .addHelpText(
        'after',
        '\nExit code: 0 the later version is no worse, 1 it is, 3 nothing could be compared.',
      )
      .action(
        action((context, folder, rest, options) =>
          pytest(context, folder as string, rest as string[], options as Options),
        ),
      ),
};

async function pytest(
  context: CommandContext,
  folder: string,
  rest: readonly string[],
  options: Options,
): Promise<number> {
  const { root, signal, note, json, color } = context;
  const mode = MODES.find((known) => known === options.lm);
  const secondsPerTest = options.seconds === undefined ? undefined : Number(options.seconds);
  if (mode === undefined) throw usage(`--lm is "${options.lm}"`, `Choose ${MODES.join(', ')}.`);
  if (secondsPerTest !== undefined && !(secondsPerTest > 0))
    throw usage(`--seconds is "${options.seconds}"`, 'Give a number above 0.');
  const environments = await environmentsOf(root, options);
  const { startSuitePair } = await import('../../pytest/suite-pair.ts');
  const { startService } = await import('../../vitest/service.ts');
  const { GatewayClient } = await import('../../gateway/client.ts');
  const service = existsSync(path.join(root, 'gate.yaml'))
    ? await startService(root, { mode, note, signal })
    : null;
  try {
    const gateway = service && {
      client: new GatewayClient(service.address),
      baseUrl: service.address.gatewayUrl,
    };
    const request = {
      root,
      suite: path.resolve(folder),
      environments,
      requirements: options.require ?? [],
      arguments: rest,
      network: options.network === true,
      signal,
      note,
      ...(secondsPerTest === undefined ? {} : { secondsPerTest }),
      ...(options.name === undefined ? {} : { name: options.name }),
    };
    const pair = await startSuitePair(request, gateway);
    const comparison = await pair.finish();
    context.out(json ? JSON.stringify(comparison) : renderPytest(comparison, { color }));
    const { tests, worse, failing } = comparison.summary;
    if (tests === 0) return 3;
    return worse > 0 || (options.strict && failing > 0) ? 1 : 0;
  } finally {
    await service?.close();
  }
}

async function environmentsOf(root: string, { from, to }: Options): Promise<[string, string]> {
  if (from !== undefined && to !== undefined) return [from, to];
  const { environments } = await loadGate(root);
  return [from ?? environments.baseline, to ?? environments.candidate];
}

function usage(message: string, hint: string): ConstitutionError {
  return new ConstitutionError('CX-USAGE', message, { hint });
}
