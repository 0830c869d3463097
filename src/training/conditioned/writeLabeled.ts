import * as tf from '@tensorflow/tfjs';
import { MarkedVocabulary } from '../../data/pairs/markedVocabulary.ts';
import type { ConditionedModel } from '../../models/conditioned/conditionedModel.ts';
import type { ModelState } from '../../models/recurrentNetwork.ts';
import type { Generator } from '../../random/generator.ts';
import { disposeState, keepState } from '../carriedState.ts';

export interface LabeledWritingOptions {
  /** The label of each text. */
  readonly labels: Int32Array;
  /** Beginning of each text; may be empty. */
  readonly prompt: string;
  /** Maximum length of a text in characters. */
  readonly maxLength: number;
  /** Divisor of the logits; 0 always selects the most likely character. */
  readonly temperature: number;
  readonly generator: Generator;
}

/** Generates one text for each label, as a batch. */
export async function writeLabeled(
  model: ConditionedModel,
  vocabulary: MarkedVocabulary,
  { labels, prompt, maxLength, temperature, generator }: LabeledWritingOptions,
): Promise<string[]> {
  const batch = labels.length;
  const first = prompt === '' ? [] : [...vocabulary.encode(prompt)];
  const written = Array.from(labels, () => ({ ids: [...first], ended: false }));
  let state: ModelState = [];
  let next = new Int32Array((1 + first.length) * batch);
  [MarkedVocabulary.startId, ...first].forEach((id, t) => next.fill(id, t * batch, (t + 1) * batch));
  try {
    while (written.some(({ ids, ended }) => !ended && ids.length < maxLength)) {
      const before = state;
      const logits = tf.tidy(() => {
        const from = before.length > 0 ? before : model.stateOf(labels);
        const after = model.hiddenStates(tf.tensor2d(next, [next.length / batch, batch], 'int32'), from);
        state = keepState(after.state);
        const all = model.network.outputsOf(after.h);
        return tf.slice(all, [all.shape[0] - batch, 0]);
      });
      disposeState(before);
      const values = await logits.data();
      logits.dispose();
      next = Int32Array.from(written, (text, b) => {
        const id = drawId(
          values.subarray(b * vocabulary.size, (b + 1) * vocabulary.size),
          vocabulary.unwritten,
          temperature,
          generator,
        );
        if (!text.ended && id === MarkedVocabulary.endId) text.ended = true;
        if (!text.ended && text.ids.length < maxLength) text.ids.push(id);
        return id;
      });
    }
  } finally {
    disposeState(state);
  }
  return written.map(({ ids }) =>
    prompt === '' ? vocabulary.decode(ids) : prompt + vocabulary.tokensOf(ids.slice(first.length)).join(''),
  );
}

/** Samples a token from logits. @param unwritten ids that are never sampled */
function drawId(
  logits: ArrayLike<number>,
  unwritten: readonly number[],
  temperature: number,
  generator: Generator,
): number {
  const allowed = Array.from(logits, (logit, id) => (unwritten.includes(id) ? -Infinity : logit));
  const highest = Math.max(...allowed);
  if (temperature === 0) return allowed.indexOf(highest);
  const weights = allowed.map((logit) => Math.exp((logit - highest) / temperature));
  let rest = generator.nextUniform() * weights.reduce((sum, weight) => sum + weight, 0);
  return weights.findIndex((weight) => (rest -= weight) < 0 && weight > 0);
}
