/** Read-only series: points ordered by x, as parallel arrays. A y of NaN is a value that is not finite. */
export interface ReadonlySeries {
  readonly length: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

const FIRST_CAPACITY = 64;

/** Values of every series without points: a list of runs has several for each run, most of which are never read. */
const NONE = new Float64Array(0);

/** Curve at full resolution. Its arrays grow by doubling: appending is cheap, and reading needs no copy. */
export class Series implements ReadonlySeries {
  #x: Float64Array = NONE;
  #y: Float64Array = NONE;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get x(): Float64Array {
    return this.#x.subarray(0, this.#length);
  }

  get y(): Float64Array {
    return this.#y.subarray(0, this.#length);
  }

  /** The last y, or null when there is none or it is not finite. */
  get last(): number | null {
    const y = this.#length === 0 ? NaN : (this.#y[this.#length - 1] ?? NaN);
    return Number.isFinite(y) ? y : null;
  }

  append(x: number, y: number | null): void {
    if (this.#length === this.#x.length) this.#grow();
    this.#x[this.#length] = x;
    this.#y[this.#length] = y ?? NaN;
    this.#length++;
  }

  /** Removes all points with an x above `x`. */
  cutAfter(x: number): void {
    while (this.#length > 0 && (this.#x[this.#length - 1] ?? 0) > x) this.#length--;
  }

  #grow(): void {
    this.#x = doubled(this.#x);
    this.#y = doubled(this.#y);
  }
}

function doubled(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(Math.max(FIRST_CAPACITY, values.length * 2));
  larger.set(values);
  return larger;
}
