import * as z from 'zod';

/** JSON schema of the state of a `Generator`: four 32-bit words. */
export const generatorState = z.tuple([z.int(), z.int(), z.int(), z.int()]);

export type GeneratorState = Readonly<z.output<typeof generatorState>>;

/**
 * Random number generator for everything random in a run: initial weights, sampling, splits. Checkpoints contain its
 * state, so a resumed run draws the same numbers as an uninterrupted one.
 *
 * The algorithm is xoshiro128** by Blackman and Vigna (2018), seeded through splitmix32 so that seeds 1, 2, 3 yield
 * unrelated streams.
 */
export class Generator {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  private constructor([a, b, c, d]: GeneratorState) {
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
  }

  /**
   * Creates an independent stream for a seed and a purpose, so that drawing more numbers for one purpose (such as a
   * longer sample) never changes those of another.
   */
  static forPurpose(seed: number, purpose: string): Generator {
    let hash = seed | 0;
    for (let index = 0; index < purpose.length; index++) {
      hash = Math.imul(hash ^ purpose.charCodeAt(index), 0x01000193);
    }
    const next = splitMix32(hash);
    return new Generator([next(), next(), next(), next() | 1]);
  }

  /** Creates a generator that continues from a stored state. */
  static fromState(state: GeneratorState): Generator {
    return new Generator(state);
  }

  get state(): GeneratorState {
    return [this.#a >>> 0, this.#b >>> 0, this.#c >>> 0, this.#d >>> 0];
  }

  /** Sets the state of this generator to a stored one. */
  restore([a, b, c, d]: GeneratorState): void {
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
  }

  /** Returns a uniform unsigned 32-bit integer. */
  nextWord(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotateLeft(this.#d, 11);
    return result;
  }

  /** Returns a uniform number in [0, 1) with 53 random bits. */
  nextUniform(): number {
    return ((this.nextWord() >>> 5) * 0x4000000 + (this.nextWord() >>> 6)) / 0x20000000000000;
  }

  /** Returns a uniform integer in [0, limit). */
  nextBelow(limit: number): number {
    return Math.floor(this.nextUniform() * limit);
  }

  /**
   * Returns a standard normal number (Box and Muller 1958). The second value is discarded to keep the state at four
   * words.
   */
  nextNormal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.nextUniform()));
    return radius * Math.cos(2 * Math.PI * this.nextUniform());
  }
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function splitMix32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = state ^ (state >>> 16);
    word = Math.imul(word, 0x21f0aaad);
    word ^= word >>> 15;
    word = Math.imul(word, 0x735a2d97);
    return (word ^ (word >>> 15)) >>> 0;
  };
}
