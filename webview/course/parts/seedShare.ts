import * as l10n from '@vscode/l10n';
import { type LessonId, lessons } from '../../../src/protocol/lessons/lessons.ts';
import type { LessonOutcome } from '../../../src/protocol/lessons/runs.ts';
import { formatCount } from '../../charts/number.ts';
import { button, h, setText } from '../../dom.ts';
import { NumberGrid } from './numberGrid.ts';

/** Seeds that every run of a lesson is trained with. */
const SEEDS = [1, 2, 3, 4, 5];

/** With how many seeds each run of a lesson solves its task, and a button that trains the seeds that are missing. */
export class SeedShare {
  readonly element: HTMLElement;
  readonly #lesson: LessonId;
  readonly #button: HTMLButtonElement;
  readonly #grid = new NumberGrid(l10n.t('Solved, by seed'));
  #outcomes: readonly LessonOutcome[] = [];

  /** @param train trains the runs of the lesson with seeds */
  constructor(lesson: LessonId, train: (seeds: number[]) => void) {
    this.#lesson = lesson;
    this.#button = button('', { 'data-do': 'seeds' }, () => {
      const missing = this.#missing();
      train(missing.length > 0 ? missing : SEEDS);
    });
    this.element = h('div', { class: 'figures' }, h('div', { class: 'buttons' }, this.#button), this.#grid.element);
    this.show([]);
  }

  show(outcomes: readonly LessonOutcome[]): void {
    this.#outcomes = outcomes;
    const missing = this.#missing();
    setText(
      this.#button,
      missing.length === 0 || missing.length === SEEDS.length
        ? l10n.t('Train with {0} seeds', SEEDS.length)
        : l10n.t('Train with the missing seeds: {0}', missing.join(', ')),
    );
    this.#grid.element.hidden = outcomes.length === 0;
    const runs = lessons[this.#lesson].runs ?? [];
    const cells = runs.flatMap(({ key }) => {
      const byRun = SEEDS.map((seed) => this.#outcomeOf(key, seed));
      const known = byRun.filter((each) => each !== undefined);
      return [
        ...byRun.map((each) =>
          each === undefined ? '\u2013' : each.solved ? l10n.t('step {0}', formatCount(each.step)) : l10n.t('no'),
        ),
        l10n.t('{0} of {1}', known.filter(({ solved }) => solved).length, known.length),
      ];
    });
    this.#grid.show({
      corner: l10n.t('run'),
      rows: runs.map(({ label }) => label()),
      columns: [...SEEDS.map((seed) => l10n.t('seed {0}', seed)), l10n.t('solved')],
      values: cells.map(() => 0),
      textOf: (row, column) => cells[row * (SEEDS.length + 1) + column],
      note: l10n.t('The step at which a run has solved its task.'),
    });
  }

  /** The share of the seeds of each run, as a sentence; nothing before two seeds have ended. */
  describe(): string[] {
    const shares = (lessons[this.#lesson].runs ?? []).flatMap(({ key, label }) => {
      const known = this.#outcomes.filter((each) => each.key === key);
      return known.length < 2
        ? []
        : [
            l10n.t(
              '{0}: {1} of {2} seeds solve the task',
              label(),
              known.filter(({ solved }) => solved).length,
              known.length,
            ),
          ];
    });
    return shares.length === 0 ? [] : [`${shares.join('; ')}.`];
  }

  #outcomeOf(key: string, seed: number): LessonOutcome | undefined {
    return this.#outcomes.find((each) => each.key === key && each.seed === seed);
  }

  /** Seeds with which some run of the lesson has not ended. */
  #missing(): number[] {
    const keys = (lessons[this.#lesson].runs ?? []).map(({ key }) => key);
    return SEEDS.filter((seed) => keys.some((key) => !this.#outcomeOf(key, seed)));
  }
}
