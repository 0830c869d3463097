import type { TokenSequence } from './tokenSequence.ts';

/** The characters of one training step, `[timeSteps, batchSize]` in time-major order. */
export interface TrainingWindow {
  /** Step t of stream b is at `t * batchSize + b`. */
  readonly inputs: Int32Array;
  /** The character that follows each input in the text. */
  readonly targets: Int32Array;
  /** The streams begin anew: the state of the step before does not belong to these characters. */
  readonly startOfEpoch: boolean;
  /**
   * Steps at the end of the window whose targets no window before it has had: all of the first, `stride` of the others.
   */
  readonly newSteps: number;
}

/** Which window comes next; what a checkpoint has to keep of the batcher. */
export interface BatcherPosition {
  readonly epoch: number;
  readonly window: number;
}

/**
 * Stateful batching for truncated back-propagation through time: the text is cut into streams that lie
 * end to end, and window k of every stream begins `stride` steps after its window k - 1, so that the state
 * there is the right initial state of the next. With a stride of a whole window none is read twice.
 *
 * All steps have the same shape, so streams are a whole number of strides and the rest of a window long, and up to
 * `batchSize * stride - 1` characters of the text are left over. They are not lost: even epochs leave
 * them over at the end and odd epochs at the beginning. The streams are never shorter than the left-over,
 * so any two epochs in a row train on every character that has one before it. (A shorter last window
 * would also reach all of them, but at the price of a second shape in every kernel and a noisier step.)
 */
export class StreamBatcher {
  /** Number of streams: as asked for, or as many as the text has windows. */
  readonly batchSize: number;
  readonly timeSteps: number;
  /** Steps from one window to the next. */
  readonly stride: number;
  readonly windowsPerEpoch: number;
  readonly #text: TokenSequence;
  readonly #leftOver: number;
  #position: BatcherPosition = { epoch: 0, window: 0 };
  readonly #inputs: Int32Array;
  readonly #targets: Int32Array;
  readonly #stretch: Int32Array;

  /**
   * @throws RangeError for a text of fewer than `timeSteps + 1` characters, or a stride that is not 1 to `timeSteps`.
   */
  constructor(
    text: TokenSequence,
    { batchSize, timeSteps, stride = timeSteps }: { batchSize: number; timeSteps: number; stride?: number },
  ) {
    if (!(stride >= 1 && stride <= timeSteps))
      throw new RangeError(`A stride of ${stride} does not fit windows of ${timeSteps} time steps.`);
    const targets = text.length - 1;
    if (targets < timeSteps) {
      throw new RangeError(`${text.length} characters are too few for a window of ${timeSteps} time steps.`);
    }
    this.#text = text;
    this.timeSteps = timeSteps;
    this.stride = stride;
    this.batchSize = Math.min(batchSize, Math.floor(targets / timeSteps));
    this.windowsPerEpoch = Math.floor((Math.floor(targets / this.batchSize) - (timeSteps - stride)) / stride);
    this.#leftOver = targets - this.batchSize * this.streamLength;
    this.#inputs = new Int32Array(timeSteps * this.batchSize);
    this.#targets = new Int32Array(timeSteps * this.batchSize);
    this.#stretch = new Int32Array(timeSteps + 1);
  }

  /** Characters that one stream trains on in an epoch. */
  get streamLength(): number {
    return this.windowsPerEpoch * this.stride + this.timeSteps - this.stride;
  }

  /** The window that `next` will give. */
  get position(): BatcherPosition {
    return this.#position;
  }

  /** Goes to a position, as if all windows before it had been given. @throws RangeError for one that does not exist. */
  seek({ epoch, window }: BatcherPosition): void {
    const exists =
      Number.isSafeInteger(epoch) &&
      Number.isSafeInteger(window) &&
      epoch >= 0 &&
      window >= 0 &&
      window < this.windowsPerEpoch;
    if (!exists) {
      throw new RangeError(`There is no window ${window} in epoch ${epoch}; an epoch has ${this.windowsPerEpoch}.`);
    }
    this.#position = { epoch, window };
  }

  /** The next window. Its arrays are filled anew by the next call: copy what is needed for longer. */
  next(): TrainingWindow {
    const { epoch, window } = this.#position;
    const firstStream = epoch % 2 === 0 ? 0 : this.#leftOver;
    for (let stream = 0; stream < this.batchSize; stream++) {
      this.#fill(stream, firstStream + stream * this.streamLength + window * this.stride);
    }
    const isLast = window + 1 === this.windowsPerEpoch;
    this.#position = isLast ? { epoch: epoch + 1, window: 0 } : { epoch, window: window + 1 };
    const startOfEpoch = window === 0;
    return {
      inputs: this.#inputs,
      targets: this.#targets,
      startOfEpoch,
      newSteps: startOfEpoch ? this.timeSteps : this.stride,
    };
  }

  /** One column of the window, from a stretch of the text that has one more character than time steps. */
  #fill(stream: number, start: number): void {
    const stretch = this.#stretch;
    this.#text.copyTo(stretch, 0, start, stretch.length);
    for (let t = 0; t < this.timeSteps; t++) {
      this.#inputs[t * this.batchSize + stream] = stretch[t]!;
      this.#targets[t * this.batchSize + stream] = stretch[t + 1]!;
    }
  }
}
