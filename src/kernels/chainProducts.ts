import { loadProducts, PAGE, type Products, VECTORS } from './vectorProducts.ts';

const BYTES = Float64Array.BYTES_PER_ELEMENT;
/** Rows and columns are padded with zeros to a multiple of this, as the products need. */
const QUAD = 4;

/**
 * Workspace for passes over a Markov chain in float64: a square matrix A of transition probabilities, two tables with a
 * row for each time step, and the sum of outer products of their rows. It has a WebAssembly memory, which grows with the
 * longest sequence.
 */
export class ChainProducts {
  readonly states: number;
  /** Length of a row: the number of states, rounded up; what is beyond them is 0. */
  readonly width: number;
  readonly #products: Products;
  #timeSteps = 0;
  #alpha: Float64Array = new Float64Array(0);
  #weighted: Float64Array = new Float64Array(0);

  constructor(states: number) {
    this.states = states;
    this.width = Math.ceil(states / QUAD) * QUAD;
    this.#products = loadProducts();
    this.reserve(QUAD);
  }

  /** `[timeSteps, width]`; replaced by `reserve`. */
  get alpha(): Float64Array {
    return this.#alpha;
  }

  /** `[timeSteps, width]`; replaced by `reserve`. */
  get weighted(): Float64Array {
    return this.#weighted;
  }

  /** Sets A and resets the sum of outer products. @param transition `[states, states]` */
  begin(transition: Float64Array): void {
    this.#squareAt(this.#sum).fill(0);
    const matrix = this.#squareAt(VECTORS).fill(0);
    for (let i = 0; i < this.states; i++)
      matrix.set(transition.subarray(i * this.states, (i + 1) * this.states), i * this.width);
  }

  /** Makes room for a sequence. What the tables contain is lost if they are too short; all else is kept. */
  reserve(timeSteps: number): void {
    if (timeSteps <= this.#timeSteps) return;
    this.#timeSteps = Math.ceil(timeSteps / QUAD) * QUAD;
    const { memory } = this.#products;
    const cells = this.#timeSteps * this.width;
    const missing = this.#tables + (2 * cells + this.width) * BYTES - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    this.#alpha = new Float64Array(memory.buffer, this.#tables, cells);
    this.#weighted = new Float64Array(memory.buffer, this.#tables + cells * BYTES, cells);
    this.#alpha.fill(0);
    this.#weighted.fill(0);
  }

  /** Writes alpha A of the time step before into the row of a time step of `alpha`. */
  forward(t: number): void {
    this.#products.times(this.#row(t - 1), VECTORS, this.width, this.width * BYTES, this.width, this.#row(t));
  }

  /** Writes A w, for the row w of the time step after it in `weighted`, into the row of a time step of `weighted`. */
  backward(t: number): void {
    const table = this.#weighted.byteOffset - this.#tables;
    const [from, to] = [this.#row(t + 1) + table, this.#row(t) + table];
    this.#products.timesTransposed(from, VECTORS, this.width, this.width * BYTES, this.width, to);
  }

  /** Adds the outer product of each row of `alpha` with the row after it of `weighted`; the last row has none. */
  addPairs(timeSteps: number): void {
    const pairs = timeSteps - 1;
    const rows = Math.ceil(pairs / QUAD) * QUAD;
    // Rows that complete a group of four count nothing.
    this.#alpha.fill(0, pairs * this.width, Math.min(rows * this.width, this.#alpha.length));
    const stride = this.width * BYTES;
    const next = this.#weighted.byteOffset + stride;
    this.#products.addOuter(this.#tables, next, rows, stride, this.width, this.#sum);
  }

  /** The sum of the outer products since `begin`, `[states, width]`. */
  get pairs(): Float64Array {
    return this.#squareAt(this.#sum).subarray(0, this.states * this.width);
  }

  /** Place of the sum, after A. */
  get #sum(): number {
    return VECTORS + this.width ** 2 * BYTES;
  }

  get #tables(): number {
    return this.#sum + this.width ** 2 * BYTES;
  }

  #row(t: number): number {
    return this.#tables + t * this.width * BYTES;
  }

  #squareAt(place: number): Float64Array {
    return new Float64Array(this.#products.memory.buffer, place, this.width ** 2);
  }
}
