import { answerOf, type Classification, wholeProbabilities } from './answer.ts';
import { type Piece, piecesOf } from './pieces.ts';
import type { ClassifyOptions, SentimentModel } from './sentimentModel.ts';

/** A word of an explained text. */
interface ExplainedWord {
  /** The word as written in the text. */
  readonly text: string;
  /** Start and end in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /**
   * Contribution to the answer in nats: the log odds of the answer's class for the word's piece, minus the log odds
   * when the word is replaced by `<unk>`. Negative values speak against the answer.
   */
  readonly contribution: number;
  readonly known: boolean;
}

/** A sentence of a text with its own answer. */
interface ExplainedSentence {
  readonly start: number;
  readonly end: number;
  readonly label: string;
  readonly probability: number;
  readonly probabilities: readonly number[];
}

export interface Explanation extends Classification {
  readonly words: readonly ExplainedWord[];
  /** Class probabilities of the text up to each word; the last row belongs to the whole text. */
  readonly running: readonly (readonly number[])[];
  /** The sentences of a long text; a short text counts as one sentence. */
  readonly sentences: readonly ExplainedSentence[];
  /** Number of words at the end of a very long text that are missing in `words` and `running`. */
  readonly wordsLeftOut: number;
}

/** Most words that are explained individually: each costs two runs of the model. */
export const MOST_EXPLAINED = 1000;

/**
 * Classifies a text and explains the answer: the contribution of each word (by replacing it with `<unk>`, as word
 * dropout did in training) and the class probabilities after each word.
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

/** The leading pieces that are explained word by word. */
function firstPieces(pieces: readonly Piece[]): readonly Piece[] {
  let words = 0;
  return pieces.filter((piece) => (words += piece.words.length) <= MOST_EXPLAINED);
}

/** Copies of a sequence, each with another word replaced by `<unk>`. */
function withoutEach(ids: Int32Array): Int32Array[] {
  return Array.from(ids, (_, index) => ids.map((id, other) => (other === index ? 0 : id)));
}

function prefixes(ids: Int32Array): Int32Array[] {
  return Array.from(ids, (_, index) => ids.subarray(0, index + 1));
}

/** Log odds ln(p / (1 - p)) of a class under the softmax of the logits. */
function logOdds(logits: readonly number[], label: number): number {
  const others = logits.filter((_, index) => index !== label);
  const highest = Math.max(...others);
  return logits[label]! - highest - Math.log(others.reduce((sum, logit) => sum + Math.exp(logit - highest), 0));
}
