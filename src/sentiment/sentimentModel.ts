import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { type PaddedBatch, padSequences } from '../data/labeled/sequenceBatcher.ts';
import type { Pooling } from '../layers/pooling.ts';
import { type ClassifierShape, SequenceClassifier } from '../models/sequenceClassifier.ts';
import { type NamedTensor, writeVariables } from '../models/weights.ts';
import { yieldToEventLoop } from '../platform/system.ts';
import { disk, fileInfo } from '../platform/files.ts';
import { answerOf, type Classification, type PieceOutputs } from './answer.ts';
import type { Calibration } from './calibration.ts';
import { decodeModel, encodeModel } from './modelFile.ts';
import { type NgramParts, Ngrams } from './ngrams.ts';
import type { PackedRows } from './packedRows.ts';
import { type Piece, piecesOf } from './pieces.ts';
import type { WordTable } from './wordTable.ts';
import { textOf, UnusableError } from '../phrases/causes.ts';
import { phrase } from '../phrases/phrase.ts';

/** A member of the ensemble. */
interface Member {
  /** Change of the first word vectors by training. */
  readonly difference: PackedRows;
  readonly weights: readonly NamedTensor[];
}

/** Classifier that tells texts with an opinion from neutral ones, on the word vectors of the first member. */
export interface OpinionParts {
  readonly units: number;
  readonly weights: readonly NamedTensor[];
  /** Log odds of an opinion that a firm answer needs. */
  readonly threshold: number;
}

/** The data that defines a text classifier, for any number of classes. */
export interface SentimentParts {
  /** Class names. */
  readonly labels: readonly string[];
  readonly units: number;
  readonly pooling: Pooling;
  readonly temperature: Calibration;
  readonly table: WordTable;
  /** At least one member; their logits are averaged. */
  readonly members: readonly Member[];
  /** Linear classifier whose log odds are added to those of the members; undefined for none. */
  readonly ngrams?: NgramParts | undefined;
  /** Undefined for a model without neutral texts in its training data. */
  readonly opinion?: OpinionParts | undefined;
}

export interface ClassifyOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after each batch with the number of pieces done and the total. */
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/** Name of the model file in its folder. */
export const MODEL_FILE = 'model.bin';
/** Name of the file with the SHA-256 of the bundled model, hexadecimal. */
export const HASH_FILE = `${MODEL_FILE}.sha256`;

/** Sequences per batch. */
const BATCH = 64;

/**
 * A trained text classifier on the current backend: the bundled sentiment model or one that the user trained. An
 * answer never depends on the other texts of a batch.
 */
export class SentimentModel {
  readonly parts: SentimentParts;
  readonly #classifiers: readonly SequenceClassifier[];
  readonly #opinion: SequenceClassifier | undefined;
  readonly #ngrams: Ngrams | undefined;

  /** @throws Error that names the weight if one is missing or has another shape */
  constructor(parts: SentimentParts) {
    const { table, units, pooling, labels, members, opinion, ngrams } = parts;
    const load = (shape: Omit<ClassifierShape, 'inputs'>, weights: readonly NamedTensor[]): SequenceClassifier => {
      const classifier = new SequenceClassifier({ inputs: table.width, ...shape });
      writeVariables(classifier.parameters, weights);
      return classifier;
    };
    this.parts = parts;
    this.#classifiers = members.map(({ weights }) => load({ units, pooling, classes: labels.length }, weights));
    this.#ngrams = ngrams && new Ngrams(ngrams, table.trained.scales.length);
    this.#opinion = opinion && load({ units: opinion.units, pooling: 'attention', classes: 2 }, opinion.weights);
  }

  /**
   * Loads a model from its file, its folder, or the bytes of its file. @throws Error if the file is missing or damaged
   */
  static async load(source: string | Uint8Array): Promise<SentimentModel> {
    if (typeof source !== 'string') return new SentimentModel(decodeModel(source));
    try {
      const file = (await fileInfo(source)).isFolder ? join(source, MODEL_FILE) : source;
      return new SentimentModel(decodeModel(await disk.read(file)));
    } catch (error) {
      throw new UnusableError(phrase('The classifier "{0}" cannot be used. {1}', source, textOf(error)), {
        cause: error,
      });
    }
  }

  /** Encodes the model as the bytes of its file. */
  encode(): Uint8Array {
    return encodeModel(this.parts);
  }

  get labels(): readonly string[] {
    return this.parts.labels;
  }

  /** Classifies texts. @throws the reason of the signal once it is aborted */
  async classify(texts: readonly string[], options: ClassifyOptions = {}): Promise<Classification[]> {
    const pieces = texts.map(piecesOf);
    const { logits, opinions } = await this.read(
      pieces.flat().map((piece) => this.encodeWords(piece)),
      options,
    );
    let next = 0;
    return pieces.map((those) => {
      const [from, to] = [next, (next += those.length)];
      return answerOf(this.parts, those, { logits: logits.slice(from, to), opinions: opinions?.slice(from, to) });
    });
  }

  /** Word ids of a piece. */
  encodeWords({ words }: Piece): Int32Array {
    return this.parts.table.vocabulary.encode(words);
  }

  /** Everything that an answer depends on, for sequences of word ids, in input order. */
  async read(sequences: readonly Int32Array[], options: ClassifyOptions = {}): Promise<PieceOutputs> {
    const logits = await this.logits(sequences, options);
    const opinion = this.#opinion;
    if (!opinion) return { logits, opinions: undefined };
    const rows = await this.#inBatches(sequences, async (batch) => this.#logitsOf(batch, [opinion]), options);
    return { logits, opinions: rows.map(([neutral, opinionated]) => opinionated! - neutral!) };
  }

  /** Logits of sequences of word ids, in input order. */
  async logits(sequences: readonly Int32Array[], options: ClassifyOptions = {}): Promise<number[][]> {
    const rows = await this.#inBatches(sequences, async (batch) => this.#logitsOf(batch, this.#classifiers), options);
    const ngrams = this.#ngrams;
    if (!ngrams) return rows;
    return rows.map(([first, second], index) => {
      const half = ngrams.logOdds(sequences[index]!) / 2;
      return [first! - half, second! + half];
    });
  }

  dispose(): void {
    for (const classifier of this.#classifiers) classifier.dispose();
    this.#opinion?.dispose();
  }

  /** Runs sequences in batches of similar length. */
  async #inBatches(
    sequences: readonly Int32Array[],
    run: (batch: PaddedBatch) => Promise<number[][]>,
    { signal, onProgress }: ClassifyOptions,
  ): Promise<number[][]> {
    const { table } = this.parts;
    const order = sequences.map((ids, index) => ({ ids, index })).sort((a, b) => a.ids.length - b.ids.length);
    const result: number[][] = [];
    for (let at = 0; at < order.length; at += BATCH) {
      signal?.throwIfAborted();
      const some = order.slice(at, at + BATCH);
      const batch = padSequences(
        some.map(({ ids }) => ids),
        table.vocabulary.paddingId,
      );
      const rows = await run(batch);
      some.forEach(({ index }, row) => {
        result[index] = rows[row]!;
      });
      onProgress?.(at + some.length, order.length);
      if (order.length > BATCH) await yieldToEventLoop();
    }
    return result;
  }

  /** Mean logits of classifiers, each on the word vectors of the member with its index, `[batch][classes]`. */
  async #logitsOf(batch: PaddedBatch, classifiers: readonly SequenceClassifier[]): Promise<number[][]> {
    const { table, members } = this.parts;
    const logits = tf.tidy(() => {
      const lengths = tf.tensor1d(batch.lengths, 'int32');
      const each = classifiers.map((classifier, index) => {
        const { difference } = members[index]!;
        const x = tf.tensor3d(table.embed(batch, difference), [batch.timeSteps, batch.batch, table.width]);
        return classifier.forward(x, lengths).logits;
      });
      return tf.div<tf.Tensor2D>(tf.addN(each), each.length);
    });
    try {
      return await logits.array();
    } finally {
      logits.dispose();
    }
  }
}
