import pc from 'picocolors';
import { clip, count, printable } from './format.ts';

/** What is shown of a bug that was made. */
export interface ShownBug {
  readonly bug: string;
  readonly folder: string;
  readonly kind: string;
  readonly title: string;
  readonly proven: boolean;
  readonly missing: readonly string[];
  readonly detail: string;
}

/** Assertions without use that are named; the others are counted. */
const SHOWN = 5;

/** Where a new bug is, whether it is proven, and what is left to do. */
export function renderNewBug(
  made: ShownBug,
  left: readonly { readonly where: string; readonly why: string }[],
  options: { readonly color: boolean; readonly dir?: string },
): string {
  const paint = pc.createColors(options.color);
  const { bug, folder, kind, title, proven, missing, detail } = made;
  const elsewhere = options.dir === undefined ? '' : ` --dir ${options.dir}`;
  const mark = proven ? paint.green('✓') : paint.yellow('○');
  return [
    `${mark} ${bug} ${paint.dim(`${kind} · ${printable(title)}`)}`,
    `  ${folder}`,
    ...(proven
      ? [`  proven: ${detail}`]
      : missing.map((reason) => `  ${paint.yellow('to do')} ${clip(printable(reason), 400)}`)),
    ...left
      .slice(0, SHOWN)
      .map(({ where, why }) => paint.dim(`  not used: ${printable(where)}: ${clip(printable(why), 200)}`)),
    ...(left.length > SHOWN ? [paint.dim(`  and ${count(left.length - SHOWN, 'other')}`)] : []),
    ...(proven ? [] : [`  Complete it, then run \`bugs verify ${bug}${elsewhere}\`.`]),
  ].join('\n');
}
