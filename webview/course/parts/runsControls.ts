import * as l10n from '@vscode/l10n';
import type { RemoteCourseHost } from '../../../src/protocol/course.ts';
import { type LessonId, lessons } from '../../../src/protocol/lessons/lessons.ts';
import type { LessonRunView, LessonTraining } from '../../../src/protocol/lessons/runs.ts';
import { formatCount } from '../../charts/number.ts';
import { button, h, setText, swatch } from '../../dom.ts';
import type { LessonContext } from '../lessonBody.ts';
import { runLabel, runStyle } from './lessonRuns.ts';

/** Options of a training that the lesson's own controls set. */
export type TrainingOptions = Partial<Pick<LessonTraining, 'changes' | 'seeds' | 'runs'>>;

const ACTIVE: ReadonlySet<LessonRunView['state']> = new Set(['waiting', 'starting', 'running', 'paused']);

/** Controls of a lesson that trains: one button that trains all or some of its runs, and the progress of each. */
export class RunsControls {
  readonly element: HTMLElement;
  readonly #lesson: LessonId;
  readonly #host: RemoteCourseHost;
  readonly #problem: (message: string) => void;
  readonly #options: () => TrainingOptions;
  readonly #run: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly #list = h('ul', { class: 'lesson-runs' });
  readonly #items = new Map<string, { readonly element: HTMLElement; readonly progress: HTMLElement }>();
  /** Whether a request to train has not returned yet. */
  #training = false;
  #active = false;

  /** @param options returns which runs to train and what to change in them */
  constructor({ host, problem }: LessonContext, lesson: LessonId, options: () => TrainingOptions = () => ({})) {
    this.#lesson = lesson;
    this.#host = host;
    this.#problem = problem;
    this.#options = options;
    this.#run = button(l10n.t('Train'), { class: 'primary', 'data-do': 'run' }, () => void this.train());
    this.#stop = button(
      l10n.t('Stop'),
      { 'data-do': 'stop', hidden: true },
      () => void this.#call(() => host.stopRuns()),
    );
    const { runs } = options();
    const about = (lessons[lesson].runs ?? [])
      .filter(({ key }) => runs?.includes(key) ?? true)
      .map(({ label }) => label());
    this.element = h(
      'div',
      { class: 'runs-controls' },
      h(
        'div',
        { class: 'buttons' },
        this.#run,
        this.#stop,
        h('span', { class: 'unit' }, l10n.t('Trains: {0}', about.join(', '))),
      ),
      this.#list,
    );
  }

  appear(): void {
    void this.#call(() => this.#host.followRuns(this.#lesson));
  }

  disappear(): void {
    void this.#call(() => this.#host.followRuns(null));
  }

  /** Trains the runs of the lesson. @param options replace those of the lesson's controls */
  async train(options: TrainingOptions = this.#options()): Promise<void> {
    return this.#train(options);
  }

  /** Shows the progress of the runs. */
  show(runs: readonly LessonRunView[]): void {
    this.#active = runs.some(({ state }) => ACTIVE.has(state));
    this.#showButtons();
    if (runs.some(({ id }) => !this.#items.has(id)) || this.#items.size !== runs.length) {
      this.#items.clear();
      for (const run of runs) this.#items.set(run.id, this.#item(run, runs));
      this.#list.replaceChildren(...[...this.#items.values()].map(({ element }) => element));
    }
    for (const run of runs) {
      const item = this.#items.get(run.id);
      if (item) setText(item.progress, describeProgress(run));
    }
  }

  #item(run: LessonRunView, runs: readonly LessonRunView[]) {
    const label = runLabel(this.#lesson, run, runs);
    const { color, dash } = runStyle(this.#lesson, run.key);
    const progress = h('span', { class: 'unit' });
    const open = button(
      l10n.t('Open'),
      { class: 'tool', 'aria-label': l10n.t('Open the run "{0}"', label), 'data-open': run.id },
      () => void this.#call(() => this.#host.openRun({ id: run.id })),
    );
    return {
      element: h('li', {}, swatch(color, dash), h('span', { class: 'run-name' }, label), progress, open),
      progress,
    };
  }

  async #train(options: TrainingOptions): Promise<void> {
    this.#training = true;
    this.#showButtons();
    await this.#call(() => this.#host.trainRuns({ lesson: this.#lesson, changes: {}, ...options }));
    this.#training = false;
    this.#showButtons();
  }

  #showButtons(): void {
    const busy = this.#training || this.#active;
    this.#stop.hidden = !busy;
    setText(this.#run, busy ? l10n.t('Train again') : l10n.t('Train'));
  }

  async #call(request: () => Promise<void>): Promise<void> {
    try {
      this.#problem('');
      await request();
    } catch (error) {
      this.#problem(error instanceof Error ? error.message : String(error));
    }
  }
}

function describeProgress({ state, step, steps, message }: LessonRunView): string {
  switch (state) {
    case 'waiting':
      return l10n.t('waits for other runs');
    case 'starting':
      return l10n.t('starting');
    case 'running':
    case 'paused':
      return l10n.t('step {0} of {1}', formatCount(step), formatCount(steps));
    case 'completed':
    case 'imported':
      return l10n.t('{0} steps', formatCount(step));
    case 'stopped':
    case 'interrupted':
      return l10n.t('stopped at step {0}', formatCount(step));
    case 'diverged':
    case 'failed':
      return l10n.t('ended at step {0}: {1}', formatCount(step), message ?? state);
  }
}
