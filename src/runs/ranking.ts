import * as l10n from '@vscode/l10n';
import { tasks, taskOf } from '../config/tasks.ts';
import { basisFacet, type BasisFacet, type RankedGroup } from '../protocol/comparison.ts';
import type { ScoredStep } from '../protocol/events.ts';
import type { RunConfig } from '../config/schema.ts';
import type { RunView } from '../protocol/panel.ts';
import type { ReadonlySeries } from './series/series.ts';
import { say } from '../phrases/phrase.ts';

/** A run with its validations. */
export interface RankableRun {
  readonly id: string;
  readonly config: RunConfig;
  readonly view: Pick<RunView, 'name' | 'text' | 'facts' | 'units' | 'baselines'>;
  readonly curves: { readonly series: { readonly validationLoss: ReadonlySeries } };
}

/**
 * Ranks runs by their lowest validation loss, in groups whose losses measure the same: the same task, data, vocabulary
 * and unit.
 * @param runs in the order in which groups and runs without a loss are listed
 */
export function rank(runs: readonly RankableRun[]): RankedGroup[] {
  const groups = new Map<string, [RankableRun, ...RankableRun[]]>();
  for (const run of runs) {
    const key = fingerprint(run);
    const group = groups.get(key);
    if (group) group.push(run);
    else groups.set(key, [run]);
  }
  return [...groups.values()].map(rankedGroup);
}

function rankedGroup(group: readonly [RankableRun, ...RankableRun[]]): RankedGroup {
  const validations = group.map(({ curves }) => lossesByStep(curves.series.validationLoss));
  const equalStep = largestShared(validations.filter((each) => each.size > 0));
  return {
    basis: basisOf(group[0]),
    equalStep,
    runs: group
      .map(({ id }, i) => {
        const losses = validations[i] ?? new Map<number, number>();
        return {
          id,
          best: lowest(losses),
          last: last(losses),
          atEqualStep: equalStep === null ? null : (losses.get(equalStep) ?? null),
        };
      })
      .sort((a, b) => (a.best?.loss ?? Number.MAX_VALUE) - (b.best?.loss ?? Number.MAX_VALUE)),
  };
}

/** The validation of a run with the lowest loss, the first one of equal ones; null before the first validation. */
export function bestValidation({ curves }: RankableRun): ScoredStep | null {
  return lowest(lossesByStep(curves.series.validationLoss));
}

/** Finite losses by step, in the order of the steps. */
function lossesByStep({ x, y }: ReadonlySeries): Map<number, number> {
  const losses = new Map<number, number>();
  x.forEach((step, i) => {
    const loss = y[i];
    if (loss !== undefined && Number.isFinite(loss)) losses.set(step, loss);
  });
  return losses;
}

function lowest(losses: ReadonlyMap<number, number>): ScoredStep | null {
  let best: ScoredStep | null = null;
  for (const [step, loss] of losses) if (!best || loss < best.loss) best = { step, loss };
  return best;
}

function last(losses: ReadonlyMap<number, number>): ScoredStep | null {
  const end = [...losses].at(-1);
  return end ? { step: end[0], loss: end[1] } : null;
}

/** The largest step in all maps; null if there is none. */
function largestShared([first, ...others]: readonly ReadonlyMap<number, number>[]): number | null {
  const shared = [...(first?.keys() ?? [])].filter((step) => others.every((each) => each.has(step)));
  return shared.at(-1) ?? null;
}

/** Describes each facet of what a run's loss is measured on. */
const facets: Readonly<Record<BasisFacet, (run: RankableRun) => string>> = {
  task: ({ config }) => say(taskOf(config.task).title),
  data: ({ config: { task, data }, view }) => {
    if (tasks[task.name].generated) return `T=${data.sequenceLength}${settingsOf(task)}`;
    return view.text ? l10n.t('{0}, {1} characters', view.name, view.text.characters) : view.name;
  },
  vocabulary: ({ view: { text, facts } }) => (text ? String(text.vocabularySize) : facts.map(say).join(', ')),
  unit: ({ view }) => view.units.loss,
};

/** Settings of a generated task that change what is asked, such as ", distance=60". */
function settingsOf(task: RankableRun['config']['task']): string {
  const asked: readonly string[] = ['distance', 'longest'];
  return Object.entries(task)
    .filter(([field]) => asked.includes(field))
    .map(([field, value]) => `, ${field}=${String(value)}`)
    .join('');
}

function basisOf(run: RankableRun): RankedGroup['basis'] {
  return {
    task: facets.task(run),
    data: facets.data(run),
    vocabulary: facets.vocabulary(run),
    unit: facets.unit(run),
  };
}

/**
 * Key that is equal for runs with the same basis. The baselines of a text are losses of simple models on its validation
 * part, so that they also tell apart two versions of a text with as many characters.
 */
function fingerprint(run: RankableRun): string {
  const { text, baselines } = run.view;
  return JSON.stringify([...basisFacet.options.map((facet) => facets[facet](run)), text && [text, baselines]]);
}
