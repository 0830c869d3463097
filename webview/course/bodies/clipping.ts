import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import type { LessonOutcome, LessonRunView } from '../../../src/protocol/lessons/runs.ts';
import { formatCount, formatNumber } from '../../charts/number.ts';
import type { Points } from '../../charts/points.ts';
import type { ChartSpec } from '../../charts/spec.ts';
import { button, h } from '../../dom.ts';
import { describeSnippets, type ShownSpike, Snippets } from '../clipping/snippets.ts';
import { spikesOf } from '../clipping/spikes.ts';
import type { LessonBody, LessonContext } from '../lessonBody.ts';
import { describeEnd } from '../parts/describeRuns.ts';
import { largestOf, lossSpec, runCurves, runLabel, runLines } from '../parts/lessonRuns.ts';
import { RunsControls } from '../parts/runsControls.ts';
import { SeedChoice } from '../parts/seedChoice.ts';
import { SeedShare } from '../parts/seedShare.ts';

const LESSON = 'clipping';

const storedInput = z.object({ threshold: z.number().positive() });

type Input = z.output<typeof storedInput>;

/** Lesson on gradient clipping: the same network, task and seed, trained with and without it. */
export class ClippingBody implements LessonBody {
  readonly controls: HTMLElement;
  readonly figures: HTMLElement;
  readonly change: HTMLElement;
  readonly #context: LessonContext;
  readonly #controls: RunsControls;
  readonly #seed = new SeedChoice(LESSON, () => this.#draw());
  readonly #norm;
  readonly #loss;
  readonly #share: SeedShare;
  readonly #snippets: Snippets;
  #input: Input;
  #runs: readonly LessonRunView[] = [];

  constructor(context: LessonContext) {
    this.#context = context;
    this.#input = storedInput.safeParse(context.stored).data ?? { threshold: 1 };
    this.#controls = new RunsControls(context, LESSON);
    const train = (seeds: number[]) => void this.#controls.train({ seeds });
    this.#share = new SeedShare(LESSON, train);
    this.#snippets = new Snippets(this.#input.threshold, (threshold) => this.#setThreshold(threshold), context.problem);
    const empty = l10n.t('The button trains both networks, one after the other.');
    this.#norm = context.chart(empty, { references: () => thresholds(this.#runs) });
    this.#loss = context.chart(empty);
    this.controls = this.#controls.element;
    this.figures = h(
      'div',
      { class: 'results' },
      this.#seed.element,
      this.#norm.element,
      this.#loss.element,
      h(
        'section',
        { class: 'block', 'aria-label': l10n.t('Other seeds') },
        h('h2', {}, l10n.t('Other seeds')),
        h(
          'p',
          { class: 'about' },
          l10n.t('Other seeds draw other initial weights and sequences, as in Pascanu et al. 2013, section 4.1.'),
        ),
        this.#share.element,
      ),
      this.#snippets.element,
    );
    this.change = h(
      'div',
      { class: 'buttons' },
      ...[2, 3].map((seed) => button(l10n.t('Train with seed {0}', seed), {}, () => train([seed]))),
      h('p', { class: 'about' }, l10n.t('Or type another threshold above: 5, for example.')),
    );
    this.takeRuns([], []);
  }

  appear(): void {
    this.#controls.appear();
    this.#norm.refresh();
    this.#loss.refresh();
  }

  disappear(): void {
    this.#controls.disappear();
  }

  takeRuns(runs: readonly LessonRunView[], outcomes: readonly LessonOutcome[]): void {
    this.#runs = runs;
    this.#controls.show(runs);
    this.#share.show(outcomes);
    this.#draw();
  }

  #setThreshold(threshold: number): void {
    this.#input = { threshold };
    this.#context.store(this.#input);
    this.#draw();
  }

  #draw(): void {
    const { threshold } = this.#input;
    const shown = this.#seed.of(this.#runs);
    const norms = runCurves(shown, 'gradientNorm');
    const spikes = new Map([...norms].map(([id, points]) => [id, spikesOf(points)]));
    this.#norm.show(
      normSpec(shown),
      new Map([...norms, ...[...spikes].map(([id, points]): [string, Points] => [spikeKey(id), points])]),
    );
    this.#loss.show(lossSpec(LESSON, shown), runCurves(shown, 'validationLoss'));
    const spike = largestSpike(shown, norms);
    this.#snippets.show(threshold, spike);
    this.#context.see([
      ...shown.flatMap((run) => describeNorms(run, shown, norms.get(run.id), spikes.get(run.id))),
      ...shown.flatMap((run) => describeEnd(LESSON, run, shown)),
      ...this.#share.describe(),
      ...(spike ? [describeSnippets(threshold, spike)] : []),
    ]);
  }
}

/** The largest gradient norm of a run that does not clip. */
function largestSpike(shown: readonly LessonRunView[], norms: ReadonlyMap<string, Points>): ShownSpike | undefined {
  const run = shown.find(({ settings }) => settings.clipNorm === 0);
  const largest = run && largestOf(norms.get(run.id) ?? { x: [], y: [] });
  return (
    largest && {
      run: runLabel(LESSON, run, shown),
      step: largest.x,
      norm: largest.y,
      learningRate: run.settings.learningRate,
    }
  );
}

/** The largest norm of a run, what became of it, and the validation losses before and after it. */
function describeNorms(
  run: LessonRunView,
  runs: readonly LessonRunView[],
  norms: Points | undefined,
  spikes: Points | undefined,
): string[] {
  const largest = norms && largestOf(norms);
  if (!largest) return [];
  const { clipNorm, learningRate } = run.settings;
  const [label, count] = [runLabel(LESSON, run, runs), formatCount(spikes?.x.length ?? 0)];
  const [norm, at] = [formatNumber(largest.y), formatCount(largest.x)];
  const what =
    clipNorm > 0 && largest.y > clipNorm
      ? l10n.t(
          '{0}: the largest gradient norm, {2} at step {3}, was scaled to {4}, so the step had a length of {5}. Number of spikes: {1}.',
          label,
          count,
          norm,
          at,
          formatNumber(clipNorm),
          formatNumber(learningRate * clipNorm),
        )
      : l10n.t(
          '{0}: the largest gradient norm is {2}, at step {3}, so the step had a length of {4}. Number of spikes: {1}.',
          label,
          count,
          norm,
          at,
          formatNumber(learningRate * largest.y),
        );
  return [what, ...describeAround(label, largest.x, runCurves([run], 'validationLoss').get(run.id))];
}

/** The validation losses before and after a step; nothing if one of them is missing. */
function describeAround(label: string, step: number, losses: Points | undefined): string[] {
  if (!losses) return [];
  const after = losses.x.findIndex((x) => x >= step);
  const [lossBefore, lossAfter] = [losses.y[after - 1], losses.y[after]];
  if (after < 1 || lossBefore == null || lossAfter == null) return [];
  return [
    l10n.t(
      '{0}: the validation loss was {1} before that step, at step {2}, and {3} after it, at step {4}.',
      label,
      formatNumber(lossBefore),
      formatCount(losses.x[after - 1] ?? 0),
      formatNumber(lossAfter),
      formatCount(losses.x[after] ?? 0),
    ),
  ];
}

/** The norms to which the runs are clipped. */
function thresholds(runs: readonly LessonRunView[]) {
  const norms = [...new Set(runs.map(({ settings }) => settings.clipNorm).filter((norm) => norm > 0))];
  return norms.map((value) => ({ label: l10n.t('clipped at'), value }));
}

const spikeKey = (id: string) => `${id}.spikes`;

function normSpec(runs: readonly LessonRunView[]): ChartSpec {
  const lines = runLines(LESSON, runs);
  return {
    id: 'lessonGradientNorm',
    title: l10n.t('Gradient norm'),
    term: 'gradientNorm',
    about: l10n.t(
      'Norm of the whole gradient at each step, before clipping. A dot marks a spike: more than five times the median of the 50 points before it.',
    ),
    xName: 'step',
    unit: l10n.t('global L2 norm'),
    lines: [
      ...lines.map((line) => ({ ...line, dots: false as const })),
      ...lines.map((line) => ({
        ...line,
        key: spikeKey(line.key),
        label: l10n.t('spikes, {0}', line.label),
        dash: [4, 4],
        dots: 'only' as const,
      })),
    ],
    defaults: { logarithmic: true, smoothing: 0, range: 'full', table: false },
    describe: formatNumber,
  };
}
