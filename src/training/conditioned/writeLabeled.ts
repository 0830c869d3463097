import * as tf from '@tensorflow/tfjs';
import { MarkedVocabulary } from '../../data/pairs/markedVocabulary.ts';
import type { ConditionedModel } from '../../models/conditioned/conditionedModel.ts';
import type { ModelState } from '../../models/recurrentNetwork.ts';
import { keepState } from '../carriedState.ts';
import { type Draw, draw } from '../drawing.ts';
import { TokenSteps } from '../tokenSteps.ts';
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
  const read = prompt === '' ? [] : [...vocabulary.encode(prompt)];
  const isOpen = Array.from(labels, () => true);
  const recent = Array.from(labels, () => [...read]);
  let first: ModelState = [];
  tf.tidy(() => void (first = keepState(model.stateOf(labels))));
  const steps = new TokenSteps(model.network, first, batch);
  let next = new Int32Array((1 + read.length) * batch);
  [MarkedVocabulary.startId, ...read].forEach((id, t) => next.fill(id, t * batch, (t + 1) * batch));
  try {
    for (let length = read.length; length < maxLength && isOpen.includes(true); length++) {
      const values = await (length === read.length ? steps.begin(next, batch) : steps.next(next));
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
    steps.dispose();
  }
}
