import pc from 'picocolors';
import type { SelfCheck, SelfCheckReport } from '../core/self-check.ts';
import type { FalseVerdictRates } from '../core/verdict/false-verdicts.ts';
import { ageText, count, percentInterval, signedPercent } from './format.ts';

/** An A/A run in full, for the command that made it. */
export function renderSelfCheck(check: SelfCheck, options: { readonly color: boolean }): string {
  const paint = pc.createColors(options.color);
  const { first, second, bugs, repeats, changes, simulated } = check;
  const recorded = check.lm.recordedAt === null ? '' : ` recorded ${check.lm.recordedAt.slice(0, 10)}`;
  const split = check.split === 'all' ? '' : ` · ${check.split} split`;
  const verdict = check.wrong ? paint.red('FALSE VERDICT') : paint.green('right');
  return [
    ` ${paint.bold('A/A'.padEnd(13))} the baseline against a second session of itself   ${check.lm.model}${recorded}${split}`,
    `   ${'sessions'.padEnd(11)} ${rate(first)} → ${rate(second)} over ${count(bugs, 'bug')} × ${repeats ?? 0}   ${figures(check)}`,
    `   ${'changes'.padEnd(11)} won ${changes.won} · lost ${changes.lost} · kept ${changes.kept} · flaky ${changes.flaky}`,
    ...check.budgets.map(
      ({ metric, relative, interval, limit, status }) =>
        `   ${'budget'.padEnd(11)} ${metric.padEnd(10)} ${signedPercent(relative, 1)} ${percentInterval(interval, 1)} of ${signedPercent(limit)}   ${status}`,
    ),
    `   ${'verdict'.padEnd(11)} ${check.status}${regressedText(check)}: ${verdict}`,
    `   ${'expected'.padEnd(11)} ${falseVerdictsText(simulated)}`,
  ].join('\n');
}

/** The latest A/A run in one line, beside the rate of false verdicts by simulation. */
export function selfCheckLine(
  check: SelfCheckReport | null,
  simulated: FalseVerdictRates | null,
  paint: ReturnType<typeof pc.createColors>,
): string {
  const expected = falseVerdictsText(simulated);
  if (check === null) return `no run yet (gate --self-check) · ${expected}`;
  const verdict = `${check.status}${regressedText(check)}, ${check.wrong ? paint.red('a false verdict') : 'right'}`;
  const stale = check.current ? '' : paint.yellow(', of other code, bugs or settings');
  return `${figures(check)}: ${verdict} (${ageText(check.ageMs)} ago${stale}) · ${expected}`;
}

/** `false verdicts 4.5 % by simulation of 2000 migrations of 151 bugs that change nothing`. */
function falseVerdictsText(rates: FalseVerdictRates | null): string {
  if (rates === null) return 'false verdicts not simulated';
  const { wrong, migrations, bugs } = rates;
  const simulated = `${migrations} migrations of ${count(bugs, 'bug')} that change nothing`;
  return `false verdicts ${(wrong * 100).toFixed(1)} % by simulation of ${simulated}`;
}

function figures({ relative, interval }: SelfCheck): string {
  return `${signedPercent(relative)} ${percentInterval(interval)}`.trimEnd();
}

function regressedText({ regressed }: SelfCheck): string {
  return regressed.length === 0 ? '' : `, ${regressed.join(' and ')} called regressed`;
}

function rate(share: number | null): string {
  return share === null ? 'n/a' : `${(share * 100).toFixed(1)} %`;
}
