import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import type { LessonRunView } from '../../../src/protocol/lessons/runs.ts';
import { formatCount, formatNumber } from '../../charts/number.ts';
import { applyChange, noPoints, type Points } from '../../charts/points.ts';
import type { ChartSpec, Mark } from '../../charts/spec.ts';
import { button, h } from '../../dom.ts';
import type { LessonBody, LessonContext } from '../lessonBody.ts';
import { describeEnd } from '../parts/describeRuns.ts';
import { lossSpec, runCurves, runLabel, runLines } from '../parts/lessonRuns.ts';
import { RunsControls } from '../parts/runsControls.ts';
import { Slider } from '../parts/slider.ts';
import { describeReach, reachingGradient } from '../truncation/reach.ts';

const LESSON = 'truncation';

/** Steps back to the letter, and the sequence that contains it. */
const DISTANCE = { min: 5, max: 90, first: 60 } as const;
const SEQUENCE = 100;

const storedInput = z.object({ distance: z.int().min(DISTANCE.min).max(DISTANCE.max) });

type Input = z.output<typeof storedInput>;

/** Lesson on truncated back-propagation: where the gradient ends, and what is learned across the cut. */
export class TruncationBody implements LessonBody {
  readonly controls: HTMLElement;
  readonly figures: HTMLElement;
  readonly change: HTMLElement;
  readonly #context: LessonContext;
  readonly #controls: RunsControls;
  readonly #distance: Slider;
  readonly #flow;
  readonly #accuracy;
  readonly #loss;
  #input: Input;
  #runs: readonly LessonRunView[] = [];

  constructor(context: LessonContext) {
    this.#context = context;
    this.#input = storedInput.safeParse(context.stored).data ?? { distance: DISTANCE.first };
    this.#controls = new RunsControls(context, LESSON, () => ({
      changes: { 'task.distance': this.#input.distance, 'data.sequenceLength': SEQUENCE },
    }));
    this.#distance = new Slider({
      id: 'truncation-distance',
      label: l10n.t('Steps back to the letter'),
      min: DISTANCE.min,
      max: DISTANCE.max,
      step: 1,
      format: formatCount,
      change: (distance) => this.#set({ distance }),
    });
    this.#distance.show(this.#input.distance);
    const empty = l10n.t('The button trains both networks, one after the other.');
    this.#flow = context.chart(empty, { marks: () => marks(this.#runs) });
    this.#accuracy = context.chart(empty);
    this.#loss = context.chart(empty);
    this.controls = h(
      'div',
      { class: 'figures' },
      h(
        'p',
        { class: 'about' },
        l10n.t(
          'A linear RNN reads {0} symbols, one of them a letter, and names the letter at the end. Its orthogonal matrix keeps the gradient from vanishing, so that only the cut matters.',
          SEQUENCE,
        ),
      ),
      this.#controls.element,
    );
    this.figures = h('div', { class: 'results' }, this.#flow.element, this.#accuracy.element, this.#loss.element);
    this.change = h(
      'div',
      { class: 'buttons' },
      this.#distance.element,
      button(l10n.t('Train with this distance'), { 'data-do': 'distance' }, () => void this.#controls.train()),
    );
    this.takeRuns([]);
  }

  appear(): void {
    this.#controls.appear();
    for (const chart of [this.#flow, this.#accuracy, this.#loss]) chart.refresh();
  }

  disappear(): void {
    this.#controls.disappear();
  }

  takeRuns(runs: readonly LessonRunView[]): void {
    this.#runs = runs;
    this.#controls.show(runs);
    this.#flow.show(flowSpec(runs), new Map(runs.map((run) => [run.id, reachingGradient(run)])));
    this.#accuracy.show(accuracySpec(runs), accuracyCurves(runs));
    this.#loss.show(lossSpec(LESSON, runs), runCurves(runs, 'validationLoss'));
    this.#context.see(
      runs.flatMap((run) => [...describeReach(runLabel(LESSON, run, runs), run), ...describeEnd(LESSON, run, runs)]),
    );
  }

  #set(input: Input): void {
    this.#input = input;
    this.#context.store(input);
  }
}

function accuracyCurves(runs: readonly LessonRunView[]): Map<string, Points> {
  return new Map(
    runs.map((run) => [run.id, applyChange(noPoints, { keep: 0, points: run.scoreCurves['accuracy'] ?? [] })]),
  );
}

/** The cut and the letter, by lag. */
function marks(runs: readonly LessonRunView[]): Mark[] {
  const cuts = new Set(runs.map(({ settings }) => settings.truncation).filter((cut) => cut > 0));
  const letters = new Set(runs.flatMap(({ settings }) => settings.distance ?? []));
  return [
    ...[...cuts].map((x) => ({ label: l10n.t('cut'), x })),
    ...[...letters].map((x) => ({ label: l10n.t('letter'), x })),
  ];
}

function flowSpec(runs: readonly LessonRunView[]): ChartSpec {
  return {
    id: 'lessonReachingGradient',
    title: l10n.t('Gradient by lag'),
    about: l10n.t(
      "Norm of the gradient of the last step's loss with respect to earlier states, as far as training follows it: median over sequences, at the latest probe.",
    ),
    xName: 'lag',
    unit: l10n.t('relative to lag 0'),
    lines: runLines(LESSON, runs).map((line) => ({ ...line, dots: false as const })),
    defaults: { logarithmic: true, smoothing: 0, range: 'full', table: false },
    describe: (value) => l10n.t('{0} of lag 0', formatNumber(value)),
  };
}

function accuracySpec(runs: readonly LessonRunView[]): ChartSpec {
  return {
    id: 'lessonTruncationAccuracy',
    title: l10n.t('Accuracy'),
    about: l10n.t('Share of the validation sequences whose letter is named. A guess gets a quarter.'),
    xName: 'step',
    unit: l10n.t('share of the sequences'),
    lines: runLines(LESSON, runs),
    defaults: { logarithmic: false, smoothing: 0, range: 'full', table: false },
    describe: formatNumber,
  };
}
