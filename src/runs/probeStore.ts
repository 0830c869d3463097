import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isComplete, probe, type Probe } from '../protocol/probes.ts';
import { fromStableNames, withStableNames } from '../protocol/stableNames.ts';
import { writeFileAtomic } from './atomic.ts';
import { dispensableProbes, type KeptProbe } from './probeThinning.ts';

const FOLDER = 'probes';

/** `probes/step-N.json`: one file for each probe, of which a bounded number is kept. Written by the trainer alone. */
export class ProbeStore {
  readonly #folder: string;
  #kept: readonly KeptProbe[];

  private constructor(folder: string, kept: readonly KeptProbe[]) {
    this.#folder = folder;
    this.#kept = kept;
  }

  /**
   * Opens the probes of a run to go on after a step: later ones are deleted, because those steps will be done again.
   */
  static async openAfter(folder: string, step: number): Promise<ProbeStore> {
    await mkdir(join(folder, FOLDER), { recursive: true });
    for (const later of await storedSteps(folder)) {
      if (later > step) await rm(fileOf(folder, later), { force: true });
    }
    const kept = (await readProbes(folder)).map((each) => ({ step: each.step, complete: isComplete(each) }));
    return new ProbeStore(folder, kept);
  }

  /** Steps of the probes that are kept, in order. */
  get steps(): readonly number[] {
    return this.#kept.map(({ step }) => step);
  }

  /**
   * Writes a probe of a later step than all others, or takes one of the last step again, and lets go of what is too
   * many.
   */
  async add(taken: Probe): Promise<void> {
    await writeFileAtomic(fileOf(this.#folder, taken.step), `${JSON.stringify(withStableNames('probe', taken))}\n`);
    const kept = [
      ...this.#kept.filter(({ step }) => step < taken.step),
      { step: taken.step, complete: isComplete(taken) },
    ];
    const gone = dispensableProbes(kept);
    for (const index of gone) await rm(fileOf(this.#folder, kept[index]?.step ?? 0), { force: true });
    this.#kept = kept.filter((_, index) => !gone.has(index));
  }
}

/**
 * The probes of a run in the order of their steps; none where it has none.
 * @throws Error that names a file that is damaged
 */
export async function readProbes(folder: string): Promise<Probe[]> {
  const probes: Probe[] = [];
  for (const step of await storedSteps(folder)) {
    const path = fileOf(folder, step);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      // Let go between listing and reading: the run trains.
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text !== undefined) probes.push(parseProbe(text, path));
  }
  return probes;
}

async function storedSteps(folder: string): Promise<number[]> {
  const names = await readdir(join(folder, FOLDER)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const steps = names.flatMap((name) => /^step-(\d+)\.json$/.exec(name)?.[1] ?? []).map(Number);
  return steps.sort((a, b) => a - b);
}

function fileOf(folder: string, step: number): string {
  return join(folder, FOLDER, `step-${step}.json`);
}

function parseProbe(text: string, path: string): Probe {
  try {
    return probe.parse(fromStableNames('probe', JSON.parse(text)));
  } catch (error) {
    throw new Error(`${path} is damaged or of another version.`, { cause: error });
  }
}
