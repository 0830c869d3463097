import { join } from 'node:path';
import { storedWeights } from '../../models/savedModel.ts';
import type { NamedTensor } from '../../models/weights.ts';
import { disk } from '../../platform/files.ts';
import type { RecordedDifference } from '../../protocol/replay.ts';
import { type Checkpoint, Checkpoints } from '../../runs/checkpoints.ts';
import type { RunRecord } from '../../runs/record.ts';
import type { TrainingTask } from '../../training/trainingTask.ts';
import { type CheckpointState, checkpointStateSchema } from '../progress.ts';
import type { TrainedModelFiles } from '../trainedModel.ts';
import { compareTensors, differs } from './compare.ts';
import { sameBytes, utf8Bytes, utf8Text } from '../../platform/bytes.ts';

/** Files of a model as a run has stored them. */
interface StoredModelFiles {
  /** Path in the run's folder, before the names of the files. */
  readonly at: string;
  /** A file; undefined if it is missing. */
  read(name: string): Promise<string | Uint8Array | undefined>;
}

/** The checkpoints of a run and the models that it has kept, by their steps, to compare them with a replay. */
export class StoredStates {
  readonly #checkpoints: ReadonlyMap<number, Checkpoint<CheckpointState>>;
  readonly #damaged: ReadonlySet<number>;
  readonly #models: ReadonlyMap<number, readonly StoredModelFiles[]>;

  static async read(folder: string, record: RunRecord): Promise<StoredStates> {
    const store = new Checkpoints(folder, checkpointStateSchema, disk);
    const checkpoints = new Map<number, Checkpoint<CheckpointState>>();
    const damaged = new Set<number>();
    for (const step of await store.steps()) {
      const checkpoint = await store.read(step, { unchecked: true }).catch(() => undefined);
      if (checkpoint) checkpoints.set(step, checkpoint);
      else damaged.add(step);
    }
    return new StoredStates(folder, record, checkpoints, damaged);
  }

  private constructor(
    folder: string,
    record: RunRecord,
    checkpoints: ReadonlyMap<number, Checkpoint<CheckpointState>>,
    damaged: ReadonlySet<number>,
  ) {
    this.#checkpoints = checkpoints;
    this.#damaged = damaged;
    const models = new Map<number, StoredModelFiles[]>();
    const add = (step: number, model: StoredModelFiles) => models.set(step, [...(models.get(step) ?? []), model]);
    for (const [step, { state, keptModel }] of checkpoints) {
      if (keptModel && state.kept) {
        add(state.kept.step, { at: `checkpoints/step-${step}/kept-`, read: async (name) => keptModel[name] });
      }
    }
    add(modelStep(record, checkpoints), {
      at: 'model/',
      read: async (name) => disk.read(join(folder, 'model', name)).catch(() => undefined),
    });
    this.#models = models;
  }

  /** Steps of the checkpoints, ascending. */
  get steps(): readonly number[] {
    return [...this.#checkpoints.keys(), ...this.#damaged].sort((a, b) => a - b);
  }

  /** The checkpoint of a step; undefined if there is none, or it is damaged. */
  checkpoint(step: number): Checkpoint<CheckpointState> | undefined {
    return this.#checkpoints.get(step);
  }

  /** Compares a checkpoint of a step, if there is one, with the state of a training. */
  async compareCheckpoint(step: number, { loop }: TrainingTask): Promise<RecordedDifference | undefined> {
    const folder = `checkpoints/step-${step}`;
    if (this.#damaged.has(step)) return differs(step, 'file', { name: folder });
    const checkpoint = this.#checkpoints.get(step);
    if (!checkpoint) return undefined;
    const tensors = compareTensors(step, `${folder}/tensors.bin`, checkpoint.tensors, await loop.tensors());
    if (tensors) return tensors;
    const isSame = canonical(checkpoint.state.trainer) === canonical(loop.state);
    return isSame ? undefined : differs(step, 'state', { file: `${folder}/checkpoint.json` });
  }

  /** Whether the run has kept the model of a step. */
  hasModel(step: number): boolean {
    return this.#models.has(step);
  }

  /** Compares every model that the run has kept of a step with that of a training. */
  async compareModels(step: number, task: TrainingTask): Promise<RecordedDifference | undefined> {
    const models = this.#models.get(step);
    if (!models) return undefined;
    const now = await task.modelFiles();
    for (const model of models) {
      const difference = await compareFiles(step, model, now);
      if (difference) return difference;
    }
    return undefined;
  }
}

/** Step of the model in `model/`: as the record says, or the last checkpoint of a run that did not end properly. */
function modelStep(
  { state, progress, config }: RunRecord,
  checkpoints: ReadonlyMap<number, Checkpoint<CheckpointState>>,
): number {
  const last = [...checkpoints.values()].reduce<Checkpoint<CheckpointState> | undefined>(
    (latest, each) => (latest && latest.step > each.step ? latest : each),
    undefined,
  );
  const ended = state !== 'running' && state !== 'failed';
  if (ended || !last) return progress.kept?.step ?? progress.step;
  return (config.training.keepBest ? last.state.kept?.step : undefined) ?? last.step;
}

/** Compares the files of a model. The weights are compared by tensor if `model.json` names them. */
async function compareFiles(
  step: number,
  { at, read }: StoredModelFiles,
  now: TrainedModelFiles,
): Promise<RecordedDifference | undefined> {
  for (const [name, data] of Object.entries(now)) {
    const stored = await read(name);
    const file = `${at}${name}`;
    if (stored === undefined) return differs(step, 'file', { name: file });
    if (sameBytes(bytesOf(data), bytesOf(stored)) || unnumbered(data) === unnumbered(stored)) continue;
    const tensors = name === 'weights.bin' ? weightsOf(now, stored, data) : undefined;
    return (tensors && compareTensors(step, file, ...tensors)) ?? differs(step, 'file', { name: file });
  }
  return undefined;
}

/** The stored and the current weights by name; undefined if they cannot be told apart. */
function weightsOf(
  now: TrainedModelFiles,
  stored: string | Uint8Array,
  current: string | Uint8Array,
): [NamedTensor[], NamedTensor[]] | undefined {
  try {
    const files = { 'model.json': String(now['model.json']), 'task.json': '' };
    return [
      storedWeights({ ...files, 'weights.bin': new Uint8Array(bytesOf(stored)) }),
      storedWeights({ ...files, 'weights.bin': new Uint8Array(bytesOf(current)) }),
    ];
  } catch {
    return undefined;
  }
}

/** A JSON file without the number of the network in its process, which runs of earlier versions contain. */
function unnumbered(data: string | Uint8Array): string | Uint8Array {
  const text = typeof data === 'string' ? data : utf8Text(data);
  return text.startsWith('{') ? text.replace(/"name":"sequential_\d+"/, '') : data;
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? utf8Bytes(data) : data;
}

/** JSON of a value that was or will be read from JSON, with the keys of objects in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
