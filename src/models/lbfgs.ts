/** Function to minimize, with its gradient, which has the shape of the point. */
export type Objective = (point: Float64Array) => { readonly value: number; readonly gradient: Float64Array };

/** Point of the minimization, with its value. */
export interface Iterate {
  readonly point: Float64Array;
  readonly value: number;
  readonly gradientNorm: number;
}

/** Number of pairs of steps and gradient changes that approximate the curvature. */
const MEMORY = 10;

/** Fraction of the predicted decrease that a step must achieve (Armijo's rule). */
const SUFFICIENT_DECREASE = 1e-4;

const MAX_HALVINGS = 50;

interface Correction {
  readonly step: Float64Array;
  readonly change: Float64Array;
}

/**
 * Minimizes a smooth function by L-BFGS (Nocedal and Wright 2006, algorithms 7.4 and 7.5) with a halving line search.
 * Every iteration lowers the value. There is no learning rate to tune and no randomness, which suits a baseline. Yields
 * the start and then each iterate, and ends when no step lowers the value; the caller may stop earlier.
 */
export function* minimize(objective: Objective, start: Float64Array): Generator<Iterate, void, void> {
  const corrections: Correction[] = [];
  let point: Float64Array = start;
  let { value, gradient } = objective(point);
  for (;;) {
    yield { point, value, gradientNorm: norm(gradient) };
    const direction = quasiNewtonDirection(gradient, corrections);
    const slope = dot(gradient, direction);
    // Before the first curvature pair, the gradient gives the direction but no step length.
    let length = corrections.length === 0 ? 1 / Math.max(1, norm(gradient)) : 1;
    let next = objective(moved(point, direction, length));
    const isLowEnough = () => next.value < value && next.value <= value + SUFFICIENT_DECREASE * length * slope;
    for (let halvings = 0; !isLowEnough(); halvings++) {
      if (halvings === MAX_HALVINGS || slope >= 0) return;
      length /= 2;
      next = objective(moved(point, direction, length));
    }
    const step = direction.map((component) => length * component);
    const change = next.gradient.map((component, at) => component - gradient[at]!);
    // A pair without positive curvature would make later directions invalid.
    if (dot(step, change) > 1e-12 * dot(change, change)) corrections.push({ step, change });
    if (corrections.length > MEMORY) corrections.shift();
    point = moved(point, step, 1);
    ({ value, gradient } = next);
  }
}

/** Minus the inverse Hessian, as approximated by the corrections, times the gradient (two-loop recursion). */
function quasiNewtonDirection(gradient: Float64Array, corrections: readonly Correction[]): Float64Array {
  let direction: Float64Array = gradient.map((component) => -component);
  const shares: number[] = [];
  for (const { step, change } of corrections.toReversed()) {
    const share = dot(step, direction) / dot(step, change);
    shares.push(share);
    direction = moved(direction, change, -share);
  }
  const last = corrections.at(-1);
  if (last) {
    const scale = dot(last.step, last.change) / dot(last.change, last.change);
    direction = direction.map((component) => scale * component);
  }
  for (const { step, change } of corrections) {
    const share = shares.pop()! - dot(change, direction) / dot(step, change);
    direction = moved(direction, step, share);
  }
  return direction;
}

function moved(point: Float64Array, direction: Float64Array, length: number): Float64Array {
  const result = point.slice();
  for (let at = 0; at < result.length; at++) result[at] = result[at]! + length * direction[at]!;
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

function norm(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}
