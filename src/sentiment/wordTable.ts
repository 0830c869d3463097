import type { PaddedBatch } from '../data/labeled/sequenceBatcher.ts';
import { WordVocabulary } from '../data/words/vocabulary.ts';
import { addRow, packRows, type PackedRows } from './packedRows.ts';

/**
 * Quantized pretrained vectors of a classifier's vocabulary: first the words of its training data at 8 bits, then
 * further words at 4 bits.
 */
export class WordTable {
  readonly vocabulary: WordVocabulary;
  readonly dimensions: number;
  /** Vectors of `<unk>` and the words of the training data. */
  readonly trained: PackedRows;
  /** Vectors of the further words. */
  readonly others: PackedRows;

  /** @throws Error if the number of vectors and words differ */
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
   * Quantizes row-major vectors.
   * @param words without `<unk>`, the words of the training data first
   * @param vectors.trained `[1 + trained words, dimensions]`, the vector of `<unk>` first
   * @param vectors.others `[other words, dimensions]`
   */
  static pack(
    words: readonly string[],
    dimensions: number,
    { trained, others }: { trained: Float32Array; others: Float32Array },
  ): WordTable {
    return new WordTable(words, { trained: packRows(trained, dimensions, 8), others: packRows(others, dimensions, 4) });
  }

  /** Width of an embedded word, which has two channels. */
  get width(): number {
    return 2 * this.dimensions;
  }

  /**
   * Embeds a batch: `[timeSteps, batch, 2 * dimensions]`, zeros for padding.
   * @param difference change of the first word vectors by training, added in the second channel
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
