import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../data/inputError.ts';
import { wordPipeline } from '../../data/words/pipeline.ts';
import { glorotUniform } from '../../layers/initializers.ts';
import { Lstm } from '../../layers/lstm.ts';
import type { OrderResult } from '../../protocol/lessons/texts.ts';
import { Generator } from '../../random/generator.ts';
import { phrase } from '../../phrases/phrase.ts';

/** Sizes small enough to display. */
const [WIDTH, UNITS] = [12, 10];
const GATES = 4;

/**
 * Computes the bags of words of sentences, and the hidden state of an LSTM after each of their words. The weights are
 * random with a fixed seed, because even an untrained network distinguishes the sentences.
 * @throws InputError if a sentence has no words
 */
export async function workOrder({ texts }: { readonly texts: readonly string[] }): Promise<OrderResult> {
  const { words, vocabulary, ids } = wordPipeline(texts);
  const empty = words.findIndex(({ length }) => length === 0);
  if (empty >= 0) throw new InputError('empty', phrase('Sentence {0} contains no words.', empty + 1));
  const columns = vocabulary.words.slice(1, -1);
  const states = await hiddenStates(ids, vocabulary.size);
  const last = states.map((h) => h.slice(-UNITS));
  return {
    words: words.map((each) => [...each]),
    columns,
    bags: words.flatMap((text) => columns.map((word) => text.filter((each) => each === word).length)),
    units: UNITS,
    states,
    distances: last.flatMap((a) => last.map((b) => Math.hypot(...a.map((value, unit) => value - b[unit]!)))),
  };
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
      (_, at) => embedding[ids[Math.floor(at / WIDTH)]! * WIDTH + (at % WIDTH)]!,
    );
    const h = tf.tidy(() => layer.sequence(tf.tensor3d(vectors, [ids.length, 1, WIDTH]), layer.zeroState(1)).h);
    states.push([...(await h.data())]);
    h.dispose();
  }
  for (const weight of layer.weights) weight.dispose();
  tf.dispose([...kernels, bias]);
  return states;
}
