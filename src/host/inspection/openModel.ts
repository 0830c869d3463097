import { TrainerClient } from '../trainerClient/trainerClient.ts';
import type { StartOptions } from '../trainerClient/holder.ts';
import { refuseNative } from '../trust.ts';
import type { TrainerSettings } from '../settings.ts';
import type { RunModel } from '../runs/runModel.ts';
import type { OpenModel } from './inspectors.ts';

export interface OpenModelOptions {
  readonly settings: () => TrainerSettings;
  readonly trainerOptions: StartOptions;
  readonly onError: (error: Error) => void;
}

/**
 * Starts a trainer that opens a stored run and trains nothing.
 * @param died hears of a trainer that has ended by itself
 * @throws what stands in the way: no saved model, a backend that does not load, one that the workspace's trust forbids
 */
export async function openModel(
  { settings, trainerOptions, onError }: OpenModelOptions,
  run: RunModel,
  died: (death: Error) => void,
): Promise<OpenModel> {
  refuseNative(run.view.backend?.name);
  const trainer = TrainerClient.start(trainerOptions(run.config.threads, run.view.backend?.name), {
    events: () => undefined,
    failed: ({ message }) => onError(new Error(message)),
    generated: () => undefined,
    gone: died,
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
