import * as l10n from '@vscode/l10n';
import { isSigmoid } from '../../../src/config/cells.ts';
import { activationName, type ActivationName } from '../../../src/protocol/probes.ts';
import { activationNames } from '../../../src/protocol/activationNames.ts';
import type { ChartSpec, ColorName, LinkedChart, Reference } from '../../charts/spec.ts';
import { say } from '../../../src/phrases/phrase.ts';

/** Gate values beyond which a gate counts as closed or open, as in the statistics of saturation. */
const CLOSED = 0.1;
export const OPEN = 0.9;

/** Line styles: gates are dashed, states solid. */
const STYLES: Readonly<Record<ActivationName, { readonly color: ColorName; readonly dash: readonly number[] }>> = {
  input: { color: 'green', dash: [2, 3] },
  forget: { color: 'purple', dash: [6, 4] },
  candidate: { color: 'yellow', dash: [8, 3, 2, 3] },
  output: { color: 'orange', dash: [10, 4] },
  update: { color: 'purple', dash: [6, 4] },
  reset: { color: 'orange', dash: [2, 3] },
  cellState: { color: 'red', dash: [] },
  hidden: { color: 'blue', dash: [] },
};

interface TraceGroup {
  readonly id: string;
  readonly title: () => string;
  readonly about: () => string;
  readonly holds: (name: ActivationName) => boolean;
  readonly range: ChartSpec['defaults']['range'];
  readonly references: () => readonly Reference[];
}

/** Charts of a unit. Each has its own y axis, because a cell state of 30 would flatten the gates. */
const GROUPS: readonly TraceGroup[] = [
  {
    id: 'unitGates',
    title: () => l10n.t('Gates of the unit'),
    about: () => l10n.t('A gate near 1 lets its input pass; a gate near 0 blocks it.'),
    holds: isSigmoid,
    range: { min: 0, max: 1 },
    references: () => [
      { label: l10n.t('open above'), value: OPEN },
      { label: l10n.t('closed below'), value: CLOSED },
    ],
  },
  {
    id: 'unitCellState',
    title: () => l10n.t('Cell state of the unit'),
    about: () => l10n.t('The memory of the unit. It has no limits.'),
    holds: (name) => name === 'cellState',
    range: 'full',
    references: () => [],
  },
  {
    id: 'unitOutputs',
    title: () => l10n.t('Candidate and hidden state of the unit'),
    about: () => l10n.t('What a step offers to store, and what the unit passes on.'),
    holds: (name) => !isSigmoid(name) && name !== 'cellState',
    range: 'full',
    references: () => [],
  },
];

/** Charts of the activations of one unit of a cell with these activations. All have the same x axis. */
export function traceCharts(names: readonly ActivationName[]): LinkedChart[] {
  return GROUPS.flatMap((group) => {
    const shown = activationName.options.filter((name) => names.includes(name) && group.holds(name));
    if (shown.length === 0) return [];
    const spec: ChartSpec = {
      id: group.id,
      title: titleOf(group, shown),
      about: group.about(),
      xName: 'token',
      unit: '',
      lines: shown.map((name) => ({
        key: name,
        label: `${activationNames[name].symbol} ${say(activationNames[name].name)}`,
        ...STYLES[name],
        smoothable: false,
      })),
      defaults: { logarithmic: false, smoothing: 0, range: group.range, table: false },
      describe: (value) => value.toFixed(3),
    };
    return [{ spec, references: group.references() }];
  });
}

/** Title of a chart: the name of its only activation, or that of the group. */
function titleOf(group: TraceGroup, [first, ...others]: readonly ActivationName[]): string {
  return first === undefined || others.length > 0
    ? group.title()
    : l10n.t('{0} of the unit', capitalized(say(activationNames[first].name)));
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
