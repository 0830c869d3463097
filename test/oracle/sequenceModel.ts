import { biasRowsOf, type CellKind, columnsOf, hasCellState, layerName, makeCell } from './cells.ts';
import { crossEntropy } from './crossEntropy.ts';
import { addToRows, elementwise, Matrix, multiply, sumRows, transpose } from './matrix.ts';
import type { Random } from './random.ts';
import type { CellWeights, State } from './recurrent.ts';
import { runStack } from './recurrentStack.ts';
import type { Stack, StackRun } from './recurrentStack.ts';

/** Many-to-one model with its weights by name on disk. */
export interface OracleSequenceModel {
  readonly kind: CellKind;
  readonly layers: number;
  readonly weights: ReadonlyMap<string, Matrix>;
}

export interface SequenceModelSizes {
  readonly layers: number;
  readonly units: number;
  readonly inputs: number;
  readonly outputs: number;
}

export function randomSequenceModel(
  random: Random,
  kind: CellKind,
  { layers, units, inputs, outputs }: SequenceModelSizes,
): OracleSequenceModel {
  const width = columnsOf(kind, units);
  const weights = new Map<string, Matrix>();
  for (let layer = 0; layer < layers; layer++) {
    const name = layerName(kind, layer);
    weights.set(`${name}/kernel`, random.matrix(layer === 0 ? inputs : units, width, 0.8));
    weights.set(`${name}/recurrent_kernel`, random.matrix(units, width, Math.min(0.8, 2 / Math.sqrt(units))));
    weights.set(`${name}/bias`, random.matrix(biasRowsOf(kind), width, 0.8));
  }
  weights.set('dense/kernel', random.matrix(units, outputs, 0.8));
  weights.set('dense/bias', random.matrix(1, outputs, 0.8));
  return { kind, layers, weights };
}

/**
 * Mean loss of a batch and all gradients, derived by hand: cross-entropy for classes, squared error for numbers.
 * @param inputs [timeSteps] matrices [batch, inputs]
 * @param targets a class of each sequence, or a number
 */
export function lossAndGradients(
  { kind, layers, weights }: OracleSequenceModel,
  inputs: readonly Matrix[],
  targets: readonly number[],
  outputKind: 'class' | 'number',
): { loss: number; gradients: Map<string, Matrix> } {
  const get = (name: string): Matrix => weights.get(name) ?? new Matrix(0, 0);
  const batch = targets.length;
  const units = get('dense/kernel').rows;
  const { run, zeroStates } = runLayers({ kind, layers, weights }, inputs, batch);

  const last = run.outputs.at(-1) ?? new Matrix(0, 0);
  const outputs = addToRows(multiply(last, get('dense/kernel')), get('dense/bias'));
  const { loss, gradient } = outputKind === 'class' ? classLoss(outputs, targets) : numberLoss(outputs, targets);
  const atLast = multiply(gradient, transpose(get('dense/kernel')));
  const back = run.back(
    run.outputs.map((output) => (output === last ? atLast : new Matrix(batch, units))),
    zeroStates(),
  );
  const gradients = new Map<string, Matrix>();
  for (const [name, { kernel, recurrentKernel, bias }] of back.weights) {
    gradients.set(`${name}/kernel`, kernel).set(`${name}/recurrent_kernel`, recurrentKernel).set(`${name}/bias`, bias);
  }
  gradients.set('dense/kernel', multiply(transpose(last), gradient)).set('dense/bias', sumRows(gradient));
  return { loss, gradients };
}

/** The hidden states of the last layer after each step, [timeSteps] matrices [batch, units]. */
export function hiddenStates(model: OracleSequenceModel, inputs: readonly Matrix[], batch: number): readonly Matrix[] {
  return runLayers(model, inputs, batch).run.outputs;
}

function runLayers(
  { kind, layers, weights }: OracleSequenceModel,
  inputs: readonly Matrix[],
  batch: number,
): { run: StackRun; zeroStates: () => Map<string, State> } {
  const get = (name: string): Matrix => weights.get(name) ?? new Matrix(0, 0);
  const stack: Stack = Array.from({ length: layers }, (_, layer) => {
    const name = layerName(kind, layer);
    const own: CellWeights = {
      kernel: get(`${name}/kernel`),
      recurrentKernel: get(`${name}/recurrent_kernel`),
      bias: get(`${name}/bias`),
    };
    return [{ name, reverse: false, cell: makeCell(kind, own) }];
  });
  const units = get('dense/kernel').rows;
  const zeros = (): State =>
    hasCellState(kind) ? [new Matrix(batch, units), new Matrix(batch, units)] : [new Matrix(batch, units)];
  const zeroStates = (): Map<string, State> => new Map(stack.flat().map(({ name }) => [name, zeros()]));
  return { run: runStack(stack, inputs, zeroStates(), new Array<number>(batch).fill(inputs.length)), zeroStates };
}

function classLoss(logits: Matrix, targets: readonly number[]): { loss: number; gradient: Matrix } {
  const { loss, gradients } = crossEntropy([logits], [targets]);
  return { loss, gradient: gradients[0]! };
}

function numberLoss(outputs: Matrix, targets: readonly number[]): { loss: number; gradient: Matrix } {
  const errors = elementwise((output, target) => output - target, outputs, new Matrix(targets.length, 1, targets));
  const loss = errors.values.reduce((sum, error) => sum + error * error, 0) / targets.length;
  return { loss, gradient: elementwise((error) => (2 * error) / targets.length, errors) };
}
