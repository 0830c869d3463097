import { InputError } from '../../data/inputError.ts';
import { oneHot, wordPipeline } from '../../data/words/pipeline.ts';
import type { ReportBlock } from '../../protocol/report.ts';
import { Generator } from '../../random/generator.ts';

/** Width of a word's vector; small enough to read. */
const DIMENSIONS = 4;

/** The pipeline from texts to a network's input, a block per step. @throws InputError if there are no words */
export function pipelineSteps(texts: readonly string[]): ReportBlock[] {
  const { words, counts, vocabulary, ids, timeSteps, padded } = wordPipeline(texts);
  if (timeSteps === 0) throw new InputError('empty', 'These texts contain no words.');
  const { size } = vocabulary;
  const names = texts.map((_, i) => `text ${i + 1}`);
  const steps = Array.from({ length: timeSteps }, (_, i) => String(i + 1));

  const first = ids.findIndex(({ length }) => length > 0);
  const shown = ids[first] ?? new Int32Array();
  const rows = (words[first] ?? []).map((word, i) => `${i + 1} ${word}`);
  const vectors = oneHot(shown, size);
  const generator = Generator.forPurpose(1, 'embedding to look at');
  const embedding = Float32Array.from(
    { length: size * DIMENSIONS },
    () => Math.round(100 * generator.nextNormal()) / 100,
  );
  const product = matrixProduct(vectors, embedding, shown.length, size, DIMENSIONS);
  const lookup = Float32Array.from(
    { length: product.length },
    (_, at) => embedding[(shown[Math.floor(at / DIMENSIONS)] ?? 0) * DIMENSIONS + (at % DIMENSIONS)] ?? 0,
  );
  const difference = product.reduce((most, value, at) => Math.max(most, Math.abs(value - (lookup[at] ?? 0))), 0);
  const dimensions = Array.from({ length: DIMENSIONS }, (_, i) => `dimension ${i + 1}`);
  const matrix = { kind: 'matrix' as const, path: [] };
  const ofFirst = `Text ${first + 1}`;

  return [
    {
      kind: 'table',
      title: '1. Vocabulary',
      columns: ['index', 'word', 'times'],
      rows: vocabulary.words.map((word, id) => [id, word, counts.get(word) ?? 0]),
      note: 'Every distinct word gets an index, in alphabetical order. <unk> represents words that are not in the list, <pad> pads shorter texts.',
    },
    {
      kind: 'table',
      title: '2. Texts to indices',
      columns: ['text', 'words', 'indices'],
      rows: names.map((name, i) => [name, (words[i] ?? []).join(' '), (ids[i] ?? []).join(' ')]),
      note: 'Case and punctuation are removed; each word is replaced by its index.',
    },
    {
      ...matrix,
      title: '3. Padding',
      rowAxis: 'text',
      columnAxis: 'time step',
      rows: names,
      columns: steps,
      values: [...padded],
      unit: 'index',
      note: `Each text is padded on the right with ${vocabulary.paddingId} (<pad>) to the length of the longest one, ${timeSteps} steps. A network must mask these steps or read packed sequences; otherwise the padding changes its hidden state.`,
    },
    {
      ...matrix,
      title: '4. One-hot vectors',
      rowAxis: 'word',
      columnAxis: 'vocabulary',
      rows,
      columns: [...vocabulary.words],
      values: [...vectors],
      unit: '',
      note: `${ofFirst}: each index becomes a vector of ${size} numbers, 1 at the index and 0 elsewhere. All words are equally far from each other.`,
    },
    {
      ...matrix,
      title: '5. Embedding matrix',
      rowAxis: 'word of the vocabulary',
      columnAxis: 'dimension',
      rows: [...vocabulary.words],
      columns: dimensions,
      values: [...embedding],
      unit: '',
      note: `A row of ${DIMENSIONS} numbers for each word of the vocabulary. The rows are random at first and learned during training, so that words with similar uses get similar rows.`,
    },
    {
      ...matrix,
      title: '6. Input of the network',
      rowAxis: 'word',
      columnAxis: 'dimension',
      rows,
      columns: dimensions,
      values: [...product],
      unit: '',
      note: `${ofFirst}: the one-hot vectors times the embedding matrix. Each row of the product is a row of that matrix, so a lookup gives the same result. Largest difference: ${difference}.`,
    },
  ];
}

/** `[n, m] x [m, p]`, row-major. */
function matrixProduct(a: Float32Array, b: Float32Array, n: number, m: number, p: number): Float32Array {
  const product = new Float32Array(n * p);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) {
      let sum = 0;
      for (let k = 0; k < m; k++) sum += (a[i * m + k] ?? 0) * (b[k * p + j] ?? 0);
      product[i * p + j] = sum;
    }
  }
  return product;
}
