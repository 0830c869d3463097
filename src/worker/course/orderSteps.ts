import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../data/inputError.ts';
import { wordPipeline } from '../../data/words/pipeline.ts';
import { glorotUniform } from '../../layers/initializers.ts';
import { Lstm } from '../../layers/lstm.ts';
import type { ReportBlock } from '../../protocol/report.ts';
import { Generator } from '../../random/generator.ts';

/** Sizes that one can look at. */
const [WIDTH, UNITS] = [12, 10];
const GATES = 4;

/**
 * Why order matters: the bags of words of two sentences, and what an LSTM has in its hidden state after each of their
 * words. Its weights are random, with one seed: already an untrained network cannot but tell them apart.
 * @throws InputError where a sentence has no word
 */
export async function orderSteps(sentences: readonly string[]): Promise<ReportBlock[]> {
  const { words, vocabulary, ids } = wordPipeline(sentences);
  const [first = [], second = []] = words;
  if (first.length === 0 || second.length === 0)
    throw new InputError('empty', 'Write two sentences with a word each at least.');
  const known = vocabulary.words.slice(1, -1);
  const bags = words.map((text) => known.map((word) => text.filter((each) => each === word).length));
  const same = known.every((_, i) => bags[0]?.[i] === bags[1]?.[i]);
  const states = await hiddenStates(ids, vocabulary.size);
  const last = states.map((h) => h.slice(-UNITS));
  const distance = Math.hypot(...(last[0] ?? []).map((value, unit) => value - (last[1]?.[unit] ?? 0)));
  const units = Array.from({ length: UNITS }, (_, i) => `unit ${i + 1}`);
  const names = ['first sentence', 'second sentence'];

  return [
    {
      kind: 'matrix',
      title: 'Bags of words',
      rowAxis: 'sentence',
      columnAxis: 'word',
      rows: names,
      columns: known,
      values: bags.flat(),
      unit: 'times',
      path: [],
      note: same
        ? 'Both rows are the same: to a model that counts words these are the same sentence.'
        : 'The rows differ: a model that counts words can tell these sentences apart. Try two that have the same words in another order.',
    },
    ...[first, second].map((text, i): ReportBlock => {
      const h = states[i] ?? [];
      return {
        kind: 'matrix',
        title: `Hidden state, ${names[i] ?? ''}`,
        rowAxis: 'unit',
        columnAxis: 'after the word',
        rows: units,
        columns: text.map((word, t) => `${t + 1} ${word}`),
        values: units.flatMap((_, unit) => text.map((__, t) => h[t * UNITS + unit] ?? 0)),
        unit: '',
        path: [],
        note: 'Each column is what the network remembers after this word. It depends on all words before it, and on their order.',
      };
    }),
    {
      kind: 'matrix',
      title: 'Last states, side by side',
      rowAxis: 'sentence',
      columnAxis: 'unit',
      rows: names,
      columns: units,
      values: last.flat(),
      unit: '',
      path: [],
      note: `This is all that a many-to-one network decides by. The two states are ${distance.toPrecision(3)} apart${distance === 0 ? '' : ', so a layer on top of them can learn to answer differently'}.`,
    },
  ];
}

/** Hidden states of an LSTM with random weights over each text, `[timeSteps, UNITS]`. */
async function hiddenStates(texts: readonly Int32Array[], vocabularySize: number): Promise<number[][]> {
  const generator = Generator.forPurpose(1, 'why order matters');
  const embedding = Float32Array.from({ length: vocabularySize * WIDTH }, () => generator.nextNormal());
  const layer = new Lstm({ name: 'order', units: UNITS });
  layer.build([null, null, WIDTH]);
  const kernels = [WIDTH, UNITS].map((rows) =>
    tf.tensor2d(glorotUniform(rows, GATES * UNITS, generator), [rows, GATES * UNITS]),
  );
  const bias = tf.zeros([GATES * UNITS]);
  layer.setWeights([...kernels, bias]);
  const states: number[][] = [];
  for (const ids of texts) {
    const vectors = Float32Array.from(
      { length: ids.length * WIDTH },
      (_, at) => embedding[(ids[Math.floor(at / WIDTH)] ?? 0) * WIDTH + (at % WIDTH)] ?? 0,
    );
    const h = tf.tidy(() => layer.sequence(tf.tensor3d(vectors, [ids.length, 1, WIDTH]), layer.zeroState(1)).h);
    states.push([...(await h.data())]);
    h.dispose();
  }
  for (const weight of layer.weights) weight.dispose();
  tf.dispose([...kernels, bias]);
  return states;
}
