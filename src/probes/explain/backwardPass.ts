import type { CellState, StepGradients } from '../../layers/equations/cellEquations.ts';
import { type ForwardPass, type LayerPass, surprisalOf } from './forwardPass.ts';

/** Loss whose gradient is explained: -ln p of the correct outputs, summed over some steps. */
export interface Loss {
  /** Correct output at each step with a loss; undefined at the others. */
  readonly targets: readonly (number | undefined)[];
  /** Sum over these steps in nats. */
  readonly value: number;
}

/** A loss at one step, or the sum of those at all steps that have a target. */
export function lossAt(pass: ForwardPass, targets: readonly (number | undefined)[], step: number | null): Loss {
  const chosen = targets.map((target, t) => (step === null || step === t ? target : undefined));
  const value = chosen.reduce<number>(
    (sum, target, t) => (target === undefined ? sum : sum + surprisalOf(pass, t, target)),
    0,
  );
  return { targets: chosen, value };
}

/** Backward pass of a loss. */
export interface BackwardPass {
  /** dL/dlogits of each step, `[outputs]`; undefined at steps without a loss. */
  readonly logits: readonly (Float64Array | undefined)[];
  /**
   * Gradients of each layer at each step, first layer first; undefined after the last step with a loss, where they are
   * zero.
   */
  readonly layers: readonly (readonly (StepGradients | undefined)[])[];
}

/** Backpropagation through time over a forward pass. */
export function backwardPass(pass: ForwardPass, { targets }: Loss): BackwardPass {
  const { kernel } = pass.model.output;
  const logits = targets.map((target, t) => {
    if (target === undefined) return undefined;
    const gradient = pass.probabilities[t]!.slice();
    gradient[target]! -= 1;
    return gradient;
  });
  let arriving = logits.map((gradient) => gradient && kernel.timesTransposed(gradient));
  const layers: (readonly (StepGradients | undefined)[])[] = [];
  for (const layer of pass.layers.toReversed()) {
    const gradients = layerGradients(layer, arriving);
    layers.unshift(gradients);
    if (layer !== pass.layers[0])
      arriving = gradients.map((gradient) => gradient && layer.layer.weights.kernel.timesTransposed(gradient.sums));
  }
  return { logits, layers };
}

/** @param arriving gradient by the output of the layer at each step, without that through later steps */
function layerGradients(
  { layer, steps }: LayerPass,
  arriving: readonly (Float64Array | undefined)[],
): (StepGradients | undefined)[] {
  const { projection, equations } = layer;
  const direct = arriving.map((gradient) => (gradient && projection ? projection.timesTransposed(gradient) : gradient));
  const gradients: (StepGradients | undefined)[] = steps.map(() => undefined);
  let later: CellState | undefined;
  for (let t = steps.length - 1; t >= 0; t--) {
    const here = direct[t];
    if (!here && !later) continue;
    const h = sum(here, later?.h);
    const gradient = equations.back(steps[t]!, { h, ...(later?.c && { c: later.c }) });
    gradients[t] = gradient;
    later = gradient.before;
  }
  return gradients;
}

function sum(a: Float64Array | undefined, b: Float64Array | undefined): Float64Array {
  if (a && b) return a.map((value, j) => value + b[j]!);
  return a ?? b ?? new Float64Array();
}
