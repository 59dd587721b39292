import { OPTIMIZERS, type OptimizerName } from '../core/optimizers.ts';

/** One optimization, as its row shows it. */
export interface OptimizationRow {
  readonly role: string;
  readonly optimizer: OptimizerName;
  readonly reflector: 'lm' | 'catalogue' | null;
  readonly budget: string | null;
  readonly status: string;
  /** Bugs of the validation split that it was scored on. */
  readonly bugs: number;
  /** Programs that were scored on all of them, the pipeline as it was among them. */
  readonly programs: number;
  /** Score (0..1) of the pipeline as it was and of the best program; null where nothing was scored to the end. */
  readonly scores: { readonly before: number; readonly best: number } | null;
  /** Mean growth of the best program over the pipeline as it was: 0.2 is +20 %; null where nothing better was found, or it is unknown. */
  readonly growth: { readonly tokens: number; readonly latency: number | null } | null;
  readonly spent: {
    readonly calls: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly cost: number | null;
    readonly currency: string;
    readonly seconds: number;
  };
}

const HEAD = [
  'role',
  'optimizer',
  'budget',
  'ended',
  'validation score',
  'programs scored',
  'its tokens',
  'its latency',
  'LM calls',
  'tokens in + out',
  'time',
  'cost',
];

/** `docs/optimizers.md`: what each optimizer found for a role, and what that cost. */
export function renderOptimizersPage(rows: readonly OptimizationRow[]): string {
  const table = [HEAD, HEAD.map(() => '---'), ...rows.map(cells)].map((row) => `| ${row.join(' | ')} |`);
  return `# Optimizers compared

Written by \`node scripts/docs.mjs\` from \`eval/optimized/\`; [budgets](budgets.md) says how an optimizer is run.

${table.join('\n')}

The score is the share of bugs of the validation split that were repaired, before → with the best program; how many bugs that is
stands behind it. Tokens and latency (modelled) are those of the best program against the pipeline as it was, over the same bugs; =
where nothing better was found, unknown where no one process has scored both. Scores of so few bugs tell no two optimizers apart that
are not far apart. Time is that of the recording, on whatever the machine did besides. \`catalogue\` is a reviewed list of
instructions: no language model wrote these.
`;
}

function cells(row: OptimizationRow): string[] {
  const { scores, spent, bugs } = row;
  const better = scores !== null && scores.best > scores.before;
  const reflector = row.reflector === null ? '' : ` (reflector: ${row.reflector})`;
  return [
    row.role,
    `${OPTIMIZERS[row.optimizer].title}${reflector}`,
    row.budget ?? 'whole',
    row.status,
    scores === null ? 'none' : `${solved(scores.before, bugs)} → ${solved(scores.best, bugs)} of ${bugs}`,
    String(row.programs),
    better ? change(row.growth?.tokens) : '=',
    better ? change(row.growth?.latency) : '=',
    String(spent.calls),
    `${spent.inputTokens} + ${spent.outputTokens}`,
    `${Math.round(spent.seconds)} s`,
    spent.cost === null ? 'unknown' : `${spent.cost.toFixed(2)} ${spent.currency}`,
  ];
}

/** Bugs that were repaired: judges may also give parts of a point. */
function solved(score: number, bugs: number): string {
  return String(Number((score * bugs).toFixed(1)));
}

function change(growth: number | null | undefined): string {
  if (growth === null || growth === undefined) return 'unknown';
  return `${growth < 0 ? '' : '+'}${(100 * growth).toFixed(0)} %`;
}
