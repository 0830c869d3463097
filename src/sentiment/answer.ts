import { likeliest } from '../training/classificationMetrics.ts';
import { type Calibration, probabilitiesOf, temperatureOf } from './calibration.ts';
import { type LanguageHint, languageHint } from './language.ts';
import type { Piece } from './pieces.ts';
import type { WordTable } from './wordTable.ts';

/** What a model says of a text. */
export interface Classification {
  /** Name of the likeliest class. */
  readonly label: string;
  /** Of that class: about so many of the texts that get it are right. */
  readonly probability: number;
  /** Of every class, in the order of the model's labels. */
  readonly probabilities: readonly number[];
  /** The answer is hardly more than a guess: the classes are close, or there is nothing that the model knows. */
  readonly unsure: boolean;
  readonly language: LanguageHint;
  /** Words and punctuation marks. */
  readonly wordCount: number;
  /** Words that the model does not know, each once, in the order of the text. */
  readonly unknownWords: readonly string[];
}

/** What an answer needs to know of a model. */
export interface AnswerContext {
  readonly labels: readonly string[];
  readonly temperature: Calibration;
  readonly table: WordTable;
}

/** Closer together than this, the first two classes are a guess. */
const CLOSE = 0.2;
/** With less than this share of known words, so is any answer. */
const FEW_KNOWN = 0.5;

/** @param logits of each piece of the text */
export function answerOf(
  { labels, temperature, table }: AnswerContext,
  pieces: readonly Piece[],
  logits: readonly (readonly number[])[],
): Classification {
  const words = pieces.flatMap((piece) => piece.words);
  const unknown = words.filter(({ form }) => table.vocabulary.idOf(form) === 0);
  const probabilities = wholeProbabilities(temperature, labels.length, pieces, logits);
  const answer = likeliest(probabilities);
  const probability = probabilities[answer]!;
  const second = Math.max(...probabilities.filter((_, index) => index !== answer));
  const language = languageHint(words);
  const isLetters = ({ form }: { form: string }): boolean => /[\p{L}\p{N}]/u.test(form);
  const known = words.filter(isLetters).length - unknown.filter(isLetters).length;
  return {
    label: labels[answer]!,
    probability,
    probabilities,
    unsure:
      probability - second < CLOSE || known <= FEW_KNOWN * unknown.filter(isLetters).length || language === 'other',
    language,
    wordCount: words.length,
    unknownWords: [...new Set(unknown.map(({ form }) => form))],
  };
}

/**
 * Probabilities of a whole text from the logits of its pieces. Each piece is calibrated on its own; then their sum, in
 * logarithms, is divided by the square root of their number: more sentences of one opinion make it surer, but they are
 * no independent witnesses. (On 600 long film reviews: calibration error 0.04, and 0.14 with the plain sum.)
 */
export function wholeProbabilities(
  temperature: Calibration,
  classes: number,
  pieces: readonly Pick<Piece, 'words'>[],
  logits: readonly (readonly number[])[],
): number[] {
  const sums = new Array<number>(classes).fill(0);
  pieces.forEach(({ words }, index) => {
    const scale = temperatureOf(temperature, words.length);
    for (let k = 0; k < classes; k++) sums[k] = sums[k]! + logits[index]![k]! / scale;
  });
  return probabilitiesOf(sums, Math.max(1, pieces.length) ** 0.5);
}
