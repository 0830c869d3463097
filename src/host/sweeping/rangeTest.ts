import { configDifference } from '../../config/configDifference.ts';
import { rangeTestOf } from '../../config/rangeTest.ts';
import { beginWithAnswers } from '../runs/beginTraining.ts';
import type { RunModel } from '../runs/runModel.ts';
import { sourceOf } from '../runs/runSource.ts';
import type { Services } from '../services.ts';
import { refuseNative } from '../trust.ts';

/**
 * Starts a learning rate range test of a run: a short run with its data and configuration, whose panel shows the loss by
 * rate.
 * @returns id of the test, when it has begun or waits
 * @throws Error if the data of the run is missing
 */
export async function startRangeTest(
  { runs, panels, log }: Pick<Services, 'runs' | 'panels' | 'log'>,
  run: RunModel,
): Promise<string> {
  const config = rangeTestOf(run.config);
  refuseNative(config.backend);
  const source = await sourceOf(run);
  const { name } = run.view;
  const parent = { run: run.id, reason: 'again', changes: configDifference(run.config, config) } as const;
  return beginWithAnswers(config, (chosen) => runs.start({ config: chosen, source, name, parent }), {
    show: (test) => panels.show(test, 'loss'),
    log,
  });
}
