import type { TrainerHolder, TrainerOptions } from './holder.ts';
import { startTrainerProcess } from './processHolder.ts';
import { startTrainerThread } from './threadHolder.ts';

/** Starts a trainer where the options say. */
export function startHolder(options: TrainerOptions): TrainerHolder {
  return { process: startTrainerProcess, host: startTrainerThread }[options.isolation](options);
}
