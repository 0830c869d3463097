import type { TokenSequence } from '../tokenSequence.ts';
import {
  type BatcherPosition,
  fillStream,
  type TrainingWindow,
  type WindowBatcher,
  WindowCounter,
} from '../windowBatcher.ts';

/**
 * Stateful batching of documents for truncated backpropagation through time. Each document is cut into windows, `stride`
 * steps from one to the next; the last one is padded. The windows of all documents, one document after another, are split
 * into consecutive streams. The state of a stream is carried from window to window and reset where a document begins, so
 * that no window and no state crosses a boundary. Padding, and targets that an earlier window has, do not count.
 *
 * Up to `batchSize - 1` windows remain. Even epochs skip them at the end, odd epochs at the start.
 *
 * Rejected: packing documents into one stream, which needs a reset of the state within a window, that is another kernel.
 */
export class DocumentBatcher implements WindowBatcher {
  readonly batchSize: number;
  /** Time steps of a window; at most as many as the longest document has targets. */
  readonly timeSteps: number;
  readonly stride: number;
  readonly windowsPerEpoch: number;
  readonly itemsPerWindow: number;
  readonly #documents: readonly TokenSequence[];
  /** Number of the first window of each document, and the number of all windows. */
  readonly #firstWindows: Float64Array;
  readonly #counter: WindowCounter;
  readonly #leftOver: number;

  /**
   * @throws RangeError without a document of at least two tokens, or for a stride that is not in 1 to `timeSteps`
   */
  constructor(
    documents: readonly TokenSequence[],
    { batchSize, timeSteps, stride = timeSteps }: { batchSize: number; timeSteps: number; stride?: number },
  ) {
    if (!(stride >= 1 && stride <= timeSteps))
      throw new RangeError(`The stride ${stride} must be between 1 and the ${timeSteps} time steps of a window.`);
    this.#documents = documents.filter(({ length }) => length > 1);
    const longest = this.#documents.reduce((most, { length }) => Math.max(most, length - 1), 0);
    if (longest === 0) throw new RangeError('A window needs a document of at least two tokens.');
    this.timeSteps = Math.min(timeSteps, longest);
    this.stride = Math.min(stride, this.timeSteps);
    this.#firstWindows = new Float64Array(this.#documents.length + 1);
    this.#documents.forEach(({ length }, index) => {
      const more = Math.ceil(Math.max(0, length - 1 - this.timeSteps) / this.stride);
      this.#firstWindows[index + 1] = this.#firstWindows[index]! + 1 + more;
    });
    const windows = this.#firstWindows.at(-1)!;
    const targets = this.#documents.reduce((sum, { length }) => sum + length - 1, 0);
    this.batchSize = Math.min(batchSize, windows);
    this.windowsPerEpoch = Math.floor(windows / this.batchSize);
    this.itemsPerWindow = (targets / windows) * this.batchSize;
    this.#leftOver = windows - this.batchSize * this.windowsPerEpoch;
    this.#counter = new WindowCounter(this.windowsPerEpoch);
  }

  get position(): BatcherPosition {
    return this.#counter.position;
  }

  seek(position: BatcherPosition): void {
    this.#counter.seek(position);
  }

  next(): TrainingWindow {
    const { epoch, window } = this.#counter.take();
    const { batchSize, timeSteps } = this;
    const size = timeSteps * batchSize;
    const [inputs, targets, weights] = [new Int32Array(size), new Int32Array(size), new Float32Array(size)];
    const carried = new Float32Array(batchSize);
    const startOfEpoch = window === 0;
    let count = 0;
    for (let stream = 0; stream < batchSize; stream++) {
      const number = (epoch % 2 === 0 ? 0 : this.#leftOver) + stream * this.windowsPerEpoch + window;
      const { text, start } = this.#windowAt(number);
      const restarts = startOfEpoch || start === 0;
      carried[stream] = restarts ? 0 : 1;
      const steps = Math.min(timeSteps, text.length - 1 - start);
      fillStream({ inputs, targets }, { stream, batch: batchSize }, { text, start, steps });
      for (let t = restarts ? 0 : timeSteps - this.stride; t < steps; t++) {
        weights[t * batchSize + stream] = 1;
        count++;
      }
    }
    return { inputs, targets, startOfEpoch, newSteps: timeSteps, streams: { carried, weights, count } };
  }

  /** The document of a window, and the place in it where the window starts. */
  #windowAt(number: number): { readonly text: TokenSequence; readonly start: number } {
    let [low, high] = [0, this.#documents.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#firstWindows[middle]! <= number) low = middle;
      else high = middle;
    }
    return { text: this.#documents[low]!, start: (number - this.#firstWindows[low]!) * this.stride };
  }
}
