import type { SparseVector } from './bag.ts';

/**
 * TF-IDF weights: each count times the inverse document frequency of its word,
 * `count * (ln((1 + n) / (1 + df)) + 1)`, where `df` of the `n` training documents contain the word. Each vector is
 * then scaled to length 1. Same definitions as scikit-learn's `TfidfTransformer` (Salton and Buckley 1988 compare
 * others).
 */
export class TfIdf {
  /** `[columns]` */
  readonly inverseDocumentFrequency: Float64Array;

  /** @param inverseDocumentFrequency of a fitted instance, `[columns]` */
  constructor(inverseDocumentFrequency: Float64Array) {
    this.inverseDocumentFrequency = inverseDocumentFrequency;
  }

  /** @param columns width of the vectors */
  static fit(documents: readonly SparseVector[], columns: number): TfIdf {
    const frequency = new Float64Array(columns);
    for (const document of documents) for (const column of document.columns) frequency[column] = frequency[column]! + 1;
    return new TfIdf(frequency.map((df) => Math.log((1 + documents.length) / (1 + df)) + 1));
  }

  transform({ columns, values }: SparseVector): SparseVector {
    const weighted = values.map((value, at) => value * this.inverseDocumentFrequency[columns[at]!]!);
    const length = Math.sqrt(weighted.reduce((sum, value) => sum + value ** 2, 0));
    return { columns, values: length > 0 ? weighted.map((value) => value / length) : weighted };
  }
}
