import * as l10n from '@vscode/l10n';
import { tasks } from '../../../src/config/tasks.ts';
import { lessons } from '../../../src/protocol/lessons/lessons.ts';
import type { LessonRunView } from '../../../src/protocol/lessons/runs.ts';
import { formatRoughTime, samples } from '../../../src/protocol/samples.ts';
import { h, setText } from '../../dom.ts';
import { BlockList } from '../../panel/results/blockList.ts';
import type { LessonBody, LessonContext } from '../lessonBody.ts';
import { drawNetwork } from '../network/networkDrawing.ts';
import { RunsControls } from '../parts/runsControls.ts';
import { describeShape, examplesOf } from '../shapes/describeShape.ts';
import { type Shape, shapes } from '../shapes/shapeTable.ts';

const LESSON = 'shapes';

/** Lesson on the four arrangements of inputs and outputs, each with a sample to train. */
export class ShapesBody implements LessonBody {
  readonly controls = h('div');
  readonly figures: HTMLElement;
  readonly change: HTMLElement;
  readonly #context: LessonContext;
  readonly #sections: readonly ShapeSection[];

  constructor(context: LessonContext) {
    this.#context = context;
    this.#sections = shapes.map((shape) => new ShapeSection(context, shape));
    this.figures = h('div', { class: 'results' }, ...this.#sections.map(({ element }) => element));
    this.change = h(
      'p',
      { class: 'about' },
      l10n.t(
        'Open a run to see all of its results, to try the model on your own text, or to train it again with another cell.',
      ),
    );
  }

  appear(): void {
    // One section follows the runs of the whole lesson.
    this.#sections[0]?.controls.appear();
    for (const section of this.#sections) section.blocks.refresh();
  }

  disappear(): void {
    this.#sections[0]?.controls.disappear();
  }

  takeRuns(runs: readonly LessonRunView[]): void {
    const seen = this.#sections.flatMap((section) => section.show(runs));
    this.#context.see(seen);
  }
}

/** One shape: its drawing, the button that trains its sample, and what the model answers. */
class ShapeSection {
  readonly element: HTMLElement;
  readonly controls: RunsControls;
  readonly blocks: BlockList;
  readonly #shape: Shape;
  readonly #learned = h('p', { class: 'verdict' });

  constructor(context: LessonContext, shape: Shape) {
    this.#shape = shape;
    this.controls = new RunsControls(context, LESSON, () => ({ runs: [shape.key] }));
    this.blocks = new BlockList(context);
    const title = shape.title();
    this.element = h(
      'section',
      { class: 'block', 'aria-label': title, 'data-shape': shape.key },
      h('h2', {}, title),
      h('p', { class: 'about' }, `${shape.about()} ${roughTime(shape.key)}`.trim()),
      h(
        'div',
        { class: 'network-scroll', role: 'region', tabindex: '0', 'aria-label': l10n.t('{0}: drawing', title) },
        drawNetwork(shape.network, l10n.t('{0}, unrolled over {1} steps', title, shape.network.inputs.length)),
      ),
      this.controls.element,
      this.#learned,
      this.blocks.element,
    );
  }

  /** Shows the run of the shape. @returns what is seen in it */
  show(all: readonly LessonRunView[]): string[] {
    const runs = all.filter(({ key }) => key === this.#shape.key);
    this.controls.show(runs);
    const run = runs.at(-1);
    const learned = run ? describeShape(run, tasks[this.#shape.task].units) : [];
    setText(this.#learned, learned.join(' '));
    this.blocks.show(run ? examplesOf(run) : []);
    return learned.length > 0 ? [`${this.#shape.title()}: ${learned.at(-1) ?? ''}`] : [];
  }
}

/** How long the sample of a run trains. */
function roughTime(key: string): string {
  const run = lessons[LESSON].runs?.find((each) => each.key === key);
  const seconds = run && samples[run.sample]?.seconds;
  return seconds === undefined ? '' : l10n.t('Training takes {0}.', formatRoughTime(seconds));
}
