import type { HiddenMarkovModel } from '../../../../src/models/hmm/hiddenMarkovModel.ts';
import type { Generator } from '../../../../src/random/generator.ts';

/** States and symbols drawn from a model, `[timeSteps]` each. */
interface SampledSequence {
  readonly states: Int32Array;
  readonly observations: Int32Array;
}

/** Draws a sequence of states and symbols from a model. */
export function sampleSequence(model: HiddenMarkovModel, timeSteps: number, generator: Generator): SampledSequence {
  const { states, symbols, probabilities } = model;
  const sequence = { states: new Int32Array(timeSteps), observations: new Int32Array(timeSteps) };
  let from = probabilities.initial;
  for (let t = 0; t < timeSteps; t++) {
    const state = drawIndex(from, generator);
    sequence.states[t] = state;
    sequence.observations[t] = drawIndex(
      probabilities.emission.subarray(state * symbols, (state + 1) * symbols),
      generator,
    );
    from = probabilities.transition.subarray(state * states, (state + 1) * states);
  }
  return sequence;
}

/** Draws an index with the probabilities given, which sum to one; one of probability zero is never drawn. */
function drawIndex(probabilities: Float64Array, generator: Generator): number {
  let rest = generator.nextUniform();
  let last = 0;
  for (const [index, probability] of probabilities.entries()) {
    if (probability === 0) continue;
    rest -= probability;
    last = index;
    if (rest < 0) break;
  }
  return last;
}
