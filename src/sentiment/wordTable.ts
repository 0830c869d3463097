import type { PaddedBatch } from '../data/labeled/sequenceBatcher.ts';
import { WordVocabulary } from '../data/words/vocabulary.ts';
import { addRow, packRows, type PackedRows } from './packedRows.ts';

/**
 * The pretrained vectors of all words that a classifier knows, packed: those that it was trained on first, at 8 bits,
 * then others at 4 bits.
 */
export class WordTable {
  readonly vocabulary: WordVocabulary;
  readonly dimensions: number;
  /** Of `<unk>` and the words of the training. */
  readonly trained: PackedRows;
  /** Of the words behind them. */
  readonly others: PackedRows;

  /** @throws Error when there are more or fewer vectors than words */
  constructor(words: Iterable<string>, { trained, others }: { trained: PackedRows; others: PackedRows }) {
    this.vocabulary = WordVocabulary.of(words);
    this.trained = trained;
    this.others = others;
    this.dimensions = trained.width;
    const rows = trained.scales.length + others.scales.length;
    if (rows !== this.vocabulary.size - 1)
      throw new Error(`${rows} vectors do not fit ${this.vocabulary.size - 2} words.`);
  }

  /**
   * Packs vectors, row-major.
   * @param words without `<unk>`, the trained ones first
   * @param vectors.trained `[1 + trained words, dimensions]`, that of `<unk>` first
   * @param vectors.others `[other words, dimensions]`
   */
  static pack(
    words: readonly string[],
    dimensions: number,
    { trained, others }: { trained: Float32Array; others: Float32Array },
  ): WordTable {
    return new WordTable(words, { trained: packRows(trained, dimensions, 8), others: packRows(others, dimensions, 4) });
  }

  /** Width of an embedded word: two channels. */
  get width(): number {
    return 2 * this.dimensions;
  }

  /**
   * Both channels of every word of a batch, `[timeSteps, batch, 2 * dimensions]`; zeros for padding.
   * @param difference what training added to the vectors of the first ids, in the second channel
   */
  embed({ ids }: PaddedBatch, difference: PackedRows): Float32Array {
    const { dimensions, width } = this;
    const count = this.trained.scales.length;
    const result = new Float32Array(ids.length * width);
    ids.forEach((id, index) => {
      if (id === this.vocabulary.paddingId) return;
      const first = index * width;
      const rows = id < count ? this.trained : this.others;
      addRow(rows, id < count ? id : id - count, result, first);
      result.copyWithin(first + dimensions, first, first + dimensions);
      if (id < difference.scales.length) addRow(difference, id, result, first + dimensions);
    });
    return result;
  }
}
