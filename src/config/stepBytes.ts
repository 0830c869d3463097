import { cells } from './cells.ts';
import { counted, layersOf, totalOf } from './modelSummary.ts';
import type { ModelConfig } from './schema.ts';
import type { TaskName } from './task.ts';

const FLOAT_BYTES = 4;
/** Copies of the parameters in a training step at least: the values and their gradients. An optimizer may need more. */
const PARAMETER_COPIES = 2;

/** Sizes that the memory of a training step depends on. */
interface StepSizes {
  readonly task: TaskName;
  readonly model: ModelConfig;
  readonly timeSteps: number;
  readonly batchSize: number;
  /** Size of the input vocabulary, or width of the input vectors. */
  readonly inputs: number;
  /** Number of classes, or size of the output vocabulary; omitted if it is the input vocabulary. */
  readonly outputs?: number | undefined;
}

/**
 * Bytes that a training step needs at least: the parameters with their gradients, and for each token of a
 * batch the gates, the states and the outputs that the gradient is computed from. What a program itself and its data
 * need comes on top, so a run that exceeds the memory by this number cannot be trained.
 */
export function stepBytes(sizes: StepSizes): number {
  const { task, model, timeSteps, batchSize, inputs, outputs = inputs } = sizes;
  const layers = layersOf({ task: { name: task }, model }) ?? [];
  const parameters = counted(totalOf(layers), inputs, outputs);
  const directions = model.bidirectional ? 2 : 1;
  const recurrent = model.family === 'recurrent' ? model.layers * directions * (cells[model.cell].gates + 1) : 0;
  const perToken = recurrent * model.units + (layers.at(-1)?.shape.includes('timeSteps') === true ? outputs : 0);
  return FLOAT_BYTES * (PARAMETER_COPIES * parameters + timeSteps * batchSize * perToken);
}
