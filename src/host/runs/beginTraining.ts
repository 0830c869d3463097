import { reportError } from '../commands/command.ts';
import type { Services } from '../services.ts';
import { askModal } from './askModal.ts';
import { StartCancelled } from './liveRun.ts';
import { withAnswers } from './refusals.ts';
import type { NewTraining, StartedRun } from './runManager.ts';
import type { RunModel } from './runModel.ts';

/**
 * Starts a run, and shows it when it has begun or waits for its turn; a run with a parent in the tab "Compare". The user is
 * asked about data that the trainer refuses for a reason that an answer resolves.
 * @returns id of the run, when it has begun or waits; what fails later is shown in a notification
 * @throws Error if it cannot start
 */
export async function beginTraining(
  { runs, panels, log }: Pick<Services, 'runs' | 'panels' | 'log'>,
  training: NewTraining,
): Promise<string> {
  const show = (run: RunModel) => panels.show(run, training.parent && 'compare');
  return beginWithAnswers(training.config, (config) => runs.start({ ...training, config }), {
    waits: show,
    began: show,
    log,
  });
}

interface Beginning extends Pick<Services, 'log'> {
  /** Called if the run waits for its turn; it is called again if the user answers a question. */
  readonly waits: (run: RunModel) => void;
  /** Called when a run that did not wait has begun. */
  readonly began: (run: RunModel) => void;
}

/**
 * Starts a run, and again with each answer of the user to a refusal of the trainer.
 * @returns id of the run, when it has begun or waits; what fails later is shown in a notification
 * @throws Error if it cannot start
 */
export async function beginWithAnswers(
  config: NewTraining['config'],
  start: (config: NewTraining['config']) => StartedRun,
  { waits, began, log }: Beginning,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let hasWaited = false;
    const begin = async (chosen: NewTraining['config']) => {
      const { run, ready } = start(chosen);
      const isWaiting = run.state === 'waiting';
      if (isWaiting) {
        hasWaited = true;
        waits(run);
        resolve(run.id);
      }
      await ready;
      if (!isWaiting) began(run);
      return run.id;
    };
    withAnswers(config, begin, askModal).then(resolve, (error: unknown) => {
      if (!hasWaited) reject(error as Error);
      else if (!(error instanceof StartCancelled)) reportError(error, log);
    });
  });
}
