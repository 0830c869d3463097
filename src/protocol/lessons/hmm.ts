import * as l10n from '@vscode/l10n';
import * as z from 'zod';

/** Lesson on hidden Markov models, which a trainer computes. */

export const MAX_STATES = 5;
export const MAX_SYMBOLS = 8;
/** Observations that a trellis has room for; longer sequences would also have probabilities too small to read. */
export const MAX_OBSERVATIONS = 30;
export const MAX_DAYS = 100_000;

const name = z.string().min(1).max(40);
const probability = z.number().min(0).max(1);
const numbers = z.array(z.number());
const index = z.int().nonnegative();

/** Names and probabilities of a model with S states and V symbols. */
export const hmmModel = z.object({
  states: z.array(name).min(1).max(MAX_STATES),
  symbols: z.array(name).min(1).max(MAX_SYMBOLS),
  /** Probability of each state at the first step, `[S]`. */
  initial: z.array(probability),
  /** Probability of each state after each state, `[S, S]`. */
  transition: z.array(probability),
  /** Probability of each symbol in each state, `[S, V]`. */
  emission: z.array(probability),
});

/** The weather example of Wikipedia, "Hidden Markov model", to which the lecture refers. */
export function weather(): HmmModel {
  return {
    states: [l10n.t('Rainy'), l10n.t('Sunny')],
    symbols: [l10n.t('walk'), l10n.t('shop'), l10n.t('clean')],
    initial: [0.6, 0.4],
    transition: [0.7, 0.3, 0.4, 0.6],
    emission: [0.1, 0.4, 0.5, 0.6, 0.3, 0.1],
  };
}

const inferenceRequest = z.object({
  model: hmmModel,
  /** Indices of the observed symbols, o_1 to o_T. */
  observations: z.array(index).min(1).max(MAX_OBSERVATIONS),
});

/** Probabilities at each step t and state i, `[T, S]` each. */
const inferenceResult = z.object({
  /** Forward: `P(o_1 ... o_t, s_t = i)`. */
  alpha: numbers,
  /** Backward: `P(o_t+1 ... o_T | s_t = i)`. */
  beta: numbers,
  /** Posterior: `P(s_t = i | o_1 ... o_T)`. */
  posterior: numbers,
  /** Viterbi: probability of the most likely path that ends in state i at step t, with its observations. */
  best: numbers,
  /** State before state i on that path; -1 at the first step. */
  previous: z.array(z.int()),
  /** Most likely states, `[T]`, and their probability together with the observations. */
  path: z.array(index),
  pathProbability: z.number(),
  /** `P(o_1 ... o_T)`. */
  likelihood: z.number(),
});

const sequence = z.object({ states: z.array(index), observations: z.array(index) });

/** Data to estimate a model from: sequences with known states, or days to draw from the model. */
const estimationRequest = z.object({
  model: hmmModel,
  data: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('drawn'), days: z.int().positive().max(MAX_DAYS), seed: index }),
    z.object({ kind: z.literal('tagged'), sequences: z.array(sequence).min(1).max(100) }),
  ]),
});

const tables = z.object({ initial: numbers, transition: numbers, emission: numbers });

const estimationResult = z.object({
  /** Number of steps. */
  days: index,
  /** The beginning of the first sequence. */
  beginning: sequence,
  /** How often each initial state, transition and emission occurs. */
  counts: tables,
  /** Relative frequencies of the counts in each row; uniform in a row without counts. */
  estimate: tables,
});

/** Functions that the trainer serves to the host, and the host to the page. */
export const hmmLessonContract = {
  /** Forward, backward and Viterbi algorithm. @throws Error that describes what is wrong with the model */
  inferHmm: { args: z.tuple([inferenceRequest]), result: inferenceResult },
  /** Counts and relative frequencies. @throws Error that describes what is wrong with the model or the data */
  estimateHmm: { args: z.tuple([estimationRequest]), result: estimationResult },
} as const;

export type HmmModel = z.output<typeof hmmModel>;
export type HmmTables = z.output<typeof tables>;
export type HmmInferenceRequest = z.output<typeof inferenceRequest>;
export type HmmInference = z.output<typeof inferenceResult>;
export type HmmEstimationRequest = z.output<typeof estimationRequest>;
export type HmmEstimation = z.output<typeof estimationResult>;
