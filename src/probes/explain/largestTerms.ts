import { EXPLAINED_TERMS, type ExplainedSum } from '../../protocol/explain.ts';

/** A sum of `count` products of a weight and a value, with its largest terms. */
export function largestTerms(
  count: number,
  weightOf: (index: number) => number,
  valueOf: (index: number) => number,
): ExplainedSum {
  const all = Array.from({ length: count }, (_, index) => {
    const [weight, value] = [weightOf(index), valueOf(index)];
    return { index, weight, value, product: weight * value };
  }).sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  const terms = all.slice(0, EXPLAINED_TERMS);
  const others = all.slice(EXPLAINED_TERMS);
  const rest = { count: others.length, total: added(others) };
  return { total: added(terms) + rest.total, terms, rest };
}

/** A sum of one term. */
export function singleTerm(index: number, weight: number, value: number): ExplainedSum {
  const product = weight * value;
  return { total: product, terms: [{ index, weight, value, product }], rest: { count: 0, total: 0 } };
}

function added(terms: readonly { readonly product: number }[]): number {
  return terms.reduce((total, { product }) => total + product, 0);
}
