import * as tf from '@tensorflow/tfjs';
import { MarkedVocabulary } from '../../data/pairs/markedVocabulary.ts';
import type { ConditionedModel } from '../../models/conditioned/conditionedModel.ts';
import type { ModelState } from '../../models/recurrentNetwork.ts';
import type { Generator } from '../../random/generator.ts';
import { disposeState, keepState } from '../carriedState.ts';
import { type Draw, drawId } from '../drawing.ts';

export interface LabeledWritingOptions {
  /** The label of each text. */
  readonly labels: Int32Array;
  /** Beginning of each text; may be empty. */
  readonly prompt: string;
  /** Maximum length of a text in characters. */
  readonly maxLength: number;
  /** Divisor of the logits; 0 always selects the most likely character. */
  readonly temperature: number;
  /** Number of most likely characters to draw from; 0 or omitted: all. */
  readonly topK?: number;
  readonly generator: Generator;
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
    for (const [row, draw] of draws.entries()) if (draw && !isEnd(draw)) written[row]!.push(draw.id);
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
  { labels, prompt, maxLength, temperature, topK = 0, generator }: LabeledWritingOptions,
): AsyncGenerator<readonly (Draw | null)[], void, void> {
  const rule = { temperature, topK, unwritten: vocabulary.unwritten };
  const batch = labels.length;
  const first = prompt === '' ? [] : [...vocabulary.encode(prompt)];
  const isOpen = Array.from(labels, () => true);
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
        return { id: drawId(own, rule, generator), logits: own };
      });
      yield draws.map((draw, row) => (isOpen[row] === true ? draw : null));
      for (const [row, draw] of draws.entries()) if (isEnd(draw)) isOpen[row] = false;
      next = Int32Array.from(draws, ({ id }) => id);
    }
  } finally {
    disposeState(state);
  }
}
