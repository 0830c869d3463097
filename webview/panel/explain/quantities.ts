import type { ExplainedSum } from '../../../src/protocol/explain.ts';
import type { FormulaId } from '../../math/formulas.ts';

/** A term of a sum: a product of factors, or a single number. */
export interface Term {
  readonly name: string;
  readonly factors: readonly number[];
  readonly value: number;
}

/** Terms that add up to a total. */
export interface TermGroup {
  readonly title: string;
  readonly terms: readonly Term[];
  /** Smaller terms, added up. */
  readonly rest: { readonly count: number; readonly total: number };
  /** Factor of the sum of the terms; undefined for none. */
  readonly factor?: { readonly name: string; readonly value: number };
  readonly total: number;
}

/** Number in an equation. */
export interface NumberPiece {
  readonly value: number;
  /** What the number is, such as "input gate" or "part of x". */
  readonly name: string;
  /** Index of the group of terms that explains it; null if nothing does. */
  readonly group: number | null;
  /** True after a minus sign: the number is shown without its own. */
  readonly unsigned?: boolean;
}

/** Part of an equation with numbers: text, or a number. */
export type Piece = string | NumberPiece;

/** A value of the explained unit, with its equation. */
export interface Quantity {
  readonly id: string;
  /** Symbol, such as "i⟨t⟩". */
  readonly symbol: string;
  readonly name: string;
  readonly value: number;
  /** Equations of the value, typeset. */
  readonly formulas: readonly FormulaId[];
  /** The right side of the equation with its numbers. */
  readonly numbers: readonly Piece[];
  /** The parts that add up to the value, or to what the activation is applied to; absent if there is one group. */
  readonly overview?: TermGroup;
  readonly groups: readonly TermGroup[];
}

/** Group of the terms of a sum of products of a weight and a value. */
export function groupOf(
  title: string,
  { terms, rest, total }: ExplainedSum,
  nameOf: (term: ExplainedSum['terms'][number]) => string,
): TermGroup {
  return {
    title,
    terms: terms.map((term) => ({ name: nameOf(term), factors: [term.weight, term.value], value: term.product })),
    rest,
    total,
  };
}

/** Group of a few products, all of them listed. */
export function productsOf(
  title: string,
  products: readonly (readonly [name: string, factors: readonly number[]])[],
): TermGroup {
  const terms = products.map(([name, factors]) => ({
    name,
    factors,
    value: factors.reduce((product, factor) => product * factor, 1),
  }));
  return { title, terms, rest: { count: 0, total: 0 }, total: terms.reduce((sum, { value }) => sum + value, 0) };
}

/** Group of parts that are explained by groups of their own. */
export function partsOf(title: string, parts: readonly (readonly [name: string, value: number])[]): TermGroup {
  return productsOf(
    title,
    parts.map(([name, value]) => [name, [value]]),
  );
}

/** Numbers with plus and minus signs between them. */
export function sumPieces(parts: readonly NumberPiece[]): Piece[] {
  return parts.flatMap((part, i): Piece[] => {
    if (i === 0) return [part];
    return part.value < 0 ? [' − ', { ...part, unsigned: true }] : [' + ', part];
  });
}
