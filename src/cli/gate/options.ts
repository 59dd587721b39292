import type { Arm, GatewayMode } from '../../core/pipeline-run.ts';
import type { GateOptions } from '../../vitest/gate/run-gate.ts';
import type { CommandContext } from '../command.ts';

/** The options of the `gate` command, as they were given. */
export interface GateCommandOptions {
  readonly lm: GatewayMode;
  readonly bug?: readonly string[];
  readonly quick?: boolean;
  readonly workers?: number;
  readonly arm?: Arm;
  readonly selfCheck?: boolean;
  readonly ablations?: boolean;
  readonly resume?: boolean;
}

/** Whether a run is of all bugs: only then are its runs kept, and its exhibits written down. */
export function isOfAllBugs(options: GateCommandOptions): boolean {
  return options.bug === undefined && !options.quick;
}

/** Whether a run stands on the frozen baseline: of all bugs, and not one that records the baseline's arm itself. */
function isBesideBaseline(options: GateCommandOptions): boolean {
  const recordsBaseline = options.lm === 'record' && !options.selfCheck && !options.ablations;
  return isOfAllBugs(options) && options.arm === undefined && !recordsBaseline;
}

/** What a run of the gate is asked to do. */
export function gateOptions(context: CommandContext, options: GateCommandOptions): GateOptions {
  return {
    root: context.root,
    mode: options.lm,
    note: context.note,
    signal: context.signal,
    startPython: context.startPython,
    ...(options.bug ? { bugs: options.bug } : {}),
    ...(options.quick ? { quick: true } : {}),
    ...(options.workers ? { workers: options.workers } : {}),
    ...(options.arm ? { arms: [options.arm] } : {}),
    frozen: isBesideBaseline(options),
    ...(isOfAllBugs(options) ? { keep: options.resume ? ('resume' as const) : ('anew' as const) } : {}),
  };
}

/** The same after a pass that has recorded: what it has left is gone on with. */
export function secondPass(options: GateOptions): GateOptions {
  return options.keep === undefined ? options : { ...options, keep: 'resume' };
}
