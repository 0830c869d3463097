import { join } from 'node:path';
import { disk, type Files, isMissing } from '../platform/files.ts';
import { isComplete, probe, type Probe } from '../protocol/probes.ts';
import { fromStableNames, withStableNames } from '../protocol/stableNames.ts';
import { createFolderSynced, writeFileAtomic } from './atomic.ts';
import { DamagedRunError, isDamage, withHash, withoutHash } from './integrity.ts';
import { judgedProbe } from './logged/loggedProbe.ts';
import { upgradeProbe } from './oldProbe.ts';
import { probesToRemove, type KeptProbe } from './probeThinning.ts';
import { phrase } from '../phrases/phrase.ts';
import { readAgain } from './readAgain.ts';

const FOLDER = 'probes';

/** `probes/step-N.json`: one file for each probe, at most `MAX_PROBES` of them. Only the trainer writes them. */
export class ProbeStore {
  readonly #folder: string;
  readonly #files: Files;
  /** Last probe when the store was opened; undefined without probes. */
  readonly last: Probe | undefined;
  #kept: readonly KeptProbe[];
  #isInFolder = false;

  private constructor(folder: string, probes: readonly Probe[], files: Files) {
    this.#folder = folder;
    this.#files = files;
    this.last = probes.at(-1);
    this.#kept = probes.map((each) => ({ step: each.step, complete: isComplete(each) }));
  }

  /**
   * Opens the probes of a run to continue after a step; later ones are deleted, because those steps will be repeated.
   * @param left called with the step of each damaged probe, which is renamed to `step-N.json.damaged`
   */
  static async openAfter(
    folder: string,
    step: number,
    files: Files,
    left: (step: number) => void = () => undefined,
  ): Promise<ProbeStore> {
    const steps = await storedSteps(folder, files);
    for (const later of steps) if (later > step) await files.remove(fileOf(folder, later));
    const damaged: number[] = [];
    const probes = await readSteps(
      folder,
      steps.filter((each) => each <= step),
      (each) => damaged.push(each),
      files,
    );
    for (const each of damaged) {
      await files.rename(fileOf(folder, each), `${fileOf(folder, each)}.damaged`);
      left(each);
    }
    return new ProbeStore(folder, [...probes.values()], files);
  }

  /** Steps of the stored probes, in order. */
  get steps(): readonly number[] {
    return this.#kept.map(({ step }) => step);
  }

  /**
   * Writes a probe of a later step than all others, or replaces the one of the last step, and removes probes to keep at
   * most `MAX_PROBES`.
   */
  async add(taken: Probe): Promise<void> {
    const text = withHash(`${JSON.stringify(withStableNames('probe', taken))}\n`);
    if (!this.#isInFolder) await createFolderSynced(join(this.#folder, FOLDER), this.#files);
    this.#isInFolder = true;
    await writeFileAtomic(fileOf(this.#folder, taken.step), text, this.#files);
    const kept = [
      ...this.#kept.filter(({ step }) => step < taken.step),
      { step: taken.step, complete: isComplete(taken) },
    ];
    const gone = probesToRemove(kept);
    for (const index of gone) await this.#files.remove(fileOf(this.#folder, kept[index]?.step ?? 0));
    this.#kept = kept.filter((_, index) => !gone.has(index));
  }
}

/** Path of the probe of a step in the folder of its run. */
export function probePath(step: number): string {
  return `${FOLDER}/step-${step}.json`;
}

/**
 * The probes of a run by their steps, in order.
 * @param damaged called with the step of each file that cannot be read
 */
export async function readProbesByStep(
  folder: string,
  damaged: (step: number) => void,
  files: Files = disk,
): Promise<Map<number, Probe>> {
  return readSteps(folder, await storedSteps(folder, files), damaged, files);
}

async function readSteps(
  folder: string,
  steps: readonly number[],
  damaged: (step: number) => void,
  files: Files,
): Promise<Map<number, Probe>> {
  const probes = new Map<number, Probe>();
  for (const step of steps) {
    const path = fileOf(folder, step);
    try {
      probes.set(step, parseProbe(await readAgain(async () => files.readText(path)), path));
    } catch (error) {
      // Removed between listing and reading, because the run is training.
      if (isMissing(error)) continue;
      if (!isDamage(error)) throw error;
      damaged(step);
    }
  }
  return probes;
}

/** The probes of a run in the order of their steps; damaged ones are left out. */
export async function readProbes(folder: string, files: Files = disk): Promise<Probe[]> {
  return [...(await readProbesByStep(folder, () => undefined, files)).values()];
}

/**
 * The probes after a step that a run has gained, in the order of their steps.
 * @param damaged called with the step of each file that cannot be read
 */
export async function readProbesAfter(
  folder: string,
  step: number,
  damaged: (step: number) => void,
  files: Files = disk,
): Promise<Probe[]> {
  const steps = (await storedSteps(folder, files)).filter((each) => each > step);
  return [...(await readSteps(folder, steps, damaged, files)).values()];
}

async function storedSteps(folder: string, files: Files): Promise<number[]> {
  const entries = await files.list(join(folder, FOLDER)).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const steps = entries.flatMap(({ name }) => /^step-(\d+)\.json$/.exec(name)?.[1] ?? []).map(Number);
  return steps.sort((a, b) => a - b);
}

function fileOf(folder: string, step: number): string {
  return join(folder, probePath(step));
}

/** @throws DamagedRunError that names the file */
export function parseProbe(text: string, path: string): Probe {
  try {
    return probe.parse(judgedProbe(upgradeProbe(fromStableNames('probe', JSON.parse(withoutHash(text, path))))));
  } catch (error) {
    throw new DamagedRunError(phrase('{0} is damaged or of another version.', path), { cause: error });
  }
}
