import { InputError } from '../../data/inputError.ts';
import { phrase } from '../../phrases/phrase.ts';
import { disk } from '../../platform/files.ts';
import type { StoredCheckpoint } from '../../protocol/trainer.ts';
import { type Checkpoint, Checkpoints } from '../../runs/checkpoints.ts';
import { type CheckpointState, checkpointStateSchema } from '../progress.ts';

/**
 * Reads a checkpoint of a run.
 * @throws InputError that names the steps that have one, if this step has none, or PhrasedError if it is damaged
 */
export async function readCheckpoint({ folder, step }: StoredCheckpoint): Promise<Checkpoint<CheckpointState>> {
  const store = new Checkpoints(folder, checkpointStateSchema, disk);
  const steps = await store.steps();
  if (steps.includes(step)) return store.read(step);
  throw new InputError(
    'impossible',
    steps.length === 0
      ? phrase('The run {0} has no checkpoints.', folder)
      : phrase(
          'The run {0} has no checkpoint of step {1}. It has those of the steps {2}.',
          folder,
          step,
          steps.join(', '),
        ),
  );
}
