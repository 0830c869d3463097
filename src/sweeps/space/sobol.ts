/**
 * Sobol sequences with the direction numbers of Joe and Kuo (2008, "Constructing Sobol sequences with better
 * two-dimensional projections"), set `new-joe-kuo-6`: primitive polynomials by their coefficients, and initial numbers.
 * The first dimension, which has neither, is the van der Corput sequence.
 */
const DIRECTIONS: readonly (readonly [polynomial: number, initial: readonly number[]])[] = [
  [3, [1]],
  [7, [1, 3]],
  [11, [1, 3, 1]],
  [13, [1, 1, 1]],
  [19, [1, 1, 3, 3]],
  [25, [1, 3, 5, 13]],
  [37, [1, 1, 5, 5, 17]],
  [41, [1, 1, 5, 5, 5]],
  [47, [1, 1, 7, 11, 19]],
  [55, [1, 1, 5, 1, 1]],
  [59, [1, 1, 1, 3, 11]],
  [61, [1, 3, 5, 5, 31]],
  [67, [1, 3, 3, 9, 7, 49]],
  [91, [1, 1, 1, 15, 21, 21]],
  [97, [1, 3, 1, 13, 27, 49]],
  [103, [1, 1, 1, 15, 7, 5]],
  [109, [1, 3, 1, 15, 13, 25]],
  [115, [1, 1, 5, 5, 19, 61]],
  [131, [1, 3, 7, 11, 23, 15, 103]],
  [137, [1, 3, 7, 13, 13, 15, 69]],
];

/** Most dimensions of a sequence. */
export const MOST_SOBOL = DIRECTIONS.length + 1;

const BITS = 32;

/**
 * The points of a Sobol sequence in [0, 1) without end, in the order of the Gray code (Antonov and Saleev 1979).
 * @param shifts a 32-bit word for each dimension, which is added to its digits: it moves all points at random, and keeps
 *   that each elementary interval has as many points as any other
 */
export function* sobolPoints(shifts: readonly number[]): Generator<readonly number[]> {
  const directions = shifts.map((_, dimension) => directionsOf(dimension));
  const digits = [...shifts];
  for (let index = 0; ; index++) {
    yield digits.map((word) => (word >>> 0) / 2 ** BITS);
    const bit = Math.min(BITS - 1, lowestZero(index));
    for (const [dimension, words] of directions.entries())
      digits[dimension] = ((digits[dimension] ?? 0) ^ (words[bit] ?? 0)) >>> 0;
  }
}

/** Direction numbers of a dimension as 32-bit words. */
function directionsOf(dimension: number): readonly number[] {
  if (dimension === 0) return Array.from({ length: BITS }, (_, bit) => (2 ** (BITS - 1 - bit)) >>> 0);
  const entry = DIRECTIONS[dimension - 1];
  if (!entry) throw new RangeError(`A Sobol sequence has at most ${MOST_SOBOL} dimensions.`);
  const [polynomial, initial] = entry;
  const degree = initial.length;
  const words = initial.map((number, bit) => (number * 2 ** (BITS - 1 - bit)) >>> 0);
  for (let bit = degree; bit < BITS; bit++) {
    const before = words[bit - degree] ?? 0;
    let word = before ^ (before >>> degree);
    // Coefficients between the first and the last one of the polynomial, which are 1.
    for (let term = 1; term < degree; term++) if ((polynomial >>> (degree - term)) & 1) word ^= words[bit - term] ?? 0;
    words.push(word >>> 0);
  }
  return words;
}

/** Place of the lowest bit that is zero. */
function lowestZero(index: number): number {
  let bit = 0;
  while ((index >>> bit) & 1) bit++;
  return bit;
}
