import { TrainerClient } from '../trainerClient/trainerClient.ts';
import type { StartOptions } from '../trainerClient/holder.ts';
import { refuseNative } from '../trust.ts';
import type { TrainerSettings } from '../settings.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { OpenModel } from './inspectors.ts';
import { PhrasedError } from '../../phrases/phrase.ts';

export interface OpenModelOptions {
  readonly settings: () => TrainerSettings;
  readonly trainerOptions: StartOptions;
  readonly onError: (error: Error) => void;
}

/**
 * Starts a trainer that opens a stored run without training it.
 * @param died called if the trainer ends unexpectedly
 * @throws Error if there is no saved model, or if the backend does not load or is not allowed in Restricted Mode
 */
export async function openModel(
  { settings, trainerOptions, onError }: OpenModelOptions,
  run: RunModel,
  died: (death: Error) => void,
): Promise<OpenModel> {
  refuseNative(run.view.backend?.name);
  const trainer = TrainerClient.start(trainerOptions(run.config.threads, run.view.backend?.name), {
    events: () => undefined,
    failed: ({ message }) => onError(new PhrasedError(message)),
    generated: () => undefined,
    inspected: () => undefined,
    died,
    error: onError,
  });
  try {
    await trainer.remote.openRun({ folder: run.folder, backends: settings().backends });
  } catch (error) {
    await trainer.dispose();
    throw error;
  }
  return { inspector: trainer.remote, close: async () => trainer.dispose() };
}
