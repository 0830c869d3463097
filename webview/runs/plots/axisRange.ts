import * as l10n from '@vscode/l10n';
import type { Column } from '../../../src/catalog/columns.ts';
import type { Range } from '../../charts/scale.ts';
import { h, setText } from '../../dom.ts';
import { columnChoice, fillColumns } from './columnChoice.ts';
import { endsOf, type FieldAxis, placesOf } from './fieldAxis.ts';
import type { Brushes } from './parallelScene.ts';

/**
 * Marks a part of an axis by keyboard: a choice of the axis, and a slider for each end of its marked part. The sliders
 * are native, so that every assistive technology knows them; they speak the values at the ends instead of places.
 */
export class AxisRange {
  readonly element: HTMLElement;
  readonly #marked: (brushes: Brushes) => void;
  readonly #axis: HTMLSelectElement;
  readonly #from: HTMLInputElement;
  readonly #to: HTMLInputElement;
  readonly #values = h('output', { translate: 'no' });
  #axes: readonly FieldAxis[] = [];
  #brushes: Brushes = new Map();
  #chosen = '';

  /** @param marked receives the marked parts of all axes after a change */
  constructor(marked: (brushes: Brushes) => void) {
    this.#marked = marked;
    this.#axis = columnChoice('range-axis', (key) => {
      this.#chosen = key;
      this.#update();
    });
    this.#from = this.#end('range-from', l10n.t('Lower end'));
    this.#to = this.#end('range-to', l10n.t('Upper end'));
    this.element = h(
      'div',
      { class: 'axis-range', role: 'group', 'aria-label': l10n.t('Marked part of an axis') },
      h('span', { class: 'field' }, h('label', { for: this.#axis.id }, l10n.t('Select by')), this.#axis),
      this.#from,
      this.#to,
      this.#values,
    );
  }

  show(axes: readonly FieldAxis[], brushes: Brushes): void {
    this.#axes = axes;
    this.#brushes = brushes;
    this.element.hidden = axes.length === 0;
    this.#update();
  }

  get #current(): FieldAxis | undefined {
    return this.#axes.find(({ column }) => column.key === this.#chosen) ?? this.#axes[0];
  }

  #update(): void {
    const axis = this.#current;
    if (!axis) return;
    fillColumns(this.#axis, columnsOf(this.#axes), axis.column);
    const places = placesOf(axis);
    const range = this.#brushes.get(axis.column.key) ?? WHOLE;
    const [from, to] = endsOf(axis, range);
    setEnd(this.#from, places, range.min, from);
    setEnd(this.#to, places, range.max, to);
    setText(this.#values, from === to ? from : l10n.t('{0} to {1}', from, to));
  }

  #end(id: string, label: string): HTMLInputElement {
    const slider = h('input', { type: 'range', id, min: '0', 'aria-label': label });
    slider.addEventListener('input', () => this.#moved(slider));
    return slider;
  }

  /** Marks the part between the sliders. The one that moves pushes the other, so that they never cross. */
  #moved(slider: HTMLInputElement): void {
    const axis = this.#current;
    if (!axis) return;
    const places = placesOf(axis);
    // Between two categories there is none: their part is at least as wide as one of them.
    const narrowest = axis.kind === 'category' ? 1 : 0;
    const [from, to] = [Number(this.#from.value), Number(this.#to.value)];
    const [min, max] =
      slider === this.#from
        ? [Math.min(from, places - narrowest), Math.max(to, Math.min(from, places - narrowest) + narrowest)]
        : [Math.min(from, Math.max(to, narrowest) - narrowest), Math.max(to, narrowest)];
    const { key } = axis.column;
    const others = [...this.#brushes].filter(([each]) => each !== key);
    const isWhole = min === 0 && max === places;
    this.#marked(new Map(isWhole ? others : [...others, [key, { min: min / places, max: max / places }]]));
  }
}

const WHOLE: Range = { min: 0, max: 1 };

function setEnd(slider: HTMLInputElement, places: number, at: number, text: string): void {
  slider.max = String(places);
  slider.value = String(Math.round(at * places));
  slider.setAttribute('aria-valuetext', text);
}

function columnsOf(axes: readonly FieldAxis[]): Column[] {
  return axes.map(({ column }) => column);
}
