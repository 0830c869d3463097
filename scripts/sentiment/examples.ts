import { splitByText } from '../../src/data/labeled/split.ts';
import { tokenizeWords } from '../../src/data/words/tokenizer.ts';
import { Generator } from '../../src/random/generator.ts';
import { type Leaning, templateSentences } from './templates/generate.ts';
import type { Example, TrainingData } from './trainingData.ts';

/** Training data with a held-out part for fitting the calibration. */
export interface SplitData {
  readonly fitting: readonly Example[];
  /** Held-out examples of each set. */
  readonly heldOut: readonly (readonly Example[])[];
}

/** @param share fraction of the distinct texts of each set to hold out */
export function splitData({ films, sentences }: TrainingData, share: number, seed: number): SplitData {
  const generator = Generator.forPurpose(seed, 'held out');
  const sets = [films, sentences].map((set) => splitByText(set, share, generator));
  return { fitting: sets.flatMap(([fitting]) => fitting), heldOut: sets.map(([, heldOut]) => heldOut) };
}

/**
 * Builds sentences from templates for each epoch, with polar words whose polarity the training data confirms.
 */
export function templateExamples(
  training: readonly Example[],
  { epochs, count, seed }: { epochs: number; count: number; seed: number },
): Example[][] {
  const leaning = leaningOf(training);
  return Array.from({ length: epochs }, (_, epoch) =>
    templateSentences(count, leaning, Generator.forPurpose(seed, `templates ${epoch}`)).map(({ text, polarity }) => ({
      text,
      label: Number(polarity === 'positive'),
      intact: true,
    })),
  );
}

function leaningOf(examples: readonly Example[]): Leaning {
  const counts = new Map<string, [negative: number, positive: number]>();
  for (const { text, label } of examples) {
    for (const form of new Set(tokenizeWords(text).map((word) => word.form))) {
      const [negative, positive] = counts.get(form) ?? [0, 0];
      counts.set(form, label === 1 ? [negative, positive + 1] : [negative + 1, positive]);
    }
  }
  return (word) => {
    const found = counts.get(word);
    return found && Math.log((found[1] + 0.5) / (found[0] + 0.5));
  };
}
