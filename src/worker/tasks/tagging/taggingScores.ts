import type { TaggedSentence } from '../../../data/tagged/taggedText.ts';
import { classificationMetrics } from '../../../training/classificationMetrics.ts';
import type { TagScheme } from '../../../data/tagged/tagScheme.ts';
import { entityScores, type EntityScores } from '../../../training/entityF1.ts';

/** Output of a tagger for a sentence: the probability of every tag for each word, and the predicted tags. */
export interface TaggedAnswer {
  /** `[words, tags]`, row-major. */
  readonly probabilities: Float64Array | Float32Array;
  readonly tags: readonly string[];
}

/** Scores of a tagger. */
export interface TaggingScores {
  /** Words scored. */
  readonly words: number;
  readonly sentences: number;
  /** Mean of -ln of the probability of the correct tag, in nats per word. */
  readonly lossNats: number;
  /** Fractions of correctly tagged words, and of sentences with every word correctly tagged. */
  readonly accuracy: number;
  readonly sentenceAccuracy: number;
  readonly macroF1: number;
  /** Scores of entities, if the tags mark any. */
  readonly entity: EntityScores | undefined;
  /** Rows are correct tags, columns are predicted tags. */
  readonly confusion: readonly (readonly number[])[];
}

/**
 * @param scheme scheme of the tags; undefined if they do not mark entities
 * @throws RangeError without sentences, or for a tag that is not among `tags`
 */
export function taggingScores(
  sentences: readonly TaggedSentence[],
  answers: readonly TaggedAnswer[],
  tags: readonly string[],
  scheme: TagScheme | undefined,
): TaggingScores {
  const idOf = new Map(tags.map((tag, id) => [tag, id]));
  const id = (tag: string): number => {
    const found = idOf.get(tag);
    if (found === undefined) throw new RangeError(`The tag "${tag}" is unknown.`);
    return found;
  };
  const width = tags.length;
  const right = sentences.flatMap((sentence) => sentence.tags.map(id));
  const answered = answers.flatMap((answer) => answer.tags.map(id));
  const rows = answers.flatMap(({ probabilities, tags: given }) =>
    given.map((_, t) => Array.from(probabilities.subarray(t * width, (t + 1) * width))),
  );
  // The Viterbi path need not contain the most likely tag of each word; confusion matrix and F1 use the path.
  const ofAnswers = classificationMetrics(
    answered.map((tag) => oneHot(tag, width)),
    right,
  );
  const { logLoss } = classificationMetrics(rows, right);
  const whole = sentences.filter((sentence, index) =>
    sentence.tags.every((tag, t) => answers[index]?.tags[t] === tag),
  ).length;
  const pairs = sentences.map((sentence, index) => ({ right: sentence.tags, answer: answers[index]?.tags ?? [] }));
  return {
    words: right.length,
    sentences: sentences.length,
    lossNats: logLoss,
    accuracy: ofAnswers.accuracy,
    sentenceAccuracy: whole / sentences.length,
    macroF1: ofAnswers.macroF1,
    entity: scheme === undefined ? undefined : entityScores(pairs, scheme),
    confusion: ofAnswers.confusionMatrix,
  };
}

function oneHot(place: number, width: number): number[] {
  return Array.from({ length: width }, (_, index) => (index === place ? 1 : 0));
}
