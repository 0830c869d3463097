import { answerOf, type Classification, wholeProbabilities } from './answer.ts';
import { type Piece, piecesOf } from './pieces.ts';
import type { ClassifyOptions, SentimentModel } from './sentimentModel.ts';

/** A word of a text that was explained. */
interface ExplainedWord {
  /** As it stands in the text. */
  readonly text: string;
  /** In the text, UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /**
   * How much the word speaks for the answer, in nats of log odds: the logit of its piece for the answer's class,
   * against the others, less what it is when the word is read as an unknown one. Negative: it speaks against it.
   */
  readonly contribution: number;
  readonly known: boolean;
}

/** A part of a text with its own answer. */
interface ExplainedSentence {
  readonly start: number;
  readonly end: number;
  readonly label: string;
  readonly probability: number;
  readonly probabilities: readonly number[];
}

export interface Explanation extends Classification {
  readonly words: readonly ExplainedWord[];
  /** The probabilities of every class after each word, as if the text ended there; the last are those of the whole. */
  readonly running: readonly (readonly number[])[];
  /** The sentences of a long text; one, the whole, for a short text. */
  readonly sentences: readonly ExplainedSentence[];
  /** Words at the end of a very long text that `words` and `running` leave out. */
  readonly wordsLeftOut: number;
}

/** More words than this are not explained one by one: each takes two runs of the model. */
export const MOST_EXPLAINED = 1000;

/**
 * Classifies a text and says why: which words speak for the answer (each in turn is read as an unknown word, as
 * training did with some), and how the opinion changes from word to word.
 */
export async function explain(
  model: SentimentModel,
  text: string,
  options: ClassifyOptions = {},
): Promise<Explanation> {
  const { parts } = model;
  const pieces = piecesOf(text);
  const ids = pieces.map((piece) => model.encodeWords(piece));
  const logits = await model.logits(ids, options);
  const answer = answerOf(parts, pieces, logits);
  const explained = firstPieces(pieces);

  const variants = explained.flatMap((_, index) => [...withoutEach(ids[index]!), ...prefixes(ids[index]!)]);
  const answers = await model.logits(variants, options);
  const label = parts.labels.indexOf(answer.label);
  const words: ExplainedWord[] = [];
  const running: number[][] = [];
  let next = 0;
  explained.forEach((piece, index) => {
    const count = piece.words.length;
    const own = logits[index]!;
    piece.words.forEach(({ start, end }, word) => {
      const without = answers[next + word]!;
      const known = ids[index]![word] !== 0;
      words.push({
        text: text.slice(start, end),
        start,
        end,
        contribution: logOdds(own, label) - logOdds(without, label),
        known,
      });
      const soFar = [...pieces.slice(0, index), { words: piece.words.slice(0, word + 1) }];
      const logitsSoFar = [...logits.slice(0, index), answers[next + count + word]!];
      running.push(wholeProbabilities(parts.temperature, parts.labels.length, soFar, logitsSoFar));
    });
    next += 2 * count;
  });
  const sentences = pieces.map((piece, index) => {
    const { label, probability, probabilities } = answerOf(parts, [piece], [logits[index]!]);
    return { start: piece.start, end: piece.end, label, probability, probabilities };
  });
  return { ...answer, words, running, sentences, wordsLeftOut: answer.wordCount - words.length };
}

/** The pieces that are explained word by word. */
function firstPieces(pieces: readonly Piece[]): readonly Piece[] {
  let words = 0;
  return pieces.filter((piece) => (words += piece.words.length) <= MOST_EXPLAINED);
}

/** A sequence with each of its words in turn as `<unk>`. */
function withoutEach(ids: Int32Array): Int32Array[] {
  return Array.from(ids, (_, index) => ids.map((id, other) => (other === index ? 0 : id)));
}

function prefixes(ids: Int32Array): Int32Array[] {
  return Array.from(ids, (_, index) => ids.subarray(0, index + 1));
}

/** ln(p / (1 - p)) of a class under the softmax of logits. */
function logOdds(logits: readonly number[], label: number): number {
  const others = logits.filter((_, index) => index !== label);
  const highest = Math.max(...others);
  return logits[label]! - highest - Math.log(others.reduce((sum, logit) => sum + Math.exp(logit - highest), 0));
}
