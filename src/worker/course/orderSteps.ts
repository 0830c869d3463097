import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../data/inputError.ts';
import { wordPipeline } from '../../data/words/pipeline.ts';
import { glorotUniform } from '../../layers/initializers.ts';
import { Lstm } from '../../layers/lstm.ts';
import type { ReportBlock } from '../../protocol/report.ts';
import { Generator } from '../../random/generator.ts';

/** Sizes small enough to display. */
const [WIDTH, UNITS] = [12, 10];
const GATES = 4;

/**
 * Lesson on word order: the bags of words of two sentences, and the hidden state of an LSTM after each of their words.
 * The weights are random with a fixed seed, because even an untrained network distinguishes the sentences.
 * @throws InputError if a sentence has no words
 */
export async function orderSteps(sentences: readonly string[]): Promise<ReportBlock[]> {
  const { words, vocabulary, ids } = wordPipeline(sentences);
  const [first = [], second = []] = words;
  if (first.length === 0 || second.length === 0)
    throw new InputError('empty', 'Write two sentences with at least one word each.');
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
        ? 'Both rows are equal: a model that counts words cannot distinguish these sentences.'
        : 'The rows differ: a model that counts words can distinguish these sentences. Try the same words in a different order.',
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
        note: 'Each column is the hidden state after a word. It depends on all previous words and on their order.',
      };
    }),
    {
      kind: 'matrix',
      title: 'Final hidden states',
      rowAxis: 'sentence',
      columnAxis: 'unit',
      rows: names,
      columns: units,
      values: last.flat(),
      unit: '',
      path: [],
      note: `A many-to-one network answers from the final hidden state. The distance between the two states is ${distance.toPrecision(3)}${distance === 0 ? '' : ', so an output layer can learn to answer differently'}.`,
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
