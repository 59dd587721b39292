import { add, type Money } from '../../units/src/money.ts';

export type PriceOf = (article: string) => Promise<Money>;

/** Adds up what lies in a basket. */
export async function total(articles: readonly string[], priceOf: PriceOf): Promise<Money> {
  const prices = await Promise.all(articles.map(priceOf));
  return prices.reduce(add, { amount: 0n, currency: prices[0]?.currency ?? 'EUR' });
}
