import * as l10n from '@vscode/l10n';
import type { LessonRunView } from '../../../src/protocol/lessons/runs.ts';
import { formatCount, formatNumber } from '../../charts/number.ts';
import type { ChartSpec } from '../../charts/spec.ts';
import { button, h } from '../../dom.ts';
import type { LessonBody, LessonContext } from '../lessonBody.ts';
import { largestOf, lossSpec, runCurves, runLabel, runLines } from '../parts/lessonRuns.ts';
import { RunsControls } from '../parts/runsControls.ts';

const LESSON = 'clipping';

/** Lesson on gradient clipping: the same network, task and seed, trained with and without it. */
export class ClippingBody implements LessonBody {
  readonly controls: HTMLElement;
  readonly figures: HTMLElement;
  readonly change: HTMLElement;
  readonly #context: LessonContext;
  readonly #runs: RunsControls;
  readonly #norm;
  readonly #loss;

  constructor(context: LessonContext) {
    this.#context = context;
    this.#runs = new RunsControls(context, LESSON);
    const empty = l10n.t('Select Run to train both networks, one after the other.');
    this.#norm = context.chart(empty);
    this.#loss = context.chart(empty);
    this.controls = this.#runs.element;
    this.figures = h('div', { class: 'figures' }, this.#norm.element, this.#loss.element);
    this.change = h(
      'div',
      { class: 'buttons' },
      ...[2, 3].map((seed) =>
        button(l10n.t('Run with seed {0}', seed), {}, () => void this.#runs.train({ seeds: [seed] })),
      ),
    );
    this.takeRuns([]);
  }

  appear(): void {
    this.#runs.appear();
    this.#norm.refresh();
    this.#loss.refresh();
  }

  disappear(): void {
    this.#runs.disappear();
  }

  takeRuns(runs: readonly LessonRunView[]): void {
    this.#runs.show(runs);
    const lines = runLines(LESSON, runs);
    this.#norm.show(normSpec(lines), runCurves(runs, 'gradientNorm'));
    this.#loss.show(lossSpec(LESSON, runs), runCurves(runs, 'validationLoss'));
    this.#context.see(runs.flatMap((run) => describe(run, runs)));
  }
}

function describe(run: LessonRunView, runs: readonly LessonRunView[]): string[] {
  const largest = largestOf(runCurves([run], 'gradientNorm').get(run.id) ?? { x: [], y: [] });
  const loss = run.curves.validationLoss?.at(-1);
  if (!largest || loss == null) return [];
  return [
    l10n.t(
      '{0}: the largest gradient norm is {1}, at step {2}; the validation loss is {3} after {4} steps.',
      runLabel(LESSON, run, runs),
      formatNumber(largest.y),
      formatCount(largest.x),
      formatNumber(loss),
      formatCount(run.step),
    ),
  ];
}

function normSpec(lines: ChartSpec['lines']): ChartSpec {
  return {
    id: 'lessonGradientNorm',
    title: l10n.t('Gradient norm'),
    about: l10n.t('Norm of the whole gradient at each step, before clipping.'),
    xName: 'step',
    unit: l10n.t('global L2 norm'),
    lines,
    defaults: { logarithmic: true, smoothing: 0, range: 'full', table: false },
    describe: formatNumber,
  };
}
