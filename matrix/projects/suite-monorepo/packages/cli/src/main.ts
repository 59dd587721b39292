import { format } from '../../units/src/money.ts';

/** Prints an amount given in cents. */
export function main(args: readonly string[], print: (line: string) => void = console.log): number {
  const [cents = ''] = args;
  if (!/^\d+$/.test(cents)) {
    print(`not an amount: ${cents}`);
    return 2;
  }
  print(format({ amount: BigInt(cents), currency: process.env.CURRENCY ?? 'XXX' }));
  return 0;
}
