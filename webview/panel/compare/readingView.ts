import * as l10n from '@vscode/l10n';
import type { CheckpointReading, CheckpointReadings } from '../../../src/protocol/difference.ts';
import { visibleToken } from '../../../src/protocol/visibleToken.ts';
import { formatCount } from '../../charts/number.ts';
import { h, setText } from '../../dom.ts';
import { valueText } from '../gates/valueText.ts';
import type { TabContext } from '../tabs/tab.ts';
import { ActivationMaps } from './activationMaps.ts';
import { code, table } from './differenceTable.ts';

/** Decimals of a surprisal and of a mean activation. */
const DECIMALS = 3;

/** Surprisal, gates and texts of two checkpoints next to each other. */
export class ReadingView {
  readonly element: HTMLElement;
  readonly #summary = h('p', { class: 'verdict', role: 'status' });
  readonly #activation = h('select', { id: 'compared-activation' });
  readonly #field: HTMLElement;
  readonly #maps: ActivationMaps;
  readonly #tokens = h('div');
  readonly #written = h('div', { class: 'written-texts' });
  #shown: CheckpointReadings | undefined;

  constructor(page: TabContext) {
    this.#maps = new ActivationMaps(page);
    this.#activation.addEventListener('change', () => this.#showActivation());
    const label = h('label', { for: this.#activation.id }, l10n.t('Activation'));
    this.#field = h('span', { class: 'field' }, label, this.#activation);
    this.element = h(
      'div',
      { class: 'ranking', hidden: true },
      this.#summary,
      this.#field,
      this.#maps.element,
      this.#tokens,
      this.#written,
    );
  }

  hide(): void {
    this.element.hidden = true;
    this.#shown = undefined;
  }

  show(shown: CheckpointReadings): void {
    const { readings } = shown;
    this.#shown = shown;
    this.element.hidden = false;
    setText(this.#summary, describeSurprisal(readings));
    const chosen = this.#activation.value;
    const names = [...new Set(readings.flatMap(({ activations }) => activations.map(nameOf)))];
    this.#activation.replaceChildren(...names.map((name) => h('option', { value: name }, name)));
    if (names.includes(chosen)) this.#activation.value = chosen;
    this.#field.hidden = names.length === 0;
    this.#showActivation();
    this.#written.replaceChildren(
      ...readings.flatMap((reading, place) =>
        reading.written === null
          ? []
          : [
              h(
                'figure',
                {},
                h('figcaption', {}, l10n.t('{0} writes after the passage', headOf(reading, place))),
                h('pre', { tabindex: 0 }, reading.written),
              ),
            ],
      ),
    );
  }

  #showActivation(): void {
    if (!this.#shown) return;
    const { readings, maps } = this.#shown;
    const pair = maps.find((each) => nameOf(each) === this.#activation.value);
    this.#maps.element.hidden = pair === undefined;
    if (pair) this.#maps.show(pair, this.#shown, readings.map(headOf));
    const [a, b] = readings;
    const isAligned = a.tokens.length === b.tokens.length && a.tokens.every((token, at) => token === b.tokens[at]);
    this.#tokens.replaceChildren(
      ...(isAligned
        ? [this.#table(l10n.t('Tokens of the passage'), [a, b])]
        : readings.map((reading, place) =>
            this.#table(l10n.t('Tokens of the passage: {0}', headOf(reading, place)), [reading]),
          )),
    );
  }

  /** Tokens of readings that have the same ones. */
  #table(caption: string, readings: readonly CheckpointReading[]): HTMLElement {
    const all: readonly CheckpointReading[] = this.#shown?.readings ?? [];
    const heads = readings.map((reading) => headOf(reading, all.indexOf(reading)));
    const name = this.#activation.value;
    const means = readings.map(({ activations }) => activations.find((each) => nameOf(each) === name)?.means ?? []);
    return table(
      caption,
      [
        l10n.t('Token'),
        ...heads.map((head) => l10n.t('Surprisal (nats), {0}', head)),
        ...(name === '' ? [] : heads.map((head) => l10n.t('{0}, mean of the units, {1}', name, head))),
      ],
      (readings[0]?.tokens ?? []).map((token, at) => [
        code(visibleToken(token)),
        ...readings.map(({ surprisal }) => numberText(surprisal[at])),
        ...(name === '' ? [] : means.map((each) => meanText(each[at]))),
      ]),
    );
  }
}

/** Name of a checkpoint in headings. */
function headOf({ step }: CheckpointReading, place: number): string {
  return place === 0 ? l10n.t('A (step {0})', formatCount(step)) : l10n.t('B (step {0})', formatCount(step));
}

function describeSurprisal(readings: readonly CheckpointReading[]): string {
  const means = readings.map(({ surprisal }) => mean(surprisal));
  const [a, b] = means;
  if (a === undefined || b === undefined) return l10n.t('These models do not predict the next token of a passage.');
  return l10n.t(
    'Mean surprisal of the passage: A {0}, B {1} nats per token.',
    a.toFixed(DECIMALS),
    b.toFixed(DECIMALS),
  );
}

/** Mean of the values that exist; undefined without one. */
function mean(values: readonly (number | null)[]): number | undefined {
  const present = values.filter((value) => value !== null);
  return present.length === 0 ? undefined : present.reduce((sum, value) => sum + value, 0) / present.length;
}

function nameOf({
  layer,
  direction,
  activation,
}: Pick<CheckpointReading['activations'][number], 'layer' | 'direction' | 'activation'>): string {
  return `${layer} ${direction} ${activation}`;
}

function numberText(value: number | null | undefined): string {
  return value == null ? '' : value.toFixed(DECIMALS);
}

/** @param mean undefined for a token that the other checkpoint has only, null if a unit is not finite */
function meanText(mean: number | null | undefined): string {
  return mean === undefined ? '' : valueText(mean ?? NaN, DECIMALS);
}
