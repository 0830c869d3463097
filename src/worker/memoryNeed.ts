import { cells } from '../config/cells.ts';
import { counted, layersOf, totalOf } from '../config/modelSummary.ts';
import { ConfigError } from '../config/parse.ts';
import { formatBytes } from '../format/bytes.ts';
import { phrase, type Text } from '../phrases/phrase.ts';
import type { StepShape } from './stepShape.ts';

const FLOAT_BYTES = 4;
/** Copies of the parameters in a training step at least: the values and their gradients. An optimizer may need more. */
const PARAMETER_COPIES = 2;
/** Share of the memory above which a run begins with a notice. */
const LARGE_SHARE = 0.5;

/**
 * Bytes that a training step needs at least: the parameters with their gradients, and for each token of a
 * batch the gates, the states and the outputs that the gradient is computed from. What a program itself and its data
 * need comes on top, so a run that exceeds the memory by this number cannot be trained.
 */
export function stepBytes(shape: StepShape): number {
  const { task, model, timeSteps, batchSize, inputs, outputs = inputs } = shape;
  const layers = layersOf({ task: { name: task }, model }) ?? [];
  const parameters = counted(totalOf(layers), inputs, outputs);
  const directions = model.bidirectional ? 2 : 1;
  const recurrent = model.family === 'recurrent' ? model.layers * directions * (cells[model.cell].gates + 1) : 0;
  const perToken = recurrent * model.units + (layers.at(-1)?.shape.includes('timeSteps') === true ? outputs : 0);
  return FLOAT_BYTES * (PARAMETER_COPIES * parameters + timeSteps * batchSize * perToken);
}

/**
 * Checks before training that a step fits into the memory.
 * @param shape null for a model that does not train in steps on a backend
 * @param memory bytes that this process may use
 * @returns notices about a run that needs a large part of the memory
 * @throws ConfigError with both numbers and the fields to make smaller
 */
export function checkMemory(shape: StepShape | null, memory: number): Text[] {
  if (!shape) return [];
  const needed = stepBytes(shape);
  if (needed <= LARGE_SHARE * memory) return [];
  const fields = ['model.units', 'model.layers', 'training.batchSize', 'data.sequenceLength'];
  if (needed <= memory)
    return [
      phrase(
        'A step needs at least {0} of the {1} of memory that this process may use. If it is too much, make one of these smaller: {2}.',
        formatBytes(needed),
        formatBytes(memory),
        fields.join(', '),
      ),
    ];
  throw new ConfigError(
    phrase(
      'A step needs at least {0} of memory, but this process may use {1}. Make one of these smaller: {2}.',
      formatBytes(needed),
      formatBytes(memory),
      fields.join(', '),
    ),
    { fields },
  );
}
