/** An amount in the smallest unit of a currency. */
export interface Money {
  readonly amount: bigint;
  readonly currency: string;
}

export function add(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new TypeError(`${a.currency} and ${b.currency} cannot be added`);
  return { amount: a.amount + b.amount, currency: a.currency };
}

/** Splits an amount so that nothing is lost: the first parts take what is left over. */
export function split({ amount, currency }: Money, parts: number): Money[] {
  const share = amount / BigInt(parts);
  const rest = amount % BigInt(parts);
  return Array.from({ length: parts }, (_, n) => ({
    amount: share + (BigInt(n) < rest ? 1n : 0n),
    currency,
  }));
}

export function format({ amount, currency }: Money): string {
  return `${amount / 100n}.${String(amount % 100n).padStart(2, '0')} ${currency}`;
}
