import * as l10n from '@vscode/l10n';
import { h, setText } from '../../dom.ts';
import type { Probe } from '../../../src/protocol/probes.ts';
import { describeGlobalNorm, parameterRows, type Measured } from './parameterRows.ts';
import { headingWithHelp } from '../../help.ts';

const ABOUT = l10n.t(
  'Gradient norm of each parameter, and size of the last update relative to the weights. A ratio of about 0.001 is typical: much less learns slowly, much more is unstable.',
);

const HEADS = [l10n.t('Parameter'), l10n.t('Gradient norm'), l10n.t('Weight norm'), l10n.t('Update / weight')];

/** Table of the gradient norm, weight norm and update ratio of every parameter. */
export class ParameterTable {
  readonly element: HTMLElement;
  readonly #sentence = h('p', { class: 'verdict' });
  readonly #body = h('tbody');

  constructor() {
    const heads = HEADS.map((head) => h('th', { scope: 'col' }, head));
    const table = h('table', { class: 'parameters' }, h('thead', {}, h('tr', {}, ...heads)), this.#body);
    this.element = h(
      'section',
      { class: 'block', 'aria-label': l10n.t('Parameters') },
      headingWithHelp(h('h2', {}, l10n.t('Parameters')), 'updateRatio'),
      h('p', { class: 'about' }, ABOUT),
      this.#sentence,
      h(
        'div',
        { class: 'wide', role: 'region', tabindex: '0', 'aria-label': l10n.t('Table of the parameters') },
        table,
      ),
    );
  }

  show(probe: Probe): void {
    setText(this.#sentence, describeGlobalNorm(probe));
    this.#body.replaceChildren(
      ...parameterRows(probe.parameters).map(({ name, gradientNorm, weightNorm, updateRatio }) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row', translate: 'no' }, name),
          ...[gradientNorm, weightNorm, updateRatio].map(cell),
        ),
      ),
    );
  }
}

function cell({ text, bar }: Measured): HTMLTableCellElement {
  const made = h('td', {}, text);
  if (bar === null) return made;
  const filled = h('span', { class: 'bar', 'aria-hidden': 'true' });
  filled.style.width = `${(100 * bar).toFixed(1)}%`;
  made.append(h('span', { class: 'bar-place' }, filled));
  return made;
}
