import {
  type EvaluationOptions,
  EvaluationStreams,
  type EvaluationWindow,
  type ScoredWindows,
} from '../evaluationStreams.ts';
import type { TokenSequence } from '../tokenSequence.ts';
import { fillStream } from '../windowBatcher.ts';

/** The windows in which a text or documents are scored. A single document is read like a text. */
export function scoredWindows(documents: readonly TokenSequence[], options: EvaluationOptions): ScoredWindows {
  const [only, ...others] = documents;
  return only && others.length === 0 ? new EvaluationStreams(only, options) : new DocumentStreams(documents, options);
}

/**
 * The beginning of documents that have tokens to predict; the last one may be cut.
 * @param limit maximum number of tokens; 0 for all
 */
export function limitedDocuments(documents: readonly TokenSequence[], limit: number): TokenSequence[] {
  const kept: TokenSequence[] = [];
  let left = limit === 0 ? Infinity : limit;
  for (const text of documents.filter(({ length }) => length > 1)) {
    if (left < 2) break;
    kept.push(text.length > left ? text.view(0, left) : text);
    left -= text.length;
  }
  return kept;
}

/**
 * Windows of documents for scoring a language model. Every token of a document except its first is a target with weight 1
 * exactly once. Each document is read by one stream from a zero state; the next document goes to the stream that has the
 * least to read.
 */
export class DocumentStreams implements ScoredWindows {
  readonly batch: number;
  readonly targetCount: number;
  readonly windowCount: number;
  readonly documentCount: number;
  readonly #timeSteps: number;
  /** The windows of each stream. */
  readonly #streams: readonly { readonly text: TokenSequence; readonly start: number }[][];

  /** @throws RangeError without a document of two tokens, or for more streams than such documents */
  constructor(documents: readonly TokenSequence[], { timeSteps, maxStreams, streams, limit = 0 }: EvaluationOptions) {
    const scored = limitedDocuments(documents, limit);
    if (scored.length === 0) throw new RangeError('Scoring documents needs one of at least two tokens.');
    if (streams !== undefined && streams > scored.length)
      throw new RangeError(`${scored.length} documents cannot be scored in ${streams} streams.`);
    this.documentCount = scored.length;
    this.targetCount = scored.reduce((sum, { length }) => sum + length - 1, 0);
    this.batch = streams ?? Math.min(maxStreams, scored.length);
    this.#timeSteps = timeSteps;
    this.#streams = Array.from({ length: this.batch }, () => []);
    for (const text of scored) {
      const least = this.#streams.reduce((shortest, stream) => (stream.length < shortest.length ? stream : shortest));
      for (let start = 0; start < text.length - 1; start += timeSteps) least.push({ text, start });
    }
    this.windowCount = this.#streams.reduce((most, { length }) => Math.max(most, length), 0);
  }

  *[Symbol.iterator](): Generator<EvaluationWindow> {
    const { batch } = this;
    for (let index = 0; index < this.windowCount; index++) {
      const windows = this.#streams.map((stream) => stream[index]);
      const steps = windows.map((window) =>
        window ? Math.min(this.#timeSteps, window.text.length - 1 - window.start) : 0,
      );
      const timeSteps = Math.max(...steps);
      const size = timeSteps * batch;
      const [inputs, targets, weights] = [new Int32Array(size), new Int32Array(size), new Float32Array(size)];
      windows.forEach((window, stream) => {
        if (!window) return;
        fillStream({ inputs, targets }, { stream, batch }, { ...window, steps: steps[stream]! });
        for (let t = 0; t < steps[stream]!; t++) weights[t * batch + stream] = 1;
      });
      const carried = Float32Array.from(windows, (window) => (window && window.start > 0 ? 1 : 0));
      const count = steps.reduce((sum, each) => sum + each, 0);
      yield { timeSteps, batch, inputs, targets, weights, count, carried };
    }
  }
}
