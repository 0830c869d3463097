import * as l10n from '@vscode/l10n';
import type { RunConfig } from '../config/schema.ts';
import { taskOf, type Arrangement } from '../config/tasks.ts';

/** A sample configuration of `media/samples`, as the list of configurations shows it. */
export interface Sample {
  readonly title: () => string;
  /**
   * Rough seconds from the command to the end of the run with its seed, from the processor time of a run on two cores
   * with the backend `wasm`. Where the user chooses the data, they are for `ferry.txt`, or for 8,000 long reviews.
   */
  readonly seconds: number;
  /** Data that it needs, if it can be said more exactly than for its task. */
  readonly needs?: () => string;
  /** Files of `media/samples` that it can be tried on, for a configuration that names no data. */
  readonly offers?: readonly string[];
}

const texts = ['ferry.txt', 'tide.txt'];

/** The sample sweeps, by the names of their files without ".sequence-lab-sweep.json". */
export const sampleSweeps = ['language-model', 'learning-rate'] as const;

/** The sample configurations by the names of their files, without ".sequence-lab.json". */
export const samples: Readonly<Partial<Record<string, Sample>>> = {
  'adding-problem': { title: () => l10n.t('Add two marked numbers of fifty'), seconds: 15 },
  copying: { title: () => l10n.t('Repeat ten letters after a pause'), seconds: 120 },
  counting: { title: () => l10n.t('Count letters'), seconds: 2 },
  dates: { title: () => l10n.t('Dates to YYYY-MM-DD, with attention'), seconds: 15 },
  ferry: { title: () => l10n.t('The text of a ferry, character by character'), seconds: 15 },
  forecasting: { title: () => l10n.t('Forecast an oscillation'), seconds: 4 },
  'names-generation': { title: () => l10n.t('Write surnames of a language'), seconds: 15 },
  'names-to-language': { title: () => l10n.t('Names to languages'), seconds: 30 },
  'names-to-language-bag-of-words': { title: () => l10n.t('Names to languages, with a bag of letters'), seconds: 15 },
  'parts-of-speech-hmm': { title: () => l10n.t('Parts of speech, with a hidden Markov model'), seconds: 1 },
  'parts-of-speech-lstm': { title: () => l10n.t('Parts of speech, with an LSTM'), seconds: 30 },
  recall: { title: () => l10n.t('Recall a letter from 60 steps before'), seconds: 5 },
  reversing: { title: () => l10n.t('Reverse words, with attention'), seconds: 10 },
  'reviews-lstm': {
    title: () => l10n.t('Opinions of reviews'),
    seconds: 180,
    needs: () => l10n.t('a table of reviews with their labels'),
  },
  small: { title: () => l10n.t('A small LSTM on characters'), seconds: 10, offers: texts },
  'temporal-order': { title: () => l10n.t('Order of two marks, with an LSTM'), seconds: 2 },
  'temporal-order-clipped': { title: () => l10n.t('Order of two marks, with clipping'), seconds: 2 },
  'temporal-order-not-clipped': { title: () => l10n.t('Order of two marks, without clipping'), seconds: 3 },
  translation: { title: () => l10n.t('English to French, with attention'), seconds: 40 },
  'truncated-20-of-100': { title: () => l10n.t('Truncated backpropagation, 20 steps'), seconds: 10, offers: texts },
  words: { title: () => l10n.t('A small LSTM on words'), seconds: 5, offers: texts },
};

/** Arrangements of inputs and outputs as the lecture names them. */
const SHAPES: Readonly<Record<Arrangement, () => string>> = {
  'many-to-one': () => l10n.t('many-to-one'),
  'one-to-many': () => l10n.t('one-to-many'),
  'many-to-many': () => l10n.t('many-to-many'),
  delayed: () => l10n.t('many-to-many, delayed'),
};

/** Names the arrangement of a configuration's task, such as "many-to-one". */
export function describeShape({ task }: Pick<RunConfig, 'task'>): string {
  return SHAPES[taskOf(task).arrangement]();
}

const MINUTE = 60;

/** Formats a rough duration, such as "about 30 s" or "about 2 min". */
export function formatRoughTime(seconds: number): string {
  return seconds < MINUTE ? l10n.t('about {0} s', seconds) : l10n.t('about {0} min', Math.round(seconds / MINUTE));
}
