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
  return beginWithAnswers(training.config, (config) => runs.start({ ...training, config }), { show, log });
}

interface Beginning extends Pick<Services, 'log'> {
  /** Called when the run has begun or waits for its turn, and again if the user answers a question. */
  readonly show?: (run: RunModel) => void;
}

/**
 * Starts a run, and again with each answer of the user to a refusal of the trainer.
 * @returns id of the run, when it has begun or waits; what fails later is shown in a notification
 * @throws Error if it cannot start
 */
export async function beginWithAnswers(
  config: NewTraining['config'],
  start: (config: NewTraining['config']) => StartedRun,
  { show, log }: Beginning,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let hasWaited = false;
    const begin = async (chosen: NewTraining['config']) => {
      const { run, ready } = start(chosen);
      const isWaiting = run.state === 'waiting';
      if (isWaiting) {
        hasWaited = true;
        show?.(run);
        resolve(run.id);
      }
      await ready;
      if (!isWaiting) show?.(run);
      return run.id;
    };
    withAnswers(config, begin, askModal).then(resolve, (error: unknown) => {
      if (!hasWaited) reject(error as Error);
      else reportLater(error, log);
    });
  });
}

/**
 * Waits until a started run has begun or waits for its turn.
 * @returns its id; what fails later is shown in a notification
 * @throws Error if it cannot start
 */
export async function begunOrWaiting({ run, ready }: StartedRun, log: Services['log']): Promise<string> {
  if (run.state !== 'waiting') await ready;
  else ready.catch((error: unknown) => reportLater(error, log));
  return run.id;
}

/** Shows why a run that waited could not start, unless the user has withdrawn it. */
function reportLater(error: unknown, log: Services['log']): void {
  if (!(error instanceof StartCancelled)) reportError(error, log);
}
