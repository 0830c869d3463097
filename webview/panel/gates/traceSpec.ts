import { activationName, type ActivationName } from '../../../src/protocol/probes.ts';
import { activationNames } from '../../../src/protocol/activationNames.ts';
import type { ChartSpec, ColorName } from '../../charts/spec.ts';

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

/** Chart of one unit's activations over the tokens of the text. */
export function traceSpec(names: readonly ActivationName[]): ChartSpec {
  return {
    id: 'unitTraces',
    title: 'Traces of the unit',
    xName: 'token',
    unit: 'over the characters shown',
    lines: activationName.options
      .filter((name) => names.includes(name))
      .map((name) => ({
        key: name,
        label: `${activationNames[name].symbol} ${activationNames[name].name}`,
        ...STYLES[name],
        smoothable: false,
      })),
    defaults: { logarithmic: false, smoothing: 0, range: 'full', table: false },
    describe: (value) => value.toFixed(3),
  };
}
