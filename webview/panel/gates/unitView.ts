import * as l10n from '@vscode/l10n';
import { activationNames } from '../../../src/protocol/activationNames.ts';
import type { ActivationName } from '../../../src/protocol/probes.ts';
import type { Inspection } from '../../../src/protocol/inspection.ts';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';
import { LinkedCharts } from '../../charts/linkedCharts.ts';
import type { Points } from '../../charts/points.ts';
import { button, h, setText } from '../../dom.ts';
import { TokenText } from '../../tokens/tokenText.ts';
import type { ShownChoice } from './gatesChoice.ts';
import { describeTraces } from './describeTraces.ts';
import { traceCharts } from './traceSpec.ts';
import type { TabContext } from '../tabs/tab.ts';
import type { UnitTrace } from './unitTraces.ts';
import { valueText } from './valueText.ts';
import { say } from '../../../src/phrases/phrase.ts';

export interface UnitViewActions {
  readonly chooseUnit: (unit: number) => void;
  readonly chooseColoring: (activation: ActivationName) => void;
  readonly chooseToken: (token: number) => void;
  readonly colorEditor: () => void;
  readonly findFirings: () => void;
}

/** View of one unit: its activations over the text as curves, and the text colored by one of them. */
export class UnitView {
  readonly element: HTMLElement;
  readonly #number = h('input', { type: 'number', id: 'gates-unit', min: 0, step: 1 });
  readonly #coloring = h('select', { id: 'gates-coloring' });
  /** Buttons of actions on the text in an editor, with the model. */
  readonly #inEditor: readonly HTMLButtonElement[];
  readonly #traces: LinkedCharts;
  readonly #text: TokenText;
  readonly #range = h('p', { class: 'notes' });
  #isLinked = true;
  readonly #summary = h('p', { class: 'verdict' });

  constructor(page: TabContext, actions: UnitViewActions) {
    this.#traces = new LinkedCharts({
      ...page.chartServices,
      frames: page.frames,
      settings: ({ id, defaults }) => page.store.current.charts[id] ?? defaults,
      marks: () => [],
      emptyText: () => l10n.t('Loading the values of the unit...'),
      missingText: () => '',
    });
    this.#text = new TokenText({
      label: l10n.t('The text, colored by the unit'),
      frames: page.frames,
      onChoose: actions.chooseToken,
    });
    this.#number.addEventListener('change', () => {
      if (this.#number.validity.valid && this.#number.value !== '') actions.chooseUnit(this.#number.valueAsNumber);
    });
    this.#coloring.addEventListener('change', () => actions.chooseColoring(this.#coloring.value as ActivationName));
    this.#inEditor = [
      button(
        l10n.t('Color the editor'),
        { 'data-action': 'colorEditor', title: l10n.t('Color the text in the editor by this unit') },
        actions.colorEditor,
      ),
      button(
        l10n.t('Find where this unit fires'),
        { 'data-action': 'findFirings', title: l10n.t('List the places in the file where this unit is most active') },
        actions.findFirings,
      ),
    ];
    this.element = h(
      'section',
      { class: 'unit-view', 'aria-labelledby': 'gates-unit-title' },
      h(
        'div',
        { class: 'gates-controls' },
        h('h2', { id: 'gates-unit-title' }, l10n.t('One unit')),
        h('span', { class: 'field' }, h('label', { for: 'gates-unit' }, l10n.t('Unit')), this.#number),
        h('span', { class: 'field' }, h('label', { for: 'gates-coloring' }, l10n.t('Color text by')), this.#coloring),
        ...this.#inEditor,
      ),
      this.#text.element,
      this.#range,
      this.#summary,
      this.#traces.element,
    );
  }

  /** Whether the model can read the text in an editor. */
  allowEditor(isAllowed: boolean): void {
    for (const each of this.#inEditor) each.hidden = !isAllowed;
    this.#isLinked = isAllowed;
  }

  /** Shows the traces of a unit over the tokens of an inspection; null while they load. */
  show(
    { layer, unit, coloring }: ShownChoice,
    { tokens }: Inspection,
    cursor: number,
    traces: readonly UnitTrace[] | null,
  ): void {
    this.#number.max = String(layer.units - 1);
    if (document.activeElement !== this.#number) this.#number.value = String(unit);
    this.#coloring.replaceChildren(
      ...layer.activations.map((name) => h('option', { value: name }, say(activationNames[name].name))),
    );
    this.#coloring.value = coloring;
    const values = traces?.find(({ activation }) => activation === coloring)?.values ?? [];
    const { bytes, holes, reach, signed } = asBytes(values);
    const name = say(activationNames[coloring].name);
    this.#text.show({
      tokens,
      cursor,
      values: values.length === tokens.length ? bytes : null,
      holes,
      palette: signed ? 'diverging' : 'sequential',
      describe: (token) =>
        `"${visibleToken(tokens[token] ?? '')}", ${name} ${token in values ? valueText(values[token] ?? NaN, 3) : l10n.t('not loaded yet')}`,
      details: () => [],
    });
    setText(
      this.#range,
      values.length === 0
        ? ''
        : [
            describeColors(name, unit, reach, signed),
            ...(this.#isLinked
              ? [l10n.t('Click a character, or press Enter on it, to see what influences its prediction.')]
              : []),
          ].join(' '),
    );
    setText(this.#summary, describeTraces(layer, tokens, traces ?? []).join(' '));
    this.#traces.show(traceCharts(layer.activations), traceCurves(traces ?? []));
  }

  appear(): void {
    this.#traces.refresh();
  }
}

/** Says which values of a unit the colors of the text show. */
function describeColors(name: string, unit: number, reach: number, signed: boolean): string {
  return signed
    ? l10n.t('Colors show the {0} of unit {1}, from -{2} (blue) to {2} (red).', name, unit, reach)
    : l10n.t('Colors show the {0} of unit {1}, from 0 to {2}.', name, unit, reach);
}

/** Encodes values as bytes from -`reach` to `reach` if any is negative, else from 0 to `reach`. */
function asBytes(values: readonly number[]): {
  readonly bytes: Uint8Array;
  /** 1 for each value that is not finite; null without any. */
  readonly holes: Uint8Array | null;
  readonly reach: number;
  readonly signed: boolean;
} {
  const signed = values.some((value) => value < 0);
  const largest = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
  const holes = Uint8Array.from(values, (value) => Number(!Number.isFinite(value)));
  const reach = Number(Math.max(largest, signed ? 1e-3 : 1).toPrecision(2));
  const bytes = Uint8Array.from(values, (value) =>
    Math.min(Math.max(Math.round((signed ? (value / reach + 1) / 2 : value / reach) * 255), 0), 255),
  );
  return { bytes, holes: holes.includes(1) ? holes : null, reach, signed };
}

/** Converts traces to curves over the position in the text, counted from 1. */
function traceCurves(traces: readonly UnitTrace[]): ReadonlyMap<string, Points> {
  return new Map(traces.map(({ activation, values }) => [activation, { x: values.map((_, i) => i + 1), y: values }]));
}
