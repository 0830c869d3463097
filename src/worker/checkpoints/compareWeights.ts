import type { NamedTensor } from '../../models/weights.ts';
import type { WeightChange, WeightDifference } from '../../protocol/difference.ts';
import type { StoredCheckpoint } from '../../protocol/trainer.ts';
import { finite } from '../takeStep.ts';
import { readCheckpoint } from './storedCheckpoint.ts';

/** First part of the names of tensors that are no weights: state of an optimizer, averages, and carried states. */
const NOT_WEIGHTS = /^(?:adam|sgd|rmsprop|adagrad|average|state)\//;

/**
 * Change of the weights from one checkpoint to another one, of the same run or of two runs.
 * @throws InputError or PhrasedError for a checkpoint that is missing or damaged
 */
export async function compareWeights([from, to]: readonly [
  StoredCheckpoint,
  StoredCheckpoint,
]): Promise<WeightDifference> {
  const [before, after] = [await readCheckpoint(from), await readCheckpoint(to)];
  return weightDifference(before.tensors, after.tensors);
}

/** Change of each weight tensor, the largest relative change first. */
export function weightDifference(from: readonly NamedTensor[], to: readonly NamedTensor[]): WeightDifference {
  const [before, after] = [weightsOf(from), weightsOf(to)];
  const changes: WeightChange[] = [];
  const unmatched: string[] = [];
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(name), after.get(name)];
    if (old && now && old.shape.join() === now.shape.join()) changes.push(changeOf(old, now));
    else unmatched.push(name);
  }
  return { changes: changes.sort((a, b) => (b.relative ?? Infinity) - (a.relative ?? Infinity) || 0), unmatched };
}

function weightsOf(tensors: readonly NamedTensor[]): Map<string, NamedTensor> {
  return new Map(tensors.flatMap((tensor) => (NOT_WEIGHTS.test(tensor.name) ? [] : [[tensor.name, tensor]])));
}

function changeOf({ name, shape, values }: NamedTensor, now: NamedTensor): WeightChange {
  let [difference, size] = [0, 0];
  for (let index = 0; index < values.length; index++) {
    difference += (now.values[index]! - values[index]!) ** 2;
    size += values[index]! ** 2;
  }
  const norm = Math.sqrt(difference);
  const relative = difference === 0 ? 0 : norm / Math.sqrt(size);
  return { tensor: name, shape: [...shape], norm: finite(norm), relative: finite(relative) };
}
