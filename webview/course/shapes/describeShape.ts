import * as l10n from '@vscode/l10n';
import type { TaskUnits } from '../../../src/config/tasks.ts';
import { say } from '../../../src/phrases/phrase.ts';
import type { LessonRunView } from '../../../src/protocol/lessons/runs.ts';
import type { ReportBlock } from '../../../src/protocol/report.ts';
import { formatCount, formatNumber } from '../../charts/number.ts';
import { formatDuration, formatLoss } from '../../panel/format.ts';

/** Scores that have words, in the order in which they are told. */
const scoreNames: Readonly<Record<string, (percent: string, units: TaskUnits) => string>> = {
  accuracy: (percent) => l10n.t('{0} % of the answers are right', percent),
  exactMatch: (percent, { items }) => l10n.t('{0} % of the {1} are right in every character', percent, say(items)),
  tokenAccuracy: (percent) => l10n.t('{0} % of the characters are right, given the right ones before them', percent),
};

/** How a run has learned so far, in its scores or, without scores, in its perplexity; none before a validation. */
export function describeShape(run: LessonRunView, units: TaskUnits): string[] {
  const { best, step, seconds } = run;
  if (best === null) return [];
  const scores = Object.entries(scoreNames).flatMap(([name, tell]) => {
    const score = run.scores[name];
    return score === undefined ? [] : [tell(formatNumber(Number((100 * score).toPrecision(3))), units)];
  });
  const perplexity = l10n.t(
    'on average it is as unsure as in a choice among {0} equally likely {1}',
    formatNumber(Number(Math.exp(best.loss).toPrecision(2))),
    say(units.items),
  );
  const told = scores.length > 0 ? scores : units.nats ? [perplexity] : [];
  return [
    l10n.t(
      'After {0} steps ({1} of training), the lowest validation loss is {2} {3}, at step {4}.',
      formatCount(step),
      formatDuration(seconds),
      formatLoss(best.loss),
      say(units.loss),
      formatCount(best.step),
    ),
    ...(told.length > 0 ? [l10n.t('On the validation data, {0}.', told.join('; '))] : []),
  ];
}

/** Examples of inputs and outputs in the report of a run: its last table. */
export function examplesOf({ report }: LessonRunView): ReportBlock[] {
  const table = report?.blocks.findLast(({ kind }) => kind === 'table');
  return table ? [table] : [];
}
