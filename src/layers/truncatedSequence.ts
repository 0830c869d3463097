import * as tf from '@tensorflow/tfjs';
import { withoutGradient } from '../kernels/ops.ts';
import type { RecurrentStack, StackOptions } from './recurrentStack.ts';
import type { LayerState } from './sequenceLayer.ts';
import { mapState } from './states.ts';

/**
 * Runs a stack over a sequence in parts of `truncation` steps and cuts the gradient between them: truncated
 * back-propagation through time within one sequence. Outputs and states are those of an uncut pass. The parts are
 * counted from the end, so that the last loss always reaches back `truncation` steps; the first part may be shorter.
 * @param x `[timeSteps, batch, inputs]`, or token ids `[timeSteps, batch]`
 * @throws RangeError if the sequences have different lengths: their ends are not cut at the same steps
 */
export function truncatedSequence(
  stack: RecurrentStack,
  x: tf.Tensor,
  states: readonly LayerState[],
  truncation: number,
  options: StackOptions = {},
): { h: tf.Tensor3D; states: LayerState[] } {
  if (options.lengths) throw new RangeError('The gradient can be cut only in sequences of full length.');
  const [timeSteps = 0, ...width] = x.shape;
  const parts: tf.Tensor3D[] = [];
  let carried = [...states];
  for (let from = 0; from < timeSteps;) {
    const to = timeSteps - truncation * Math.ceil((timeSteps - from) / truncation - 1);
    const steps = tf.slice(x, [from, ...width.map(() => 0)], [to - from, ...width]);
    const part = stack.sequence(steps, from === 0 ? carried : carried.map(detached), options);
    parts.push(part.h);
    carried = part.states;
    from = to;
  }
  const [only, ...others] = parts;
  return { h: only && others.length === 0 ? only : tf.concat3d(parts, 0), states: carried };
}

function detached(state: LayerState): LayerState {
  return mapState(state, (_, tensor) => withoutGradient(tensor));
}
