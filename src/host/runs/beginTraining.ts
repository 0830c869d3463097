import type { Services } from '../services.ts';
import type { NewTraining } from './runManager.ts';

/**
 * Starts a run, and shows it when it has begun; a run with a parent in the tab "Compare".
 * @returns id of the run
 * @throws Error if it cannot start
 */
export async function beginTraining(
  { runs, panels }: Pick<Services, 'runs' | 'panels'>,
  training: NewTraining,
): Promise<string> {
  const { run, ready } = runs.start(training);
  await ready;
  panels.show(run, training.parent && 'compare');
  return run.id;
}
