import type { SparseVector } from './bag.ts';

/**
 * Weighs the counts of a bag by how rare a word is, `count * (ln((1 + n) / (1 + df)) + 1)`, where `df` of the `n`
 * training documents have the word, and scales each vector to length 1. These are the definitions of scikit-learn's
 * `TfidfTransformer` (Salton and Buckley 1988 compare others).
 */
export class TfIdf {
  /** `[columns]` */
  readonly inverseDocumentFrequency: Float64Array;

  /** @param inverseDocumentFrequency as of a fitted one, `[columns]` */
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
    const weighed = values.map((value, at) => value * this.inverseDocumentFrequency[columns[at]!]!);
    const length = Math.sqrt(weighed.reduce((sum, value) => sum + value ** 2, 0));
    return { columns, values: length > 0 ? weighed.map((value) => value / length) : weighed };
  }
}
