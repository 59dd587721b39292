import type { OptimizerName } from '../../core/optimizers.ts';
import type { GatewayMode } from '../../core/pipeline-run.ts';

/** The options of the `optimize` command, as they were given. */
export interface OptimizeOptions {
  readonly lm: GatewayMode;
  readonly seed: number;
  readonly threads: number;
  readonly minibatch: number;
  readonly optimizer: OptimizerName;
  /** Name of a smaller budget. */
  readonly budget?: string;
  readonly train?: number;
  readonly validation?: number;
  readonly judge?: string;
  /** What answers GEPA's reflection requests. */
  readonly reflector: 'lm' | 'catalogue';
  readonly reflectionModel?: string;
  readonly reflectionEndpoint?: string;
  readonly reflectionKeyVariable?: string;
  readonly resume?: boolean;
}

/** What holds where an option is not given. */
export const DEFAULTS = {
  lm: 'live',
  seed: 0,
  threads: 2,
  minibatch: 3,
  optimizer: 'gepa',
  reflector: 'lm',
} as const satisfies Partial<OptimizeOptions>;

/** The options that name an optimization and how it is run, as the command line has them; `--resume` is none of them. */
const WRITTEN: readonly (readonly [string, Exclude<keyof OptimizeOptions, 'resume'>])[] = [
  ['--optimizer', 'optimizer'],
  ['--reflector', 'reflector'],
  ['--reflection-model', 'reflectionModel'],
  ['--reflection-endpoint', 'reflectionEndpoint'],
  ['--reflection-key-variable', 'reflectionKeyVariable'],
  ['--budget', 'budget'],
  ['--train', 'train'],
  ['--validation', 'validation'],
  ['--judge', 'judge'],
  ['--minibatch', 'minibatch'],
  ['--seed', 'seed'],
  ['--threads', 'threads'],
  ['--lm', 'lm'],
];

/** The command that was given, without what is so anyway: an optimization is gone on with by the options it was begun with. */
export function commandOf(role: string, options: OptimizeOptions): string {
  const usual: Partial<OptimizeOptions> = DEFAULTS;
  const given = WRITTEN.filter(([, name]) => options[name] !== undefined && options[name] !== usual[name]);
  return [
    `optimize ${role}`,
    ...given.map(([flag, name]) => `${flag} ${quoted(String(options[name]))}`),
  ].join(' ');
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
