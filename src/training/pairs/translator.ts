import * as tf from '@tensorflow/tfjs';
import { MarkedVocabulary } from '../../data/pairs/markedVocabulary.ts';
import { type PaddedBatch, padSequences } from '../../data/labeled/sequenceBatcher.ts';
import type { ModelState } from '../../models/recurrentNetwork.ts';
import { beamSearch, type Hypothesis } from '../../models/encoderDecoder/beamSearch.ts';
import type { Encoded, EncoderDecoder, Memory } from '../../models/encoderDecoder/encoderDecoder.ts';
import { disposeState, keepState, pickRows } from '../carriedState.ts';
import { type Draw, likeliest } from '../drawing.ts';

/** Text written by a model. */
export interface Written {
  /** Token ids without begin and end marks. */
  readonly ids: readonly number[];
  /**
   * Attention weights over the source tokens, for each written token and the end mark; empty without attention.
   */
  readonly alignment: readonly (readonly number[])[];
}

export interface TranslatorOptions {
  /** Ids that are never written. */
  readonly unwritten: readonly number[];
  /** Padding id of the sources. */
  readonly sourcePadding: number;
  /** Maximum length of a text in tokens. */
  readonly maxLength: number;
}

/** Decodes target texts with a sequence-to-sequence model. */
export class Translator {
  readonly #model: EncoderDecoder;
  readonly #options: TranslatorOptions;

  constructor(model: EncoderDecoder, options: TranslatorOptions) {
    this.#model = model;
    this.#options = options;
  }

  /**
   * Greedy decoding of a batch: selects the most likely token at each step.
   * @param sources token ids of texts of similar length
   */
  async greedy(sources: readonly Int32Array[]): Promise<Written[]> {
    const padded = padSequences(sources, this.#options.sourcePadding);
    const { batch, lengths } = padded;
    const written = sources.map(() => ({ ids: [] as number[], alignment: [] as number[][], ended: false }));
    const { state: first, memory } = this.#encode(padded);
    let state = first;
    let last = new Int32Array(batch).fill(MarkedVocabulary.startId);
    const forbidden = this.#forbidden();
    try {
      for (let step = 0; step <= this.#options.maxLength && written.some(({ ended }) => !ended); step++) {
        const next = this.#advance(last, state, memory, (logits) => tf.argMax(tf.add(logits, forbidden), 1));
        disposeState(state);
        state = next.state;
        last = Int32Array.from(await next.result.data());
        const alignment = await next.alignment?.data();
        tf.dispose([next.result, ...(next.alignment ? [next.alignment] : [])]);
        written.forEach((text, b) => {
          if (text.ended) return;
          text.ended = last[b] === MarkedVocabulary.endId;
          if (!text.ended && step === this.#options.maxLength) return;
          if (!text.ended) text.ids.push(last[b]!);
          if (alignment)
            text.alignment.push([...alignment.subarray(b * padded.timeSteps, b * padded.timeSteps + lengths[b]!)]);
        });
      }
    } finally {
      disposeState(state);
      disposeMemory(memory);
      forbidden.dispose();
    }
    return written.map(({ ids, alignment }) => ({ ids, alignment }));
  }

  /** Greedy decoding of one text, token by token up to the end mark, each with the logits of all tokens. */
  async *draws(source: Int32Array): AsyncGenerator<Draw, void, void> {
    const { state: first, memory } = this.#encode(padSequences([source], this.#options.sourcePadding));
    let state = first;
    let last: number = MarkedVocabulary.startId;
    try {
      for (let step = 0; step <= this.#options.maxLength && last !== MarkedVocabulary.endId; step++) {
        const next = this.#advance(Int32Array.of(last), state, memory, (logits) => logits);
        disposeState(state);
        state = next.state;
        const logits = await next.result.data<'float32'>();
        tf.dispose([next.result, ...(next.alignment ? [next.alignment] : [])]);
        last = likeliest(this.#allowed(logits));
        if (step < this.#options.maxLength || last === MarkedVocabulary.endId) yield { id: last, logits, recent: [] };
      }
    } finally {
      disposeState(state);
      disposeMemory(memory);
    }
  }

  /** Beam search for one source: the texts that it has found, best first. */
  async beam(source: Int32Array, width: number): Promise<readonly Hypothesis<unknown>[]> {
    // One copy of the source for each hypothesis: hypotheses are advanced as a batch.
    const copies = padSequences(new Array<Int32Array>(width).fill(source), this.#options.sourcePadding);
    const encoded = this.#encode(copies);
    let rows = encoded.state;
    try {
      return await beamSearch<number>(
        0,
        async (live) => {
          const from = Array.from({ length: width }, (_, row) => live[row]?.state ?? 0);
          const last = Int32Array.from(
            { length: width },
            (_, row) => live[row]?.ids.at(-1) ?? MarkedVocabulary.startId,
          );
          const before = rows;
          const picked = pickRows(before, from);
          const next = this.#advance(last, picked, encoded.memory, (logits) => logits);
          disposeState(before);
          disposeState(picked);
          rows = next.state;
          const values = await next.result.data<'float32'>();
          tf.dispose([next.result, ...(next.alignment ? [next.alignment] : [])]);
          const size = values.length / width;
          return live.map((_, row) => ({
            logProbabilities: logSoftmax(this.#allowed(values.subarray(row * size, (row + 1) * size))),
            state: row,
          }));
        },
        { width, maxLength: this.#options.maxLength, endId: MarkedVocabulary.endId },
      );
    } finally {
      disposeState(rows);
      disposeMemory(encoded.memory);
    }
  }

  /** Encodes texts; the caller disposes the result. */
  #encode({ ids, lengths, timeSteps, batch }: PaddedBatch): Encoded {
    let encoded: Encoded = { state: [], memory: undefined };
    tf.tidy(() => {
      encoded = this.#model.encode(tf.tensor2d(ids, [timeSteps, batch], 'int32'), lengths);
      keepState(encoded.state);
      for (const tensor of memoryTensors(encoded.memory)) tf.keep(tensor);
    });
    return encoded;
  }

  /** Advances by one token, and reads the logits, `[batch, vocabulary]`. The caller disposes the result. */
  #advance<T extends tf.Tensor>(
    last: Int32Array,
    state: ModelState,
    memory: Memory | undefined,
    read: (logits: tf.Tensor2D) => T,
  ): { result: T; state: ModelState; alignment: tf.Tensor3D | undefined } {
    const after: { state: ModelState; alignment: tf.Tensor3D | undefined } = { state: [], alignment: undefined };
    const result = tf.tidy(() => {
      const decoded = this.#model.decode(tf.tensor2d(last, [1, last.length], 'int32'), state, memory);
      after.state = keepState(decoded.state);
      if (decoded.alignment) after.alignment = tf.keep(decoded.alignment);
      return read(this.#model.logits(tf.reshape(decoded.h, [last.length, -1])));
    });
    return { result, ...after };
  }

  /** Added to logits so that unwritten tokens are never the most likely ones. */
  #forbidden(): tf.Tensor1D {
    const forbidden = new Float32Array(this.#model.shape.targetSize);
    for (const id of this.#options.unwritten) forbidden[id] = -1e9;
    return tf.tensor1d(forbidden);
  }

  #allowed(values: Float32Array | Int32Array | Uint8Array): Float64Array {
    const allowed = Float64Array.from(values);
    for (const id of this.#options.unwritten) allowed[id] = -Infinity;
    return allowed;
  }
}

/** Log probabilities of logits, in place; those of -Infinity stay so. */
function logSoftmax(logits: Float64Array): Float64Array {
  let [highest, sum] = [-Infinity, 0];
  for (let id = 0; id < logits.length; id++) if (logits[id]! > highest) highest = logits[id]!;
  for (let id = 0; id < logits.length; id++) sum += Math.exp(logits[id]! - highest);
  const total = highest + Math.log(sum);
  for (let id = 0; id < logits.length; id++) logits[id] = logits[id]! - total;
  return logits;
}

function memoryTensors(memory: Memory | undefined): tf.Tensor[] {
  return memory ? [...new Set([memory.states, memory.keys, memory.lengths])] : [];
}

function disposeMemory(memory: Memory | undefined): void {
  tf.dispose(memoryTensors(memory));
}
