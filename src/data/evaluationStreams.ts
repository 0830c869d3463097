import type { TokenSequence } from './tokenSequence.ts';
import { fillStream } from './windowBatcher.ts';

/** Window of characters to score, `[timeSteps, batch]` in time-major order. */
export interface EvaluationWindow {
  readonly timeSteps: number;
  readonly batch: number;
  /** Step t of stream b is at `t * batch + b`. */
  readonly inputs: Int32Array;
  /** Character that follows each input in the text. */
  readonly targets: Int32Array;
  /** 1 where the target counts, 0 where its stream has already ended. */
  readonly weights: Float32Array;
  /** Sum of the weights. */
  readonly count: number;
  /** 1 for each stream whose state is carried on, 0 where a document begins; omitted: all are carried on. */
  readonly carried?: Float32Array;
}

/** Windows that cover a text or documents for scoring. */
export interface ScoredWindows extends Iterable<EvaluationWindow> {
  /** Number of streams, the same in every window. */
  readonly batch: number;
  /** Number of scored tokens. */
  readonly targetCount: number;
  /** Number of windows in one iteration. */
  readonly windowCount: number;
  /** Number of documents; undefined for one text in parts. */
  readonly documentCount?: number;
}

export interface EvaluationOptions {
  /** Time steps of a window; the last one may have fewer. */
  readonly timeSteps: number;
  /** Maximum number of parallel streams; short texts use fewer. */
  readonly maxStreams: number;
  /** Exact number of streams; omitted: chosen by `maxStreams` and the length of the text. */
  readonly streams?: number | undefined;
  /** Number of characters to score from the start of the text; 0 scores all. */
  readonly limit?: number;
}

/**
 * Minimum number of characters per stream with several streams, so that their initial states hardly affect the loss.
 */
const MIN_STREAM_LENGTH = 1024;

/**
 * Windows of a text for scoring a language model with carried state. Every character except the first is a target with
 * weight 1 exactly once, so the mean loss in nats per character is `sum(weights * loss) / targetCount`.
 *
 * The streams are consecutive parts of the text: the last target of one is the first input of the next. Their lengths
 * differ by at most one, so only the very last time step can have weights of 0. The state is zero at the first window
 * and carried from each window to the next.
 *
 * It can be iterated repeatedly. Windows reuse their arrays.
 */
export class EvaluationStreams implements ScoredWindows {
  readonly batch: number;
  readonly targetCount: number;
  readonly windowCount: number;
  readonly #text: TokenSequence;
  readonly #timeSteps: number;
  readonly #longest: number;

  /** @throws RangeError for a text, or a limit, of fewer than two characters, or of fewer targets than streams. */
  constructor(text: TokenSequence, { timeSteps, maxStreams, streams, limit = 0 }: EvaluationOptions) {
    this.#text = limit > 0 ? text.view(0, Math.min(limit, text.length)) : text;
    this.targetCount = this.#text.length - 1;
    if (this.targetCount < 1) throw new RangeError('Scoring a text needs at least two characters.');
    this.batch = streams ?? Math.max(1, Math.min(maxStreams, Math.floor(this.targetCount / MIN_STREAM_LENGTH)));
    if (this.batch > this.targetCount)
      throw new RangeError(`${this.targetCount} characters cannot be scored in ${this.batch} streams.`);
    this.#timeSteps = timeSteps;
    this.#longest = Math.ceil(this.targetCount / this.batch);
    this.windowCount = Math.ceil(this.#longest / timeSteps);
  }

  *[Symbol.iterator](): Generator<EvaluationWindow> {
    const size = Math.min(this.#timeSteps, this.#longest) * this.batch;
    const buffers = { inputs: new Int32Array(size), targets: new Int32Array(size), weights: new Float32Array(size) };
    for (let start = 0; start < this.#longest; start += this.#timeSteps) {
      const timeSteps = Math.min(this.#timeSteps, this.#longest - start);
      const used = timeSteps * this.batch;
      const window = {
        inputs: buffers.inputs.subarray(0, used).fill(0),
        targets: buffers.targets.subarray(0, used).fill(0),
        weights: buffers.weights.subarray(0, used).fill(0),
      };
      let count = 0;
      for (let stream = 0; stream < this.batch; stream++) count += this.#fill(window, stream, start, timeSteps);
      yield { timeSteps, batch: this.batch, ...window, count };
    }
  }

  /** Fills one column and returns the number of its targets with weight 1. */
  #fill(
    window: Pick<EvaluationWindow, 'inputs' | 'targets' | 'weights'>,
    stream: number,
    start: number,
    timeSteps: number,
  ): number {
    const from = this.#streamStart(stream) + start;
    const count = Math.min(timeSteps, this.#streamStart(stream + 1) - from);
    fillStream(window, { stream, batch: this.batch }, { text: this.#text, start: from, steps: count });
    for (let t = 0; t < count; t++) window.weights[t * this.batch + stream] = 1;
    return count;
  }

  #streamStart(stream: number): number {
    return Math.floor((stream * this.targetCount) / this.batch);
  }
}
