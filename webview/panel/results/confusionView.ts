import * as l10n from '@vscode/l10n';
import { say } from '../../../src/phrases/phrase.ts';
import type { ReportBlock } from '../../../src/protocol/report.ts';
import { HeatMap } from '../../charts/heatMap.ts';
import { button, h, setText } from '../../dom.ts';
import type { TabContext } from '../tabs/tab.ts';
import { BlockFrame, type BlockView } from './blockView.ts';
import { confusionOf, describeConfusion, type ConfusionBlock } from './confusion.ts';
import { confusionScene, type ConfusionMode } from './confusionScene.ts';

/** View of a confusion matrix: a heat map by share of the true class or by count, with recall and precision. */
export class ConfusionView implements BlockView {
  readonly #map: HeatMap;
  readonly #summary = h('p', { class: 'verdict' });
  readonly #axes = h('p', { class: 'unit' });
  readonly #modes: Readonly<Record<ConfusionMode, HTMLButtonElement>>;
  readonly #frame: BlockFrame;
  #mode: ConfusionMode = 'share';
  #shown: ConfusionBlock | null = null;

  constructor(title: string, { frames, chartServices }: Pick<TabContext, 'frames' | 'chartServices'>) {
    this.#map = new HeatMap({
      title,
      frames,
      saveFile: (format, name, content) => chartServices.saveFile(format, name, content),
    });
    const mode = (name: ConfusionMode, label: string) =>
      button(label, { class: 'tool', 'data-mode': name, 'aria-pressed': 'false' }, () => {
        this.#mode = name;
        this.#draw();
      });
    this.#modes = { share: mode('share', l10n.t('Share of True Class')), count: mode('count', l10n.t('Count')) };
    const tools = h(
      'div',
      { class: 'tools', role: 'group', 'aria-label': l10n.t('{0}: color by', title) },
      ...Object.values(this.#modes),
    );
    this.#frame = new BlockFrame(title, this.#summary, this.#axes, tools, this.#map.element);
  }

  get element(): HTMLElement {
    return this.#frame.element;
  }

  show(block: ReportBlock): void {
    if (block.kind !== 'confusion') return;
    this.#shown = block;
    this.#frame.note(say(block.note));
    setText(this.#summary, describeConfusion(confusionOf(block), say(block.unit)).join(' '));
    setText(
      this.#axes,
      l10n.t(
        'Rows: {0}, with recall. Columns: {1}, with precision. The diagonal is right; an empty cell is 0.',
        say(block.rowAxis),
        say(block.columnAxis),
      ),
    );
    this.#draw();
  }

  refresh(): void {
    this.#map.refresh();
  }

  #draw(): void {
    for (const [name, each] of Object.entries(this.#modes))
      each.setAttribute('aria-pressed', String(name === this.#mode));
    if (this.#shown) this.#map.show(confusionScene(this.#shown, this.#mode), l10n.t('The matrix is empty.'));
  }
}
