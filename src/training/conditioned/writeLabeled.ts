import * as tf from '@tensorflow/tfjs';
import { MarkedVocabulary } from '../../data/pairs/markedVocabulary.ts';
import type { ConditionedModel } from '../../models/conditioned/conditionedModel.ts';
import type { ModelState } from '../../models/recurrentNetwork.ts';
import { disposeState, keepState } from '../carriedState.ts';
import { type Draw, draw } from '../drawing.ts';
import type { WritingOptions } from '../writing.ts';

export interface LabeledWritingOptions extends Omit<WritingOptions, 'length' | 'stop'> {
  /** The label of each text. */
  readonly labels: Int32Array;
  /** Maximum length of a text in characters. */
  readonly maxLength: number;
}

/** Generates one text for each label, as a batch. */
export async function writeLabeled(
  model: ConditionedModel,
  vocabulary: MarkedVocabulary,
  options: LabeledWritingOptions,
): Promise<string[]> {
  const { prompt, labels } = options;
  const written = Array.from(labels, (): number[] => []);
  for await (const draws of labeledDraws(model, vocabulary, options)) {
    for (const [row, drawn] of draws.entries()) if (drawn && !isEnd(drawn)) written[row]!.push(drawn.id);
  }
  return written.map((ids) => (prompt === '' ? vocabulary.decode(ids) : prompt + vocabulary.tokensOf(ids).join('')));
}

/** True for the mark at the end of a text. */
export function isEnd({ id }: Draw): boolean {
  return id === MarkedVocabulary.endId;
}

/**
 * Draws the next token of each text, until all texts have ended or have the maximum length. A text that has ended has
 * null.
 */
export async function* labeledDraws(
  model: ConditionedModel,
  vocabulary: MarkedVocabulary,
  { labels, prompt, maxLength, generator, ...drawing }: LabeledWritingOptions,
): AsyncGenerator<readonly (Draw | null)[], void, void> {
  const rule = { ...drawing, unwritten: vocabulary.unwritten };
  const batch = labels.length;
  const first = prompt === '' ? [] : [...vocabulary.encode(prompt)];
  const isOpen = Array.from(labels, () => true);
  const recent = Array.from(labels, () => [...first]);
  let state: ModelState = [];
  let next = new Int32Array((1 + first.length) * batch);
  [MarkedVocabulary.startId, ...first].forEach((id, t) => next.fill(id, t * batch, (t + 1) * batch));
  try {
    for (let length = first.length; length < maxLength && isOpen.includes(true); length++) {
      const before = state;
      const logits = tf.tidy(() => {
        const from = before.length > 0 ? before : model.stateOf(labels);
        const after = model.hiddenStates(tf.tensor2d(next, [next.length / batch, batch], 'int32'), from);
        state = keepState(after.state);
        const all = model.network.outputsOf(after.h);
        return tf.slice(all, [all.shape[0] - batch, 0]);
      });
      disposeState(before);
      const values = await logits.data<'float32'>();
      logits.dispose();
      // Texts that have ended are drawn too, because all texts share one generator.
      const draws = isOpen.map((_, row): Draw => {
        const own = values.subarray(row * vocabulary.size, (row + 1) * vocabulary.size);
        return draw(own, rule, generator, recent[row]);
      });
      yield draws.map((drawn, row) => (isOpen[row] === true ? drawn : null));
      for (const [row, drawn] of draws.entries()) {
        recent[row]!.push(drawn.id);
        if (isEnd(drawn)) isOpen[row] = false;
      }
      next = Int32Array.from(draws, ({ id }) => id);
    }
  } finally {
    disposeState(state);
  }
}
