import { Generator } from '../../random/generator.ts';

/**
 * Points of a Latin hypercube (McKay, Beckman and Conover 1979): in each dimension, each of `count` equal intervals of
 * [0, 1) has exactly one point.
 * @returns `count` points with `dimensions` coordinates each
 */
export function latinHypercube(count: number, dimensions: number, seed: number): readonly (readonly number[])[] {
  const random = Generator.forPurpose(seed, 'latin-hypercube');
  const columns = Array.from({ length: dimensions }, () =>
    permutation(count, random).map((stratum) => Math.min((stratum + random.nextUniform()) / count, BELOW_ONE)),
  );
  return Array.from({ length: count }, (_, point) => columns.map((column) => column[point] ?? 0));
}

/** The largest number below 1, which a sum may be rounded up to. */
const BELOW_ONE = 1 - 2 ** -53;

/** A random order of 0 to count - 1 (Fisher and Yates). */
function permutation(count: number, random: Generator): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const other = random.nextBelow(last + 1);
    const [a = 0, b = 0] = [order[last], order[other]];
    order[last] = b;
    order[other] = a;
  }
  return order;
}
