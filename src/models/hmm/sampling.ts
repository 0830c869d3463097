import type { Generator } from '../../random/generator.ts';
import { drawIndex } from '../drawIndex.ts';
import type { HiddenMarkovModel } from './hiddenMarkovModel.ts';

/** States and symbols drawn from a model, `[timeSteps]` each. */
export interface SampledSequence {
  readonly states: Int32Array;
  readonly observations: Int32Array;
}

/** Lets the model run for some time steps. */
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
