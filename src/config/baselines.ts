import { phrase, type Text } from '../phrases/phrase.ts';

/** Names of the baselines on screen, by the names under which runs store their losses. */
const names: Readonly<Record<string, Text>> = {
  uniform: phrase('uniform'),
  guess: phrase('guess'),
  unigram: phrase('unigram'),
  bigram: phrase('bigram'),
  'trigram back-off': phrase('trigram back-off'),
  'frequency of classes': phrase('frequency of classes'),
  'naive Bayes': phrase('naive Bayes'),
  'frequency of tags': phrase('frequency of tags'),
  'each word alone': phrase('each word alone'),
  'always 1': phrase('always 1'),
  'best guess without memory': phrase('best guess without memory'),
  mean: phrase('mean'),
  'last value': phrase('last value'),
  'seasonal naive': phrase('seasonal naive'),
  'linear regression': phrase('linear regression'),
  'exponential smoothing': phrase('exponential smoothing'),
};

/** Name of a baseline on screen; the stored name itself if it has none. */
export function baselineName(stored: string): Text {
  return Object.hasOwn(names, stored) ? (names[stored] ?? stored) : stored;
}
