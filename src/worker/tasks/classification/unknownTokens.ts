import { countWords, vocabularyOf } from '../../../data/words/frequentWords.ts';
import type { WordVocabulary } from '../../../data/words/vocabulary.ts';
import { formatPercent } from '../../../format/percent.ts';
import { phrase, type Text } from '../../../phrases/phrase.ts';
import type { ClassificationConfig, ClassificationData } from './classificationData.ts';

/** Fraction of unknown tokens above which a notice says what would help. */
const MOSTLY_UNKNOWN = 0.5;

/**
 * A notice if the model reads most tokens of the validation part as unknown, with the fraction that other choices of
 * tokens would leave unknown.
 */
export function unknownNotices(
  { train, validation }: ClassificationData,
  vocabulary: WordVocabulary,
  { tokens, minimumCount, maximumVocabulary }: ClassificationConfig,
): Text[] {
  const forms = validation.map((text) => text.forms);
  const unknown = unknownShare(forms, vocabulary);
  if (unknown <= MOSTLY_UNKNOWN) return [];
  const shareWith = (
    formsOf: (text: ClassificationData['train'][number]) => readonly string[],
    minCount: number,
  ): string =>
    formatPercent(
      unknownShare(
        validation.map(formsOf),
        vocabularyOf(countWords(train.map(formsOf)), { minCount, maxSize: maximumVocabulary }),
      ),
    );
  const measured =
    tokens === 'word'
      ? phrase(
          '{0} of the words in the validation part are unknown to the model, whose vocabulary has {1} words.',
          formatPercent(unknown),
          vocabulary.size,
        )
      : phrase(
          '{0} of the characters in the validation part are unknown to the model, whose vocabulary has {1} characters.',
          formatPercent(unknown),
          vocabulary.size,
        );
  return [
    measured,
    ...(tokens === 'word'
      ? [
          phrase(
            'With task.tokens "character", {0} of the tokens would be unknown.',
            shareWith(({ text }) => Array.from(text), minimumCount),
          ),
        ]
      : []),
    ...(minimumCount > 1
      ? [
          phrase(
            'With task.minimumCount 1 instead of {0}, {1} of the tokens would be unknown.',
            minimumCount,
            shareWith((text) => text.forms, 1),
          ),
        ]
      : []),
    phrase('More texts for training would make more tokens known.'),
  ];
}

/** Fraction of tokens that are not in the vocabulary. */
function unknownShare(texts: readonly (readonly string[])[], vocabulary: WordVocabulary): number {
  let [all, unknown] = [0, 0];
  for (const forms of texts)
    for (const form of forms) {
      all++;
      if (vocabulary.idOf(form) === 0) unknown++;
    }
  return all === 0 ? 0 : unknown / all;
}
