import type { WordVocabulary } from '../../../data/words/vocabulary.ts';
import { RecurrentClassifier } from '../../../models/recurrentClassifier.ts';
import type { TokenClassifier } from '../../../models/tokenClassifier.ts';
import { probedClassifier } from '../../../training/probedClassifier.ts';
import { textModel } from '../../../training/textReading.ts';
import type { TextReading } from '../../../training/trainingTask.ts';
import type { TokenAnswers } from './runClassifier.ts';
import { idsOf, tokenize } from './tokens.ts';
import { phrase, PhrasedError } from '../../../phrases/phrase.ts';

/**
 * A classifier as a reader of texts, with its class probabilities after each token. Undefined unless it is
 * unidirectional, gives each text one label, and answers from the last state: only such a classifier has an answer at every step.
 */
export function classifierReading(
  model: TokenClassifier | undefined,
  { labels, rules, thresholds }: TokenAnswers,
  vocabulary: WordVocabulary,
): TextReading | undefined {
  if (
    thresholds ||
    !(model instanceof RecurrentClassifier) ||
    model.shape.bidirectional ||
    model.shape.pooling !== 'last'
  )
    return undefined;
  const { network } = model;
  return {
    predicts: 'class-so-far',
    outputs: labels,
    encode(text) {
      const words = tokenize(text, rules);
      if (words.length === 0) throw new PhrasedError(phrase('There is no token in this text to read.'));
      return {
        // A token may be a part of the bytes of a character, which is no text.
        tokens: words.map(({ form, start, end }) => text.slice(start, end) || form),
        ids: idsOf(
          vocabulary,
          words.map(({ form }) => form),
        ),
        offsets: words.map(({ start }) => start),
      };
    },
    model: textModel(network),
    // The correct class is unknown, so the loss is that of the first class.
    probedOn: (text) =>
      probedClassifier(
        model,
        [
          {
            ids: idsOf(
              vocabulary,
              tokenize(text, rules).map(({ form }) => form),
            ),
            label: 0,
          },
        ],
        vocabulary.paddingId,
      ),
  };
}
