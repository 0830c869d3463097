import type { TokenSequence } from './tokenSequence.ts';
import {
  type BatcherPosition,
  fillStream,
  type TrainingWindow,
  type WindowBatcher,
  WindowCounter,
} from './windowBatcher.ts';

/**
 * Stateful batching for truncated backpropagation through time. The text is split into consecutive streams, and window
 * k of each stream begins `stride` steps after window k - 1, so that the state at that step is the correct initial
 * state. If the stride is the length of a window, no character is read twice.
 *
 * All windows have the same shape, so the length of a stream is a whole number of strides plus the rest of a window,
 * and up to `batchSize * stride - 1` characters of the text remain. Even epochs skip them at the end, odd epochs at the
 * start. Streams are never shorter than this remainder, so two consecutive epochs train on every character except the
 * first. (A shorter last window would also cover them, but would need a second shape in every kernel and a noisier
 * step.)
 */
export class StreamBatcher implements WindowBatcher {
  /** Number of streams: the requested batch size, or the number of windows in the text if that is lower. */
  readonly batchSize: number;
  readonly timeSteps: number;
  /** Number of steps from one window to the next. */
  readonly stride: number;
  readonly windowsPerEpoch: number;
  readonly #text: TokenSequence;
  readonly #leftOver: number;
  readonly #counter: WindowCounter;
  readonly #inputs: Int32Array;
  readonly #targets: Int32Array;
  readonly #stretch: Int32Array;

  /**
   * @throws RangeError for a text of fewer than `timeSteps + 1` characters, or a stride that is not in 1 to `timeSteps`
   */
  constructor(
    text: TokenSequence,
    { batchSize, timeSteps, stride = timeSteps }: { batchSize: number; timeSteps: number; stride?: number },
  ) {
    if (!(stride >= 1 && stride <= timeSteps))
      throw new RangeError(`The stride ${stride} must be between 1 and the ${timeSteps} time steps of a window.`);
    const targets = text.length - 1;
    if (targets < timeSteps) {
      throw new RangeError(`${text.length} characters are too few for a window of ${timeSteps} time steps.`);
    }
    this.#text = text;
    this.timeSteps = timeSteps;
    this.stride = stride;
    this.batchSize = Math.min(batchSize, Math.floor(targets / timeSteps));
    this.windowsPerEpoch = Math.floor((Math.floor(targets / this.batchSize) - (timeSteps - stride)) / stride);
    this.#counter = new WindowCounter(this.windowsPerEpoch);
    this.#leftOver = targets - this.batchSize * this.streamLength;
    this.#inputs = new Int32Array(timeSteps * this.batchSize);
    this.#targets = new Int32Array(timeSteps * this.batchSize);
    this.#stretch = new Int32Array(timeSteps + 1);
  }

  /** Number of characters that one stream trains on per epoch. */
  get streamLength(): number {
    return this.windowsPerEpoch * this.stride + this.timeSteps - this.stride;
  }

  get itemsPerWindow(): number {
    return this.batchSize * this.stride;
  }

  get position(): BatcherPosition {
    return this.#counter.position;
  }

  seek(position: BatcherPosition): void {
    this.#counter.seek(position);
  }

  next(): TrainingWindow {
    const { epoch, window } = this.#counter.take();
    const firstStream = epoch % 2 === 0 ? 0 : this.#leftOver;
    const arrays = { inputs: this.#inputs, targets: this.#targets };
    for (let stream = 0; stream < this.batchSize; stream++) {
      const start = firstStream + stream * this.streamLength + window * this.stride;
      const place = { stream, batch: this.batchSize };
      fillStream(arrays, place, { text: this.#text, start, steps: this.timeSteps }, this.#stretch);
    }
    const startOfEpoch = window === 0;
    return {
      ...arrays,
      startOfEpoch,
      newSteps: startOfEpoch ? this.timeSteps : this.stride,
    };
  }
}
