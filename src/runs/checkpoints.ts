import { join } from 'node:path';
import * as z from 'zod';
import { disk, type Files, isMissing } from '../platform/files.ts';
import { fromStableNames, withStableNames } from '../protocol/stableNames.ts';
import { createFolderSynced, recoverFolder, writeFolderAtomic } from './atomic.ts';
import { CheckedFolder, DamagedRunError, isDamage, type Recorded, recordedSchema } from './integrity.ts';
import { textOf } from '../phrases/causes.ts';
import { phrase, PhrasedError, type Text } from '../phrases/phrase.ts';
import { joinBytes } from '../platform/bytes.ts';

/** A float32 tensor, row-major. */
interface StoredTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Everything that a run needs to continue as if it had not stopped. */
export interface Checkpoint<State> {
  readonly step: number;
  readonly state: State;
  readonly tensors: readonly StoredTensor[];
  /** Files of a model that is kept from an earlier step, by name; undefined if none is. */
  readonly keptModel?: Readonly<Record<string, string | Uint8Array>> | undefined;
  /** Length and hash of the metrics up to the step; undefined before the first one. */
  readonly metrics?: Recorded | undefined;
}

const indexSchema = z.object({
  version: z.literal(1),
  step: z.int().nonnegative(),
  tensors: z.array(z.object({ name: z.string(), shape: z.array(z.int().nonnegative()) })),
  /** Names of the files of the kept model; here they begin with `kept-`. */
  keptModel: z.array(z.string()).optional(),
  /** Of the beginning of `metrics.jsonl`; absent in a run of an earlier version. */
  metrics: recordedSchema.optional(),
  state: z.unknown(),
});

/** Number of latest checkpoints that are kept, in addition to the best one. */
const KEPT = 3;

/**
 * The folder `checkpoints/` of a run: `step-N/` with `checkpoint.json`, `tensors.bin` and, if a model of an earlier step
 * is kept, its files; each folder is replaced atomically.
 */
export class Checkpoints<Schema extends z.ZodType<object>> {
  readonly #folder: string;
  readonly #stateSchema: Schema;
  readonly #files: Files;
  /** Steps that have a checkpoint, ascending; undefined until one is written. */
  #written: number[] | undefined;

  constructor(runFolder: string, stateSchema: Schema, files: Files) {
    this.#folder = join(runFolder, 'checkpoints');
    this.#stateSchema = stateSchema;
    this.#files = files;
  }

  /** Writes a checkpoint and removes the others except the last three and the one of step `best`. */
  async write(checkpoint: Checkpoint<z.output<Schema>>, best: number | undefined): Promise<void> {
    const { step, state, tensors, keptModel, metrics } = checkpoint;
    const before = await this.#open();
    const index: z.input<typeof indexSchema> = {
      version: 1,
      step,
      tensors: tensors.map(({ name, shape }) => ({ name, shape: [...shape] })),
      ...(keptModel && { keptModel: Object.keys(keptModel) }),
      ...(metrics && { metrics }),
      state: withStableNames('progress', state),
    };
    const content = {
      'checkpoint.json': JSON.stringify(index),
      'tensors.bin': joinValues(tensors.map(({ values }) => values)),
      ...Object.fromEntries(Object.entries(keptModel ?? {}).map(([name, data]) => [keptName(name), data])),
    };
    await writeFolderAtomic(this.#stepFolder(step), content, this.#files);
    this.#written = [...before.filter((each) => each < step), step, ...before.filter((each) => each > step)];
    await this.#prune(best);
  }

  /** Steps that have a checkpoint, ascending. */
  async steps(): Promise<number[]> {
    return (await this.#names())
      .flatMap((name) => /^step-(\d+)$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  /**
   * The last whole checkpoint, or undefined if there is none. Repairs what a crash left behind, and renames the damaged
   * checkpoints after it to `step-N.damaged`, because their steps will be repeated.
   * @param accept uses a checkpoint; throws if it cannot be used
   * @param left called with the reason for each checkpoint that was left out
   * @throws DamagedRunError if there are checkpoints, but none is whole
   */
  async readLatest(
    accept: (checkpoint: Checkpoint<z.output<Schema>>) => Promise<void> = async () => Promise.resolve(),
    left: (reason: Text) => void = () => undefined,
  ): Promise<Checkpoint<z.output<Schema>> | undefined> {
    await this.recover();
    const damaged: { readonly step: number; readonly error: unknown }[] = [];
    for (const step of (await this.steps()).reverse()) {
      try {
        const checkpoint = await this.read(step);
        await accept(checkpoint);
        for (const each of damaged) {
          await this.#setAside(each.step);
          left(textOf(each.error));
        }
        return checkpoint;
      } catch (error) {
        if (!isDamage(error)) throw error;
        damaged.push({ step, error });
      }
    }
    const [last] = damaged;
    if (last) throw last.error;
    return undefined;
  }

  /**
   * @param unchecked true for a reader that compares the content with another one
   * @throws DamagedRunError that names the checkpoint if it is damaged
   */
  async read(step: number, { unchecked = false } = {}): Promise<Checkpoint<z.output<Schema>>> {
    const folder = this.#stepFolder(step);
    try {
      const checked = unchecked
        ? CheckedFolder.unchecked(folder, this.#files)
        : await CheckedFolder.open(folder, this.#files);
      const index = indexSchema.parse(JSON.parse(new TextDecoder().decode(await checked.read('checkpoint.json'))));
      const bytes = await checked.read('tensors.bin');
      return {
        step,
        state: this.#stateSchema.parse(fromStableNames('progress', index.state)),
        tensors: splitValues(index.tensors, bytes),
        ...(index.keptModel && { keptModel: await keptModelIn(checked, index.keptModel) }),
        ...(index.metrics && { metrics: index.metrics }),
      };
    } catch (error) {
      if (!isDamage(error)) throw error;
      throw new DamagedRunError(phrase('The checkpoint {0} is damaged: {1}', folder, textOf(error)), {
        cause: error,
      });
    }
  }

  async #setAside(step: number): Promise<void> {
    const folder = this.#stepFolder(step);
    await this.#files.remove(`${folder}.damaged`);
    await this.#files.rename(folder, `${folder}.damaged`);
    await this.#files.syncFolder(this.#folder);
  }

  async #prune(best: number | undefined): Promise<void> {
    const steps = this.#written ?? [];
    const dropped = steps.slice(0, -KEPT).filter((step) => step !== best);
    this.#written = steps.filter((step) => !dropped.includes(step));
    for (const step of dropped) await this.#files.remove(this.#stepFolder(step));
  }

  /** Repairs what an interrupted write has left, and removes what is incomplete. */
  async recover(): Promise<void> {
    const names = await this.#names();
    const touched = new Set(names.flatMap((name) => /^(step-\d+)\.(?:new|old)$/.exec(name)?.[1] ?? []));
    for (const name of touched) await recoverFolder(join(this.#folder, name), this.#files);
  }

  /** Creates the folder once. @returns the steps that have a checkpoint */
  async #open(): Promise<number[]> {
    if (this.#written) return this.#written;
    return (await createFolderSynced(this.#folder, this.#files)) ? [] : this.steps();
  }

  async #names(): Promise<string[]> {
    const entries = await this.#files.list(this.#folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    return entries.map(({ name }) => name);
  }

  #stepFolder(step: number): string {
    return join(this.#folder, `step-${step}`);
  }
}

/** Steps of the stored checkpoints of a run, ascending. */
export async function checkpointSteps(runFolder: string): Promise<number[]> {
  return new Checkpoints(runFolder, z.object({}), disk).steps();
}

async function keptModelIn(folder: CheckedFolder, names: readonly string[]): Promise<Record<string, Uint8Array>> {
  const read = async (name: string) => [name, await folder.read(keptName(name))] as const;
  return Object.fromEntries(await Promise.all(names.map(read)));
}

/** Name of a file of the kept model in a checkpoint. */
function keptName(name: string): string {
  return `kept-${name}`;
}

function joinValues(parts: readonly Float32Array[]): Uint8Array {
  return joinBytes(parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)));
}

function splitValues(tensors: readonly { name: string; shape: number[] }[], bytes: Uint8Array): StoredTensor[] {
  let offset = 0;
  const result = tensors.map(({ name, shape }) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const end = offset + 4 * length;
    if (end > bytes.length) throw new PhrasedError(phrase('tensors.bin ends before "{0}"', name));
    const values = new Float32Array(Uint8Array.from(bytes.subarray(offset, end)).buffer);
    offset = end;
    return { name, shape, values };
  });
  if (offset !== bytes.length) throw new PhrasedError(phrase('tensors.bin is longer than its index says'));
  return result;
}
