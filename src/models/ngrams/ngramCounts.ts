import * as z from 'zod';

const list = z.array(z.int().nonnegative());

const ngramCountsSchema = z
  .strictObject({
    version: z.literal(1),
    order: z.int().positive(),
    vocabularySize: z.int().positive(),
    /** For each n-gram but the empty one: the n-gram without its last token, its last token, how often it occurred. */
    parents: list,
    tokens: list,
    counts: list,
  })
  .refine(
    ({ vocabularySize, parents, tokens, counts }) =>
      tokens.length === parents.length &&
      counts.length === parents.length &&
      parents.every((parent, index) => parent <= index) &&
      tokens.every((token) => token < vocabularySize),
    { error: 'every n-gram must have a token of the vocabulary, a count, and a parent that comes before it' },
  );

export type NgramCountsJson = z.output<typeof ngramCountsSchema>;

export interface NgramShape {
  /** Tokens of the longest n-grams: 1 counts tokens alone, 2 pairs. */
  readonly order: number;
  readonly vocabularySize: number;
  /** Once so many different n-grams are in it, further ones are not counted, so that memory is bounded. */
  readonly maxNgrams?: number;
}

/** About 300 MB, tables growing included. */
const MAX_NGRAMS = 4_000_000;

/** The number of an n-gram that never occurred. */
export const ABSENT = -1;

/**
 * How often every n-gram of one up to `order` tokens occurs: a trie whose nodes are numbers. Node 0 is the empty
 * n-gram, and the child of a node along a token is the n-gram that is longer by it. Edges lie in one hash table with
 * linear probing; a `Map` for each node would take ten times the memory.
 */
export class NgramCounts {
  readonly order: number;
  readonly vocabularySize: number;
  readonly #maxNgrams: number;
  #size = 1;
  #parent = new Int32Array(1024);
  #token = new Int32Array(1024);
  #count = new Float64Array(1024);
  /** Sum of the counts of a node's children. */
  #followers = new Float64Array(1024);
  #distinctFollowers = new Float64Array(1024);
  /** Nodes by parent and token; 0, the root, is nobody's child and marks an empty slot. */
  #slots = new Int32Array(4096);

  /** @throws RangeError for an order or vocabulary below 1 */
  constructor({ order, vocabularySize, maxNgrams = MAX_NGRAMS }: NgramShape) {
    if (!(order >= 1) || !(vocabularySize >= 1))
      throw new RangeError(`n-grams of order ${order} over ${vocabularySize} tokens cannot be counted.`);
    this.order = order;
    this.vocabularySize = vocabularySize;
    this.#maxNgrams = maxNgrams;
  }

  /** Reads what `toJSON` wrote. @throws Error that names what is wrong in it. */
  static fromJSON(json: unknown): NgramCounts {
    const result = ngramCountsSchema.safeParse(json);
    if (!result.success)
      throw new Error(`These are not n-gram counts of Sequence Lab:\n${z.prettifyError(result.error)}`);
    const { order, vocabularySize, parents, tokens, counts } = result.data;
    const loaded = new NgramCounts({ order, vocabularySize, maxNgrams: Math.max(MAX_NGRAMS, parents.length) });
    parents.forEach((parent, index) => loaded.#increment(parent, tokens[index]!, counts[index]!));
    return loaded;
  }

  /**
   * Counts all n-grams of a sequence; none reaches over its ends.
   * @throws RangeError for a token outside of the vocabulary
   */
  add(sequence: Iterable<number>): void {
    // The nodes of the last 0, 1, ... tokens: what the next token makes longer.
    let contexts = [0];
    for (const token of sequence) {
      if (!(token >= 0 && token < this.vocabularySize)) {
        throw new RangeError(`Token ${token} is not in a vocabulary of ${this.vocabularySize}.`);
      }
      const longer = contexts.map((node) => (node === ABSENT ? ABSENT : this.#increment(node, token, 1)));
      contexts = [0, ...longer].slice(0, this.order);
    }
  }

  /** The n-gram that is longer by a token, or `ABSENT`. */
  child(node: number, token: number): number {
    return this.#slots[this.#slotOf(node, token)] || ABSENT;
  }

  /** The n-gram of these tokens, or `ABSENT`. */
  find(tokens: ArrayLike<number>): number {
    let node = 0;
    for (let at = 0; at < tokens.length && node !== ABSENT; at++) node = this.child(node, tokens[at]!);
    return node;
  }

  /** How often an n-gram occurred; 0 for `ABSENT`. */
  count(node: number): number {
    return this.#count[node] ?? 0;
  }

  /** How often any token followed an n-gram. */
  followers(node: number): number {
    return this.#followers[node]!;
  }

  /** How many different tokens followed an n-gram. */
  distinctFollowers(node: number): number {
    return this.#distinctFollowers[node]!;
  }

  toJSON(): NgramCountsJson {
    return {
      version: 1,
      order: this.order,
      vocabularySize: this.vocabularySize,
      parents: [...this.#parent.subarray(1, this.#size)],
      tokens: [...this.#token.subarray(1, this.#size)],
      counts: [...this.#count.subarray(1, this.#size)],
    };
  }

  #increment(parent: number, token: number, by: number): number {
    const slot = this.#slotOf(parent, token);
    let node = this.#slots[slot]!;
    if (node === 0) {
      if (this.#size > this.#maxNgrams) return ABSENT;
      node = this.#insert(parent, token, slot);
    }
    this.#count[node] = this.#count[node]! + by;
    this.#followers[parent] = this.#followers[parent]! + by;
    return node;
  }

  #insert(parent: number, token: number, slot: number): number {
    const node = this.#size++;
    if (node === this.#parent.length) this.#growNodes();
    this.#parent[node] = parent;
    this.#token[node] = token;
    this.#distinctFollowers[parent] = this.#distinctFollowers[parent]! + 1;
    this.#slots[slot] = node;
    if (2 * this.#size > this.#slots.length) this.#growSlots();
    return node;
  }

  /** Where the edge is, or the empty slot where it belongs. */
  #slotOf(parent: number, token: number): number {
    const mask = this.#slots.length - 1;
    let hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(token, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const node = this.#slots[slot]!;
      if (node === 0 || (this.#parent[node] === parent && this.#token[node] === token)) return slot;
    }
  }

  #growNodes(): void {
    const longer = <A extends Int32Array | Float64Array>(old: A, grown: A): A => {
      grown.set(old);
      return grown;
    };
    const length = 2 * this.#parent.length;
    this.#parent = longer(this.#parent, new Int32Array(length));
    this.#token = longer(this.#token, new Int32Array(length));
    this.#count = longer(this.#count, new Float64Array(length));
    this.#followers = longer(this.#followers, new Float64Array(length));
    this.#distinctFollowers = longer(this.#distinctFollowers, new Float64Array(length));
  }

  #growSlots(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let node = 1; node < this.#size; node++) {
      this.#slots[this.#slotOf(this.#parent[node]!, this.#token[node]!)] = node;
    }
  }
}
