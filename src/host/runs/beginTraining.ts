import type { Services } from '../services.ts';
import { askModal } from './askModal.ts';
import { withAnswers } from './refusals.ts';
import type { NewTraining } from './runManager.ts';

/**
 * Starts a run, and shows it when it has begun; a run with a parent in the tab "Compare". The user is asked about data
 * that the trainer refuses for a reason that an answer resolves.
 * @returns id of the run
 * @throws Error if it cannot start
 */
export async function beginTraining(
  { runs, panels }: Pick<Services, 'runs' | 'panels'>,
  training: NewTraining,
): Promise<string> {
  const begin = async (config: NewTraining['config']) => {
    const { run, ready } = runs.start({ ...training, config });
    await ready;
    panels.show(run, training.parent && 'compare');
    return run.id;
  };
  return withAnswers(training.config, begin, askModal);
}
