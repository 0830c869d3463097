import type { RunConfig } from '../../../src/config/schema.ts';
import type { Vocabulary } from '../../../src/data/vocabulary.ts';
import type { NamedTensor } from '../../../src/models/weights.ts';
import { FLOW_LIMITS } from '../../../src/protocol/flow.ts';
import type { FlowVerdict } from '../../../src/protocol/verdicts.ts';
import { hasCellState, makeCell } from '../../oracle/cells.ts';
import { Matrix, oneHot } from '../../oracle/matrix.ts';
import { Random } from '../../oracle/random.ts';
import type { State } from '../../oracle/recurrent.ts';
import { median } from '../../../src/judgment/quantiles.ts';

/**
 * What is true of a run, computed apart from the code of the verdicts: Jacobians over the window with the float64 cells
 * of the tests, and plain definitions over the whole loss curve.
 */

const SEQUENCES = 24;
const DIRECTIONS = 4;

/** A flow that is this much of a factor beyond a limit is certain; between, several words are right. */
const CLEAR = 2;

/**
 * How much of a gradient the first step of a window gets, where the gradient at the last h has a random direction: the
 * root mean square over directions of ||(ds_T/ds_0)^T v|| / ||v||, the median over windows spread over a text.
 */
export function jacobianRatio(
  weights: readonly NamedTensor[],
  { model, data }: RunConfig,
  text: string,
  vocabulary: Vocabulary,
): number {
  const matrix = (part: string): Matrix => {
    const found = weights.find(({ name }) => name.endsWith(part) && !name.startsWith('dense'));
    if (!found) throw new Error(`The model has no ${part}.`);
    const columns = found.shape.at(-1) ?? 1;
    return new Matrix(found.values.length / columns, columns, found.values);
  };
  const kind = { cell: model.cell, resetAfter: model.resetAfter, activation: model.activation };
  const cell = makeCell(kind, {
    kernel: matrix('/kernel'),
    recurrentKernel: matrix('/recurrent_kernel'),
    bias: matrix('/bias'),
  });
  const ids = [...vocabulary.encode(text)];
  const { sequenceLength } = data;
  const starts = Array.from({ length: SEQUENCES }, (_, index) =>
    Math.floor((index * (ids.length - sequenceLength)) / (SEQUENCES - 1)),
  );
  const zero = new Matrix(SEQUENCES, model.units);
  const states = hasCellState(kind) ? 2 : 1;
  const initial = Array.from({ length: states }, () => zero) as unknown as State;
  const inputs = Array.from({ length: sequenceLength }, (_, step) =>
    oneHot(
      starts.map((start) => ids[start + step] ?? 0),
      vocabulary.size,
    ),
  );
  const run = cell.run(inputs, initial);
  const random = new Random(11);
  const squares = new Float64Array(SEQUENCES);
  for (let direction = 0; direction < DIRECTIONS; direction++) {
    // The loss sees h alone; the gradient of c in the last step comes from it.
    const [, ...others] = initial;
    const last: State = [random.matrix(SEQUENCES, model.units, 1), ...others];
    const gradients = run.back(inputs.map((_, step) => (step === sequenceLength - 1 ? last : initial)));
    const whole = gradients.states.at(-1)!;
    for (let sequence = 0; sequence < SEQUENCES; sequence++)
      squares[sequence] = squares[sequence]! + squareOf(gradients.initial, sequence) / squareOf(whole, sequence);
  }
  return median([...squares].map((sum) => Math.sqrt(sum / DIRECTIONS)));
}

/** Square of the norm of one sequence's state. */
function squareOf(state: State, sequence: number): number {
  return state.reduce((sum, { columns, values }) => {
    const row = values.subarray(sequence * columns, (sequence + 1) * columns);
    return sum + row.reduce((squares, value) => squares + value * value, 0);
  }, 0);
}

/** Verdicts that are right for a ratio: one where it is clear, two near a limit. */
export function rightFlows(ratio: number): readonly FlowVerdict[] {
  const { vanishing, exploding } = FLOW_LIMITS;
  if (ratio < vanishing / CLEAR) return ['vanishing'];
  if (ratio < vanishing * CLEAR) return ['vanishing', 'mixed', 'carries'];
  if (ratio <= exploding / CLEAR) return ['carries'];
  return ratio <= exploding * CLEAR ? ['carries', 'mixed', 'exploding'] : ['exploding'];
}

/** A validation, with the mean training loss since the one before. */
export interface CurvePoint {
  readonly loss: number;
  readonly trainLoss: number;
}

export type LearningTruth = 'not-finite' | 'worse-than-uniform' | 'overfitting' | 'falling' | 'flat';

/**
 * What a person would say of a whole loss curve, from medians of three neighbors. A rise or fall that is smaller than
 * the changes from one validation to the next may also be none: then two are true.
 * @param uniform loss of the best guess that knows nothing; NaN if there is none
 */
export function truthsOfCurve(
  curve: readonly CurvePoint[],
  uniform: number,
  diverged: boolean,
): readonly LearningTruth[] {
  if (diverged || curve.some(({ loss }) => !Number.isFinite(loss))) return ['not-finite'];
  const losses = mediansOfThree(curve.map(({ loss }) => loss));
  const training = mediansOfThree(curve.map(({ trainLoss }) => trainLoss));
  const last = losses.at(-1) ?? NaN;
  const lowest = Math.min(...losses);
  const at = losses.indexOf(lowest);
  if (last > 1.02 * uniform && lowest > 0.98 * uniform) return ['worse-than-uniform'];
  const start = Math.floor((2 * losses.length) / 3);
  const change = usualChange(curve.slice(start));
  if (last > 1.03 * lowest && (training.at(-1) ?? NaN) < (training[at] ?? NaN))
    return last - lowest > change ? ['overfitting'] : ['overfitting', 'flat'];
  const fall = (losses[start] ?? NaN) - last;
  const truth = last < 0.99 * (losses[start] ?? NaN) ? 'falling' : 'flat';
  return Math.abs(fall) > change || (truth === 'flat' && change < 0.01 * last) ? [truth] : ['falling', 'flat'];
}

/** Root mean square of the changes of the loss from one validation to the next. */
function usualChange(curve: readonly CurvePoint[]): number {
  const squares = curve.slice(1).map(({ loss }, index) => (loss - (curve[index]?.loss ?? NaN)) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}

function mediansOfThree(values: readonly number[]): number[] {
  return values.map((_, index) => {
    const near = values.slice(Math.max(0, index - 1), index + 2).sort((a, b) => a - b);
    return near[Math.floor((near.length - 1) / 2)]!;
  });
}
