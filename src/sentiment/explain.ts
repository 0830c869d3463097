import { answerOf, type Classification, pieceFactors, type PieceOutputs, wholeLogits } from './answer.ts';
import { logOddsOf, probabilitiesOf } from './calibration.ts';
import { type Piece, piecesOf } from './pieces.ts';
import { type ShapleyValues, shapleyValues } from './shapley.ts';
import type { ClassifyOptions, SentimentModel } from './sentimentModel.ts';

/** A word of an explained text. */
interface ExplainedWord {
  /** The word as written in the text. */
  readonly text: string;
  /** Start and end in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /**
   * Shapley value of the word for the log odds of the answer, in nats: their change when the word replaces `<unk>`,
   * averaged over the orders in which the words of its piece can be revealed. Negative values speak against the answer.
   */
  readonly contribution: number;
  /** Change of the log odds when only this word is replaced by `<unk>`, with the sign reversed. */
  readonly leaveOneOut: number;
  readonly known: boolean;
}

/** A sentence of a text with its own answer. */
interface AnsweredSentence {
  readonly start: number;
  readonly end: number;
  readonly label: string;
  readonly probability: number;
  readonly probabilities: readonly number[];
  readonly unsure: boolean;
  readonly opinion: number | null;
}

/** Answer for a text and for each of its sentences. */
export interface TextAnswer extends Classification {
  /** The sentences of a long text; a short text counts as one sentence. */
  readonly sentences: readonly AnsweredSentence[];
}

export interface Explanation extends TextAnswer {
  /**
   * Log odds ln(p / (1 - p)) of the answer, in nats; p is `probability`. They are the sum of `baseline` and of the
   * contributions of `words`.
   */
  readonly logOdds: number;
  /** Log odds of the answer's class if every word of `words` is replaced by `<unk>`. */
  readonly baseline: number;
  readonly words: readonly ExplainedWord[];
  /** Class probabilities of the text up to each word; the last row belongs to the whole text. */
  readonly running: readonly (readonly number[])[];
  /** Number of words at the end of a very long text that are missing in `words` and `running`. */
  readonly wordsLeftOut: number;
}

/** Maximum number of words that are explained individually: each costs at least four runs of the model. */
export const MAX_EXPLAINED = 1000;

/** Runs of the model for the Shapley values of a text, and at most for one piece; long texts take more. */
const RUNS = 1024;
const RUNS_PER_PIECE = 256;

/** Classifies a text and its sentences. @throws the reason of the signal once it is aborted */
export async function answerText(
  model: SentimentModel,
  text: string,
  options: ClassifyOptions = {},
): Promise<TextAnswer> {
  const pieces = piecesOf(text);
  const outputs = await model.read(
    pieces.map((piece) => model.encodeWords(piece)),
    options,
  );
  return textAnswerOf(model, pieces, outputs);
}

function textAnswerOf({ parts }: SentimentModel, pieces: readonly Piece[], outputs: PieceOutputs): TextAnswer {
  const { logits, opinions } = outputs;
  const sentences = pieces.map((piece, index) => {
    const own = { logits: [logits[index]!], opinions: opinions && [opinions[index]!] };
    const { label, probability, probabilities, unsure, opinion } = answerOf(parts, [piece], own);
    return { start: piece.start, end: piece.end, label, probability, probabilities, unsure, opinion };
  });
  return { ...answerOf(parts, pieces, outputs), sentences };
}

/**
 * Classifies a text and explains the answer: how much each word contributes to the calibrated log odds of the answer,
 * and the class probabilities after each word. A word is hidden by replacing it with `<unk>`, as word dropout did in
 * training.
 */
export async function explain(
  model: SentimentModel,
  text: string,
  options: ClassifyOptions = {},
): Promise<Explanation> {
  const { labels, temperature } = model.parts;
  const pieces = piecesOf(text);
  const ids = pieces.map((piece) => model.encodeWords(piece));
  const outputs = await model.read(ids, options);
  const { logits } = outputs;
  const answer = textAnswerOf(model, pieces, outputs);
  const explained = firstPieces(pieces);

  const variants = explained.flatMap((_, index) => [...withoutEach(ids[index]!), ...prefixes(ids[index]!)]);
  const answers = await model.logits(variants, options);
  const runs = Math.min(RUNS_PER_PIECE, RUNS / explained.length);
  const shapley: ShapleyValues[] = [];
  for (const index of explained.keys()) shapley.push(await valuesOf(model, ids[index]!, runs, options));

  const label = labels.indexOf(answer.label);
  const factors = pieceFactors(temperature, pieces);
  const whole = wholeLogits(factors, labels.length, logits);
  const hidden = wholeLogits(
    factors,
    labels.length,
    logits.map((own, index) => shapley[index]?.baseline ?? own),
  );
  const slopes = meanSlopes(hidden, whole, label);
  const logOdds = logOddsOf(whole, label);

  const words: ExplainedWord[] = [];
  const running: number[][] = [];
  let next = 0;
  explained.forEach((piece, index) => {
    const count = piece.words.length;
    const factor = factors[index]!;
    const own = logits[index]!;
    piece.words.forEach(({ start, end }, word) => {
      const value = shapley[index]!.values[word]!;
      const without = answers[next + word]!;
      words.push({
        text: text.slice(start, end),
        start,
        end,
        contribution: value.reduce((sum, change, k) => sum + factor * change * slopes[k]!, 0),
        leaveOneOut:
          logOdds -
          logOddsOf(
            whole.map((sum, k) => sum + factor * (without[k]! - own[k]!)),
            label,
          ),
        known: ids[index]![word] !== 0,
      });
      const soFar = pieceFactors(temperature, [...pieces.slice(0, index), { words: piece.words.slice(0, word + 1) }]);
      const logitsSoFar = [...logits.slice(0, index), answers[next + count + word]!];
      running.push(probabilitiesOf(wholeLogits(soFar, labels.length, logitsSoFar), 1));
    });
    next += 2 * count;
  });
  return {
    ...answer,
    logOdds,
    baseline: logOddsOf(hidden, label),
    words,
    running,
    wordsLeftOut: answer.wordCount - words.length,
  };
}

/** The leading pieces that are explained word by word. */
function firstPieces(pieces: readonly Piece[]): readonly Piece[] {
  let words = 0;
  return pieces.filter((piece) => (words += piece.words.length) <= MAX_EXPLAINED);
}

/** Shapley values of the words of a piece for its logits. Unknown words have none to hide, so their values are 0. */
async function valuesOf(
  model: SentimentModel,
  ids: Int32Array,
  runs: number,
  options: ClassifyOptions,
): Promise<ShapleyValues> {
  const known = Array.from(ids.keys()).filter((index) => ids[index] !== 0);
  const { baseline, values } = await shapleyValues(known.length, runs, async (selections) =>
    model.logits(
      selections.map((selection) => {
        const hidden = new Int32Array(ids.length);
        known.forEach((index, word) => (hidden[index] = selection[word] === 1 ? ids[index]! : 0));
        return hidden;
      }),
      options,
    ),
  );
  const zeros = baseline.map(() => 0);
  return { baseline, values: Array.from(ids, (_, index) => values[known.indexOf(index)] ?? zeros) };
}

/** Number of points of the integral in `meanSlopes`. */
const POINTS = 100;

/**
 * Mean derivative of the log odds of a class with respect to each logit on the straight line between two points. The
 * products with the differences of the logits add up to the difference of the log odds (integrated gradients,
 * Sundararajan et al. 2017). With two classes the log odds are linear, and the slopes are 1 and -1.
 */
function meanSlopes(from: readonly number[], to: readonly number[], label: number): number[] {
  const slopes = from.map((_, k) => Number(k === label));
  for (let point = 0; point < POINTS; point++) {
    const share = (point + 0.5) / POINTS;
    const at = from.map((value, k) => value + share * (to[k]! - value));
    const others = probabilitiesOf(at.with(label, -Infinity), 1);
    others.forEach((probability, k) => (slopes[k] = slopes[k]! - probability / POINTS));
  }
  return slopes;
}

/** Copies of a sequence, each with another word replaced by `<unk>`. */
function withoutEach(ids: Int32Array): Int32Array[] {
  return Array.from(ids, (_, index) => ids.with(index, 0));
}

function prefixes(ids: Int32Array): Int32Array[] {
  return Array.from(ids, (_, index) => ids.subarray(0, index + 1));
}
