import * as l10n from '@vscode/l10n';
import { HeatMap } from '../../charts/heatMap.ts';
import { h, setText } from '../../dom.ts';
import type { ReportBlock } from '../../../src/protocol/report.ts';
import type { TabContext } from '../tabs/tab.ts';
import { BlockFrame, type BlockView } from './blockView.ts';
import { matrixScene } from './matrixScene.ts';
import { say } from '../../../src/phrases/phrase.ts';

/** View of a matrix as a heat map. */
export class MatrixView implements BlockView {
  readonly #map: HeatMap;
  readonly #axes = h('p', { class: 'unit' });
  readonly #frame: BlockFrame;

  constructor(title: string, { frames, chartServices }: Pick<TabContext, 'frames' | 'chartServices'>) {
    this.#map = new HeatMap({
      title,
      frames,
      saveFile: (format, name, content) => chartServices.saveFile(format, name, content),
    });
    this.#frame = new BlockFrame(title, this.#axes, this.#map.element);
  }

  get element(): HTMLElement {
    return this.#frame.element;
  }

  show(block: ReportBlock): void {
    if (block.kind !== 'matrix') return;
    this.#frame.note(say(block.note));
    const axes = [say(block.rowAxis), say(block.columnAxis)] as const;
    setText(
      this.#axes,
      block.path.length > 0
        ? l10n.t('Rows: {0}. Columns: {1}. The line shows a path.', ...axes)
        : l10n.t('Rows: {0}. Columns: {1}.', ...axes),
    );
    this.#map.show(matrixScene(block), l10n.t('The matrix is empty.'));
  }

  refresh(): void {
    this.#map.refresh();
  }
}
