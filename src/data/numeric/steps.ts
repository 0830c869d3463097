/** Steps of a series in the order of time, in columns: objects for millions of steps would need much more memory. */
export interface Steps {
  readonly length: number;
  readonly channels: number;
  /** `[steps, channels]`, row-major; NaN where a value is missing. */
  readonly values: Float64Array;
  /** NaN without times. */
  readonly times: Float64Array;
  /** Lines of the file. */
  readonly lines: Uint32Array;
}

/** Steps that are added one by one. */
export class StepList implements Steps {
  readonly channels: number;
  length = 0;
  #values: Float64Array<ArrayBuffer>;
  #times: Float64Array<ArrayBuffer>;
  #lines: Uint32Array<ArrayBuffer>;

  /** @param room number of steps for which there is room at first */
  constructor(channels: number, room: number) {
    this.channels = channels;
    this.#values = new Float64Array(room * channels);
    this.#times = new Float64Array(room);
    this.#lines = new Uint32Array(room);
  }

  get values(): Float64Array {
    return this.#values.subarray(0, this.length * this.channels);
  }

  get times(): Float64Array {
    return this.#times.subarray(0, this.length);
  }

  get lines(): Uint32Array {
    return this.#lines.subarray(0, this.length);
  }

  /** Adds a step, whose values are the first ones of an array from a place on. */
  add(time: number, line: number, values: ArrayLike<number>, at = 0): void {
    if (this.length === this.#times.length) this.#grow();
    this.#times[this.length] = time;
    this.#lines[this.length] = line;
    for (let channel = 0; channel < this.channels; channel++)
      this.#values[this.length * this.channels + channel] = values[at + channel]!;
    this.length++;
  }

  #grow(): void {
    const room = Math.max(16, 2 * this.length);
    const [values, times, lines] = [
      new Float64Array(room * this.channels),
      new Float64Array(room),
      new Uint32Array(room),
    ];
    values.set(this.#values);
    times.set(this.#times);
    lines.set(this.#lines);
    [this.#values, this.#times, this.#lines] = [values, times, lines];
  }
}
