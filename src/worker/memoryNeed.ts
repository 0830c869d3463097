import { ConfigError } from '../config/parse.ts';
import { stepBytes } from '../config/stepBytes.ts';
import { formatBytes } from '../format/bytes.ts';
import { phrase, type Text } from '../phrases/phrase.ts';
import type { StepShape } from './stepShape.ts';

/** Share of the memory above which a run begins with a notice. */
const LARGE_SHARE = 0.5;

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
