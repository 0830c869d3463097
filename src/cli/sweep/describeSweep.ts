import { describeField } from '../../config/shortFields.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatLoss } from '../../format/loss.ts';
import { say } from '../../phrases/phrase.ts';
import type { SweepEnd } from '../../sweeps/runSweep.ts';
import { hasFailed, type SweepState } from '../../sweeps/plan/sweepState.ts';
import { describeValues } from '../../sweeps/space/dimension.ts';
import type { OpenSweep } from '../../sweeps/sweepStore.ts';
import { bestSettings, type RankedSetting } from '../../sweeps/analysis/bestSettings.ts';
import { bestSoFar } from '../../sweeps/analysis/bestSoFar.ts';
import { effectOf, importanceOf, measuredSettings } from '../../sweeps/analysis/importance.ts';
import type { PlannedTrial, Sweep } from '../../sweeps/sweep.ts';
import { textTable } from '../textTable.ts';

/** Settings that the end of a sweep lists. */
const LISTED = 5;

/** Describes a setting, such as "lr 0.01 · units 32"; with its seed if the sweep has several. */
export function describeSetting(
  { values, seed }: Pick<PlannedTrial, 'values' | 'seed'>,
  { seeds }: Pick<Sweep, 'seeds'>,
): string {
  return [...describeValues(values), ...(seeds.length > 1 ? [describeField('seed', seed)] : [])].join(' · ');
}

/** Prints the trials of a sweep, as a table or as one JSON object a line. */
export function printTrials(sweep: Sweep, trials: readonly PlannedTrial[], json: boolean): void {
  const { dimensions, base, rungs } = sweep;
  if (json) {
    for (const { trial, values, seed } of trials)
      process.stdout.write(`${JSON.stringify({ trial, values, seed, rungs: rungs ?? undefined })}\n`);
    return;
  }
  const headings = ['trial', ...dimensions.map(({ path }) => path), 'seed'];
  process.stdout.write(
    textTable(
      headings.map((heading) => ({ heading, align: 'end' })),
      trials.map(({ trial, values, seed }) => [
        String(trial),
        ...dimensions.map(({ path }) => String(values[path] ?? '')),
        String(seed),
      ]),
    ),
  );
  const steps = rungs ? `, which end at ${rungs.join(', ')} steps` : ` of up to ${base.training.steps} steps`;
  process.stdout.write(`${trials.length} trials${steps}\n`);
}

/** Describes the end of a sweep: how many trials have ended, and the best settings. */
export function describeEnd({ sweep, plan }: OpenSweep, end: SweepEnd): string {
  const { trials, ended } = plan.state;
  const seconds = trials.reduce((sum, { results }) => sum + (results.at(-1)?.seconds ?? 0), 0);
  const because = end === 'budget' ? '; the budget is used up' : '';
  const { metric, direction } = sweep.objective;
  const lines = [
    `${ended} of ${trials.length} trials have ended, after ${formatDuration(seconds)} of training${because}`,
    ...failures(plan.state.trials),
    `best by ${metric} (${direction} is better):`,
    ...bestSettings(sweep, plan.state)
      .slice(0, LISTED)
      .map((each) => `  ${describeRanked(each, sweep)}`),
    ...describeImportance(sweep, plan.state),
  ];
  return `${lines.join('\n')}\n`;
}

/** The end of a sweep for other programs: the best settings, what they depend on, and the objective over time. */
export function summaryOf({ sweep, plan }: OpenSweep, end: SweepEnd): object {
  const settings = measuredSettings(plan.state);
  return {
    event: 'end',
    reason: end,
    best: bestSettings(sweep, plan.state),
    importance: importanceOf(sweep, settings),
    effects: sweep.dimensions.map(({ path }) => ({ path, values: effectOf(path, settings) })),
    progress: bestSoFar(plan.state, sweep.objective),
  };
}

/** A line for each field with its importance; none for a sweep of one field. */
function describeImportance(sweep: Sweep, state: SweepState): string[] {
  if (sweep.dimensions.length < 2) return [];
  const lines = importanceOf(sweep, measuredSettings(state)).map(
    ({ path, share }) => `  ${`${Math.round(100 * share)} %`.padStart(5)}  ${path}`,
  );
  return ['share of the differences that each field explains by itself:', ...lines];
}

function describeRanked({ values, mean, deviation, steps, runs }: RankedSetting, { seeds, rungs }: Sweep): string {
  const spread = seeds.length > 1 && deviation !== null ? ` ± ${formatLoss(deviation)} over ${runs.length} seeds` : '';
  return `${formatLoss(mean)}${spread}  ${describeValues(values).join(' · ')}${rungs ? ` after ${steps} steps` : ''}  (${runs.join(', ')})`;
}

function failures(trials: OpenSweep['plan']['state']['trials']): string[] {
  return trials.filter(hasFailed).map(({ trial, results }) => {
    const message = results.at(-1)?.message ?? null;
    return `trial ${trial} failed: ${message === null ? '' : say(message)}`;
  });
}
