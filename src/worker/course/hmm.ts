import { InputError } from '../../data/inputError.ts';
import { relativeFrequencies, zeroCounts } from '../../models/hmm/estimate.ts';
import { HiddenMarkovModel } from '../../models/hmm/hiddenMarkovModel.ts';
import { backward, forward, smoothed, totalOf } from '../../models/hmm/inference.ts';
import { viterbi } from '../../models/hmm/viterbi.ts';
import {
  type HmmEstimation,
  type HmmEstimationRequest,
  type HmmInference,
  type HmmInferenceRequest,
  type HmmModel,
  MAX_OBSERVATIONS,
} from '../../protocol/lessons/hmm.ts';
import { Generator } from '../../random/generator.ts';
import { phrase } from '../../phrases/phrase.ts';

/**
 * Computes the probabilities in a trellis.
 * @throws RangeError for tables that are not probabilities; InputError for observations of probability zero
 */
export function inferHmm({ model, observations }: HmmInferenceRequest): HmmInference {
  const chain = modelOf(model);
  const scores = chain.scores(observations);
  const alpha = forward(chain, scores);
  const likelihood = totalOf(chain, alpha);
  if (likelihood === -Infinity)
    throw new InputError(
      'impossible',
      phrase(
        'The model gives these observations probability zero: no path of states leads to them. Make a transition or an emission on the way larger than 0.',
      ),
    );
  const { path, logProbability, best, previous } = viterbi(chain, scores);
  return {
    alpha: exponentials(alpha),
    beta: exponentials(backward(chain, scores)),
    posterior: [...smoothed(chain, scores)],
    best: exponentials(best),
    previous: [...previous],
    path: [...path],
    pathProbability: Math.exp(logProbability),
    likelihood: Math.exp(likelihood),
  };
}

function exponentials(logarithms: Float64Array): number[] {
  return Array.from(logarithms, Math.exp);
}

function modelOf({ initial, transition, emission }: HmmModel): HiddenMarkovModel {
  return new HiddenMarkovModel({
    initial: Float64Array.from(initial),
    transition: Float64Array.from(transition),
    emission: Float64Array.from(emission),
  });
}

interface TaggedSequence {
  readonly states: readonly number[];
  readonly observations: readonly number[];
}

/**
 * Counts states, transitions and emissions in sequences with known states, typed by the user or drawn from the model,
 * and estimates the model as their relative frequencies (Rabiner 1989, section III.C, with known states).
 * @throws RangeError for tables that are not probabilities; InputError for sequences that do not fit the model
 */
export function estimateHmm({ model, data }: HmmEstimationRequest): HmmEstimation {
  const chain = modelOf(model);
  const { states, symbols } = chain;
  const sequences = data.kind === 'drawn' ? [draw(chain, data.days, data.seed)] : data.sequences;
  const counts = zeroCounts(chain);
  const add = (table: Float64Array, at: number) => (table[at] = table[at]! + 1);
  for (const sequence of sequences) {
    checkSequence(sequence, states, symbols);
    sequence.states.forEach((state, t) => {
      if (t === 0) add(counts.initial, state);
      else add(counts.transition, sequence.states[t - 1]! * states + state);
      add(counts.emission, state * symbols + sequence.observations[t]!);
    });
  }
  const [first] = sequences;
  return {
    days: sequences.reduce((sum, each) => sum + each.states.length, 0),
    beginning: {
      states: first!.states.slice(0, MAX_OBSERVATIONS),
      observations: first!.observations.slice(0, MAX_OBSERVATIONS),
    },
    counts: {
      initial: [...counts.initial],
      transition: [...counts.transition],
      emission: [...counts.emission],
    },
    estimate: {
      initial: [...relativeFrequencies(counts.initial, states, 0)],
      transition: [...relativeFrequencies(counts.transition, states, 0)],
      emission: [...relativeFrequencies(counts.emission, symbols, 0)],
    },
  };
}

function checkSequence({ states, observations }: TaggedSequence, stateCount: number, symbolCount: number): void {
  const fits =
    states.length === observations.length &&
    states.every((state) => state < stateCount) &&
    observations.every((symbol) => symbol < symbolCount);
  if (!fits)
    throw new InputError('not-parallel', phrase('A sequence needs one state of the model for each observation.'));
}

/** Draws one sequence from a model. */
function draw({ states, symbols, probabilities }: HiddenMarkovModel, days: number, seed: number): TaggedSequence {
  const generator = Generator.forPurpose(seed, 'days of a hidden Markov model');
  const drawn = { states: [] as number[], observations: [] as number[] };
  let row = probabilities.initial;
  for (let day = 0; day < days; day++) {
    const state = choose(row, generator);
    drawn.states.push(state);
    drawn.observations.push(choose(probabilities.emission.subarray(state * symbols, (state + 1) * symbols), generator));
    row = probabilities.transition.subarray(state * states, (state + 1) * states);
  }
  return drawn;
}

/** Draws an index with the probabilities of a row. */
function choose(probabilities: Float64Array, generator: Generator): number {
  let left = generator.nextUniform();
  for (let i = 0; i < probabilities.length - 1; i++) {
    left -= probabilities[i]!;
    if (left < 0) return i;
  }
  // The last index with a positive probability: rounding leaves a sum slightly below 1.
  return probabilities.findLastIndex((probability) => probability > 0);
}
