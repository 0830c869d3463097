import * as tf from '@tensorflow/tfjs';
import { PhrasedError } from '../../phrases/phrase.ts';
import { MarkedVocabulary } from '../../data/pairs/markedVocabulary.ts';
import { type PaddedBatch, padSequences } from '../../data/labeled/sequenceBatcher.ts';
import type { ModelState } from '../../models/recurrentNetwork.ts';
import { BeamSearch, type Continuation, type Hypothesis } from '../../models/encoderDecoder/beamSearch.ts';
import type { Encoded, EncoderDecoder, Memory } from '../../models/encoderDecoder/encoderDecoder.ts';
import { likeliest as likeliestClasses } from '../../kernels/ops.ts';
import { disposeState, keepState, pickRows } from '../carriedState.ts';
import { type Draw, likeliest, NOT_A_NUMBER } from '../drawing.ts';

/** Added to the logits of tokens that are never written. Their probability is 0 in float32. */
const FORBIDDEN = -1e9;

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
    const [texts] = await this.beams([source], width, () => Promise.resolve());
    return texts ?? [];
  }

  /**
   * Beam searches for several sources, whose hypotheses are one batch.
   * @param sources token ids of texts of similar length
   * @param yieldNow awaited after each step
   * @returns the texts of each source, best first
   */
  async beams(
    sources: readonly Int32Array[],
    width: number,
    yieldNow: () => Promise<void>,
  ): Promise<(readonly Hypothesis<unknown>[])[]> {
    const { maxLength } = this.#options;
    const options = { width, maxLength, endId: MarkedVocabulary.endId };
    const searches = sources.map((_, row) => new BeamSearch<number>(row, options));
    let { state, memory } = this.#encode(padSequences(sources, this.#options.sourcePadding));
    /** The searches whose sources are in the memory, in its order. */
    let read: readonly BeamSearch<number>[] = searches;
    try {
      for (;;) {
        const going = read.filter(({ live }) => live.length > 0);
        if (going.length === 0) return searches.map(({ texts }) => texts);
        if (going.length <= read.length / 2) {
          const kept =
            memory &&
            pickSources(
              memory,
              going.map((search) => read.indexOf(search)),
            );
          disposeMemory(memory);
          [memory, read] = [kept, going];
        }
        // Row `hypothesis * sources + source`, as the decoder reads them; those of no hypothesis are not read.
        const hypotheses = Math.max(...read.map(({ live }) => live.length));
        const rows = Array.from({ length: hypotheses }, (_, at) => read.map(({ live }) => live[at])).flat();
        const picked = pickRows(
          state,
          rows.map((row) => row?.state ?? 0),
        );
        disposeState(state);
        const last = Int32Array.from(rows, (row) => row?.ids.at(-1) ?? MarkedVocabulary.startId);
        const next = await this.#continuations(last, picked, memory, width);
        ({ state } = next);
        for (const [at, search] of read.entries())
          if (search.live.length > 0)
            search.advance(search.live.map((_, hypothesis) => next.rows[hypothesis * read.length + at]!));
        await yieldNow();
      }
    } finally {
      disposeState(state);
      disposeMemory(memory);
    }
  }

  /**
   * Advances texts by one token. Disposes the state that it receives.
   * @returns the state, and what may follow each text
   */
  async #continuations(
    last: Int32Array,
    before: ModelState,
    memory: Memory | undefined,
    width: number,
  ): Promise<{ readonly state: ModelState; readonly rows: readonly Continuation<number>[] }> {
    const count = Math.min(width, this.#model.shape.targetSize);
    let found: tf.Tensor2D | undefined;
    const forbidden = this.#forbidden();
    const { result, state, alignment } = this.#advance(last, before, memory, (logits) => {
      const { logProbabilities, classes } = likeliestClasses({ logits: tf.add(logits, forbidden) }, count);
      found = tf.keep(classes);
      return logProbabilities;
    });
    disposeState(before);
    const [values, ids] = [await result.data<'float32'>(), await found!.data<'int32'>()];
    tf.dispose([result, found!, forbidden, ...(alignment ? [alignment] : [])]);
    if (Number.isNaN(values[0])) throw new PhrasedError(NOT_A_NUMBER);
    const candidatesOf = (row: number) =>
      Array.from({ length: count }, (_, rank) => row * count + rank)
        .map((at) => ({ id: ids[at]!, logProbability: values[at]! }))
        .filter(({ logProbability }) => logProbability > FORBIDDEN / 2);
    return { state, rows: Array.from(last, (_, row) => ({ candidates: candidatesOf(row), state: row })) };
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
    for (const id of this.#options.unwritten) forbidden[id] = FORBIDDEN;
    return tf.tensor1d(forbidden);
  }

  #allowed(values: Float32Array | Int32Array | Uint8Array): Float64Array {
    const allowed = Float64Array.from(values);
    for (const id of this.#options.unwritten) allowed[id] = -Infinity;
    return allowed;
  }
}

/** Memory of selected sources. The caller disposes it. */
function pickSources({ states, keys, lengths }: Memory, places: readonly number[]): Memory {
  const picked: { memory: Memory | undefined } = { memory: undefined };
  tf.tidy(() => {
    const at = tf.tensor1d([...places], 'int32');
    const of = (sequences: tf.Tensor3D) => tf.keep(tf.gather(sequences, at, 1));
    const values = of(states);
    picked.memory = {
      states: values,
      keys: keys === states ? values : of(keys),
      lengths: tf.keep(tf.gather(lengths, at)),
    };
  });
  return picked.memory!;
}

function memoryTensors(memory: Memory | undefined): tf.Tensor[] {
  return memory ? [...new Set([memory.states, memory.keys, memory.lengths])] : [];
}

function disposeMemory(memory: Memory | undefined): void {
  tf.dispose(memoryTensors(memory));
}
