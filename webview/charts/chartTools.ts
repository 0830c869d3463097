import * as l10n from '@vscode/l10n';
import { button, h } from '../dom.ts';
import { type PictureActions, PictureMenu } from './pictureMenu.ts';
import type { ChartSettings, ChartSpec } from './spec.ts';

/** Callbacks of a chart's toolbar. */
export interface ChartActions {
  /** Applies changed settings. */
  change(settings: Partial<ChartSettings>): void;
  save(format: 'png' | 'svg' | 'csv'): void;
  readonly picture: PictureActions;
}

/** Selectable time constants of the smoothing, in steps. */
const SMOOTHINGS = [0, 5, 10, 20, 50, 100, 200, 500, 1000];

/** Toolbar above a chart. */
export class ChartTools {
  readonly element: HTMLElement;
  readonly #log: HTMLButtonElement;
  readonly #fit: HTMLButtonElement;
  readonly #full: HTMLButtonElement;
  readonly #table: HTMLButtonElement;
  readonly #smoothing: HTMLSelectElement;
  readonly #save: readonly HTMLButtonElement[];
  #settings: ChartSettings;

  constructor(spec: ChartSpec, actions: ChartActions) {
    this.#settings = spec.defaults;
    this.#log = toggle('log', l10n.t('Log'), l10n.t('Logarithmic y axis'), () =>
      actions.change({ logarithmic: !this.#settings.logarithmic, range: 'fit' }),
    );
    this.#fit = toggle('fit', l10n.t('Fit'), l10n.t('Fit the y axis to the curves, without spikes'), () =>
      actions.change({ range: 'fit' }),
    );
    this.#full = toggle('full', l10n.t('Full'), l10n.t('Show every point and every reference line'), () =>
      actions.change({ range: 'full' }),
    );
    this.#table = toggle('table', l10n.t('Table'), l10n.t('Show the points as a table'), () =>
      actions.change({ table: !this.#settings.table }),
    );
    this.#smoothing = h(
      'select',
      {
        'aria-label': l10n.t('{0}: smoothing, in steps', spec.title),
        title: l10n.t('Time constant of the smoothing, in steps'),
      },
      ...SMOOTHINGS.map(smoothingOption),
    );
    this.#smoothing.addEventListener('change', () => actions.change({ smoothing: Number(this.#smoothing.value) }));

    const canSmooth = spec.lines.some((line) => line.smoothable);
    const saveAs = (format: 'png' | 'svg' | 'csv', title: string) =>
      button(format.toUpperCase(), { class: 'tool', 'data-tool': format, title }, () => actions.save(format));
    const { trigger, element: box } = new PictureMenu(spec.title, actions.picture);
    this.#save = [
      saveAs('png', l10n.t('Save the chart as PNG')),
      saveAs('svg', l10n.t('Save the chart as SVG')),
      saveAs('csv', l10n.t('Save the data as CSV')),
      trigger,
    ];
    this.element = h(
      'div',
      { class: 'tools', role: 'group', 'aria-label': l10n.t('{0}: view', spec.title) },
      ...(canSmooth ? [this.#smoothing] : []),
      h('span', { class: 'tool-group' }, this.#log, this.#fit, this.#full, this.#table),
      h(
        'span',
        { class: 'tool-group', role: 'group', 'aria-label': l10n.t('Save "{0}" as', spec.title) },
        ...this.#save,
        box,
      ),
    );
  }

  set canSave(enabled: boolean) {
    for (const tool of this.#save) tool.disabled = !enabled;
  }

  show(settings: ChartSettings): void {
    this.#settings = settings;
    press(this.#log, settings.logarithmic);
    press(this.#fit, settings.range === 'fit');
    press(this.#full, settings.range === 'full');
    press(this.#table, settings.table);
    this.#smoothing.value = String(settings.smoothing);
  }
}

function toggle(tool: string, label: string, title: string, onClick: () => void): HTMLButtonElement {
  return button(label, { class: 'tool', 'data-tool': tool, title, 'aria-pressed': 'false' }, onClick);
}

function press(tool: HTMLButtonElement, pressed: boolean): void {
  tool.setAttribute('aria-pressed', String(pressed));
}

function smoothingOption(steps: number): HTMLOptionElement {
  return h('option', { value: steps }, steps === 0 ? l10n.t('No smoothing') : l10n.t('Smoothing {0}', steps));
}
