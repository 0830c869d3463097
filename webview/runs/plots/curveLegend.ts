import * as l10n from '@vscode/l10n';
import { button, h, swatch } from '../../dom.ts';
import type { LineStyle } from '../../panel/compare/lineStyles.ts';
import type { CurveLine } from './curveLines.ts';

/** Legend of all charts, which stays in view. A click on an entry shows its curve only; with Ctrl it is added. */
export class CurveLegend {
  readonly element = h('ul', { class: 'curve-legend', 'aria-label': l10n.t('Shown curves') });
  readonly #choose: (key: string, add: boolean) => void;
  #shown = '';

  constructor(choose: (key: string, add: boolean) => void) {
    this.#choose = choose;
  }

  /** @param isolated keys of the lines that are drawn; empty if all are */
  show(lines: readonly CurveLine[], styles: ReadonlyMap<string, LineStyle>, isolated: ReadonlySet<string>): void {
    const shown = JSON.stringify([lines, [...styles], [...isolated]]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const { activeElement } = document;
    const focused =
      activeElement instanceof HTMLElement && this.element.contains(activeElement)
        ? activeElement.dataset.line
        : undefined;
    this.element.replaceChildren(
      ...lines.map((line) => h('li', {}, this.#entry(line, styles.get(line.key), isolated))),
    );
    if (focused !== undefined)
      this.element.querySelector<HTMLElement>(`[data-line="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  #entry({ key, label }: CurveLine, style: LineStyle | undefined, isolated: ReadonlySet<string>): HTMLButtonElement {
    const entry = button(
      '',
      {
        class: isolated.size > 0 && !isolated.has(key) ? 'tool off' : 'tool',
        'aria-pressed': String(isolated.has(key)),
        'data-line': key,
        title: l10n.t('Show this curve only; with Ctrl, add it'),
      },
      () => undefined,
    );
    entry.addEventListener('click', ({ ctrlKey, metaKey, shiftKey }) =>
      this.#choose(key, ctrlKey || metaKey || shiftKey),
    );
    entry.append(...(style ? [swatch(style.color, style.dash)] : []), h('span', { translate: 'no' }, label));
    return entry;
  }
}
