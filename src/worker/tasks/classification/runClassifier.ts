import type { Word } from '../../../data/words/tokenizer.ts';
import type { Classification, Doubt } from '../../../sentiment/answer.ts';
import type { Classifier } from '../../../sentiment/classifier.ts';
import type { Explanation, TextAnswer } from '../../../sentiment/explain.ts';
import type { ClassifyOptions } from '../../../sentiment/sentimentModel.ts';
import { shapleyValues } from '../../../sentiment/shapley.ts';
import { likeliest } from '../../../training/classificationMetrics.ts';
import { type TokenRules, tokenize } from './tokens.ts';

/** A classifier of token sequences, of any family. */
export interface TokenAnswers {
  readonly labels: readonly string[];
  readonly rules: TokenRules;
  /** Maximum number of tokens that are read of a text. */
  readonly maximumLength: number;
  /** Minimum probability of each label, if a text may have several. */
  readonly thresholds?: readonly number[] | undefined;
  /** Whether the token is in the vocabulary. */
  knows(form: string): boolean;
  /** Probabilities of every class for each text. */
  probabilities(texts: readonly (readonly string[])[], options?: ClassifyOptions): Promise<number[][]>;
  dispose(): void;
}

/** Difference of the two highest probabilities below which an answer is unsure. */
const CLOSE = 0.2;
/** Maximum number of tokens that are explained; each takes at least four forward passes. */
const MAX_EXPLAINED_TOKENS = 200;
/** Forward passes for the Shapley values; many tokens take more. */
const RUNS = 256;

/** Loaded classifier of a run. An answer never depends on the other texts of a batch. */
export class RunClassifier implements Classifier {
  readonly #answers: TokenAnswers;

  constructor(answers: TokenAnswers) {
    this.#answers = answers;
  }

  get labels(): readonly string[] {
    return this.#answers.labels;
  }

  async classify(texts: readonly string[], options: ClassifyOptions = {}): Promise<Classification[]> {
    const words = texts.map((text) => this.#read(text));
    const probabilities = await this.#answers.probabilities(words.map(formsOf), options);
    return words.map((each, index) => this.#answerOf(each, probabilities[index] ?? []));
  }

  async answer(text: string, options: ClassifyOptions = {}): Promise<TextAnswer> {
    const [answer] = await this.classify([text], options);
    return inOneSentence(answer!, text);
  }

  /** A token is hidden by removing it: a model trained without word dropout has hardly seen `<unk>`. */
  async explain(text: string, options: ClassifyOptions = {}): Promise<Explanation> {
    const read = this.#read(text);
    const forms = formsOf(read);
    const explained = read.slice(0, MAX_EXPLAINED_TOKENS);
    const without = explained.map((_, index) => forms.toSpliced(index, 1));
    const prefixes = explained.map((_, index) => forms.slice(0, index + 1));
    const [own = [], ...others] = await this.#answers.probabilities([forms, ...without, ...prefixes], options);
    const answer = this.#answerOf(read, own);
    const label = likeliest(own);
    const logOdds = logOddsOf(own, label);
    const shapley = await shapleyValues(explained.length, RUNS, async (selections) => {
      const texts = selections.map((selection) => forms.filter((_, index) => selection[index] !== 0));
      const answers = await this.#answers.probabilities(texts, options);
      return answers.map((each) => [logOddsOf(each, label)]);
    });
    const words = explained.map(({ form, start, end }, index) => ({
      text: text.slice(start, end) || form,
      start,
      end,
      contribution: shapley.values[index]?.[0] ?? 0,
      leaveOneOut: logOdds - logOddsOf(others[index] ?? own, label),
      known: this.#answers.knows(form),
    }));
    return {
      ...inOneSentence(answer, text),
      logOdds,
      baseline: shapley.baseline[0] ?? logOdds,
      words,
      running: others.slice(explained.length),
      wordsLeftOut: tokenize(text, this.#answers.rules).length - explained.length,
    };
  }

  dispose(): void {
    this.#answers.dispose();
  }

  #read(text: string): Word[] {
    return tokenize(text, this.#answers.rules).slice(0, this.#answers.maximumLength);
  }

  /** The most likely label; all that reach their thresholds, or a dash for none, if a text may have several. */
  #labelOf(probabilities: readonly number[]): string {
    const { thresholds } = this.#answers;
    if (!thresholds) return this.labels[likeliest(probabilities)] ?? '';
    const found = this.labels.filter((_, label) => (probabilities[label] ?? 0) >= (thresholds[label] ?? 1));
    return found.length === 0 ? '-' : found.join(', ');
  }

  /** @param lead difference of the two highest probabilities */
  #isClose(probabilities: readonly number[], lead: number): boolean {
    const { thresholds } = this.#answers;
    if (!thresholds) return lead < CLOSE;
    return probabilities.some((probability, label) => Math.abs(probability - (thresholds[label] ?? 1)) < CLOSE / 2);
  }

  #answerOf(words: readonly Word[], probabilities: readonly number[]): Classification {
    const answer = likeliest(probabilities);
    const probability = probabilities[answer] ?? 0;
    const second = Math.max(...probabilities.filter((_, index) => index !== answer));
    const unknown = words.filter(({ form }) => !this.#answers.knows(form)).map(({ form }) => form);
    const doubts: Doubt[] = [];
    if (this.#isClose(probabilities, probability - second)) doubts.push('close');
    if (unknown.length === words.length) doubts.push('unknown-words');
    return {
      label: this.#labelOf(probabilities),
      probability,
      probabilities,
      unsure: doubts.length > 0,
      doubts,
      opinion: null,
      // The model does not know the language of its texts.
      language: 'unknown',
      wordCount: words.length,
      unknownWords: [...new Set(unknown)],
    };
  }
}

/** The answer for a text, which counts as one sentence. */
function inOneSentence(answer: Classification, text: string): TextAnswer {
  const { label, probability, probabilities, unsure, opinion } = answer;
  return { ...answer, sentences: [{ start: 0, end: text.length, label, probability, probabilities, unsure, opinion }] };
}

function formsOf(words: readonly Word[]): string[] {
  return words.map(({ form }) => form);
}

/** Distance that probabilities keep from 0 and 1, whose log odds are infinite. */
const EPSILON = 1e-12;

/** Log odds ln(p / (1 - p)) of a class. */
function logOddsOf(probabilities: readonly number[], label: number): number {
  const p = Math.min(1 - EPSILON, Math.max(EPSILON, probabilities[label] ?? 0));
  return Math.log(p / (1 - p));
}
