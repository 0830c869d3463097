import type { PaddedBatch } from '../data/labelled/sequenceBatcher.ts';
import { WordVocabulary } from '../data/words/vocabulary.ts';
import { addRow, packRows, type PackedRows } from './packedRows.ts';

/**
 * The vectors of all words that a classifier knows, packed: those that it was trained on first, at 8 bits, with the
 * trained difference; then others at 4 bits, of which only the pretrained vector is known.
 */
export class WordTable {
  readonly vocabulary: WordVocabulary;
  readonly dimensions: number;
  /** Of `<unk>` and the words of the training, the most exact. */
  readonly trained: PackedRows;
  /** Of the same words: what training added to them in the second channel. */
  readonly difference: PackedRows;
  /** Of the words behind them. */
  readonly others: PackedRows;

  constructor(words: Iterable<string>, parts: { trained: PackedRows; difference: PackedRows; others: PackedRows }) {
    this.vocabulary = WordVocabulary.of(words);
    this.trained = parts.trained;
    this.difference = parts.difference;
    this.others = parts.others;
    this.dimensions = parts.trained.width;
    const rows = this.trained.scales.length + this.others.scales.length;
    if (rows !== this.vocabulary.size - 1) throw new Error(`${rows} vectors do not fit ${this.vocabulary.size - 2} words.`);
  }

  /**
   * Packs vectors, row-major.
   * @param words without `<unk>`, the trained ones first
   * @param vectors.trained `[1 + trained words, dimensions]`, that of `<unk>` first
   * @param vectors.difference as many, by the same words
   * @param vectors.others `[other words, dimensions]`
   */
  static pack(words: readonly string[], dimensions: number, vectors: { trained: Float32Array; difference: Float32Array; others: Float32Array }): WordTable {
    return new WordTable(words, {
      trained: packRows(vectors.trained, dimensions, 8),
      difference: packRows(vectors.difference, dimensions, 4),
      others: packRows(vectors.others, dimensions, 4),
    });
  }

  /** Width of an embedded word: two channels. */
  get width(): number {
    return 2 * this.dimensions;
  }

  /** Whether a word, by its id, is known at all. */
  isKnown(id: number): boolean {
    return id !== 0 && id !== this.vocabulary.paddingId;
  }

  /** Both channels of every word of a batch, `[timeSteps, batch, 2 * dimensions]`; zeros for padding. */
  embed({ ids }: PaddedBatch): Float32Array {
    const { dimensions, width } = this;
    const count = this.trained.scales.length;
    const result = new Float32Array(ids.length * width);
    ids.forEach((id, index) => {
      if (id === this.vocabulary.paddingId) return;
      const first = index * width;
      const rows = id < count ? this.trained : this.others;
      addRow(rows, id < count ? id : id - count, result, first);
      result.copyWithin(first + dimensions, first, first + dimensions);
      if (id < count) addRow(this.difference, id, result, first + dimensions);
    });
    return result;
  }
}
