import { join } from 'node:path';
import { CheckedFolder, isDamage, WITHOUT_HASHES } from '../runs/integrity.ts';
import type { PreparedRun } from './prepare.ts';
import { hasModelFile, MODEL_FOLDER, saveTrainedModel, type TrainedModelFiles } from './trainedModel.ts';
import { textOf } from '../phrases/causes.ts';
import { phrase, type Text } from '../phrases/phrase.ts';

/**
 * The model of a run that goes into `model/`: the best validated one with `training.keepBest`, otherwise that of the
 * current step. A better model is held in memory from its validation to the next checkpoint.
 */
export class KeptModel {
  readonly #run: PreparedRun;
  /** Undefined before the first validation, and in a run of an older version, whose best model is in `model/` only. */
  #files: TrainedModelFiles | undefined;
  /** Step of the model that this process has written to `model/`. */
  #savedStep: number | undefined;

  /** Keeps the model that the checkpoint of a resumed run holds. */
  static async open(run: PreparedRun): Promise<KeptModel> {
    const { keptModel, progress, task } = run;
    const isCurrent = progress.kept !== null && progress.kept.step === progress.step;
    return new KeptModel(run, isCurrent ? await task.modelFiles() : keptModel);
  }

  private constructor(run: PreparedRun, files: TrainedModelFiles | undefined) {
    this.#run = run;
    this.#files = files;
  }

  /** Keeps the current model from now on. */
  async replace(): Promise<void> {
    if (this.#keepsBest) this.#files = await this.#run.task.modelFiles();
  }

  /** The files that a checkpoint of the current step needs, besides its weights; undefined if it needs none. */
  get forCheckpoint(): TrainedModelFiles | undefined {
    const { progress } = this.#run;
    return this.#keepsBest && progress.kept?.step !== progress.step ? this.#files : undefined;
  }

  /**
   * Writes `model/`, unless this process has written the kept model there.
   * @param currentIsFinite false for a current model that must not be stored
   */
  async save({ currentIsFinite = true } = {}): Promise<void> {
    const { folder, task, files, progress } = this.#run;
    const isPast = this.#keepsBest && progress.kept !== null;
    const step = isPast ? progress.kept?.step : progress.step;
    if (step === this.#savedStep) return;
    const model = isPast ? this.#files : currentIsFinite ? await task.modelFiles() : undefined;
    if (!model) return;
    await saveTrainedModel(folder, model, files);
    this.#savedStep = step;
  }

  /**
   * Writes `model/` again if it is damaged.
   * @returns a notice about the damage; undefined if the model is whole, or if there is none to write in its place
   */
  async mend(): Promise<Text | undefined> {
    const { folder, files, progress } = this.#run;
    // Before the first checkpoint after the start there is no model.
    if (progress.step === 0) return undefined;
    try {
      const model = await CheckedFolder.open(join(folder, MODEL_FOLDER), files);
      if (model.hasManifest) {
        await model.check();
        return undefined;
      }
      const isEarlier = await hasModelFile(folder, 'task.json');
      await this.save();
      if (isEarlier && this.#savedStep === undefined) await this.#addHashes(model);
      // Once: the run has hashes from then on.
      return isEarlier ? WITHOUT_HASHES : undefined;
    } catch (error) {
      if (!isDamage(error)) throw error;
      await this.save();
      return this.#savedStep === undefined
        ? undefined
        : phrase('{0} The model was restored from the checkpoint.', textOf(error));
    }
  }

  /** Writes the model of an earlier version again, which no checkpoint has. */
  async #addHashes(model: CheckedFolder): Promise<void> {
    const { folder, files } = this.#run;
    const content: Record<string, Uint8Array> = {};
    for (const { name, isFile } of await files.list(join(folder, MODEL_FOLDER)))
      if (isFile) content[name] = await model.read(name);
    await saveTrainedModel(folder, content, files);
  }

  get #keepsBest(): boolean {
    return this.#run.record.config.training.keepBest;
  }
}
