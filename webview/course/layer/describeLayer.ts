import * as l10n from '@vscode/l10n';
import { recurrentLayers } from '../../../src/config/layerSummaries.ts';
import { torchSurplus, totalOf } from '../../../src/config/modelSummary.ts';
import {
  countOf,
  type Dimension,
  hiddenWidth,
  type LstmTensor,
  lstmShapes,
  lstmWeights,
  type TorchLstm,
} from '../../../src/config/torchLstm.ts';
import type { ReportBlock } from '../../../src/protocol/report.ts';
import { formatCount } from '../../charts/number.ts';
import { type LayerInput, modelOf, torchLstm } from './layerInput.ts';

const DIMENSIONS: Readonly<Record<Dimension, () => string>> = {
  timeSteps: () => l10n.t('steps'),
  batch: () => l10n.t('sequences'),
  inputs: () => l10n.t('inputs'),
  outputs: () => l10n.t('outputs'),
  states: () => l10n.t('states'),
  hidden: () => l10n.t('hidden'),
  cell: () => l10n.t('cells'),
};

/** Name of a dimension on screen. */
export function dimensionName(name: Dimension): string {
  return DIMENSIONS[name]();
}

/** What a tensor contains, in a sentence. */
export function describeTensor(name: LstmTensor, { sizes, switches }: LayerInput): string {
  const { bidirectional } = switches;
  switch (name) {
    case 'input':
      return l10n.t('A vector of {0} numbers for each step of each sequence.', sizes.inputSize);
    case 'output':
      return bidirectional
        ? l10n.t('Hidden states of the top layer at each step, both directions side by side.')
        : l10n.t('Hidden state of the top layer at each step.');
    case 'h_n':
      return bidirectional
        ? l10n.t('Last hidden state of each layer and direction; that of the backward direction is at the first step.')
        : l10n.t('Hidden state of each layer after the last step.');
    case 'c_n':
      return l10n.t('Cell states in the same order. A projection does not change their width.');
  }
}

/** The weights with their shapes and numbers of parameters. */
export function weightTable(lstm: TorchLstm): Extract<ReportBlock, { kind: 'table' }> {
  const weights = lstmWeights(lstm);
  return {
    kind: 'table',
    title: l10n.t('Weights in PyTorch'),
    columns: [l10n.t('weight'), l10n.t('shape'), l10n.t('parameters')],
    rows: [
      ...weights.map((weight) => [weight.name, weight.shape.join(' x '), countOf([weight])]),
      [l10n.t('total'), '', countOf(weights)],
    ],
    note: l10n.t('The four gates i, f, g and o are stacked in the first dimension, so it is 4 x hidden_size.'),
  };
}

/** What the shapes say, with their numbers. */
export function describeLayer(input: LayerInput): string[] {
  const { sizes, switches } = input;
  const lstm = torchLstm(input);
  const model = modelOf(input);
  const here = totalOf(recurrentLayers(model, { reads: 'tokens' })).fixed;
  const surplus = torchSurplus(model);
  const shapes = lstmShapes(lstm, sizes);
  const shapeOf = (name: LstmTensor) => shapes[name].map(({ size }) => size).join(', ');
  return [
    l10n.t('output has the shape ({0}), h_n ({1}) and c_n ({2}).', shapeOf('output'), shapeOf('h_n'), shapeOf('c_n')),
    surplus > 0
      ? l10n.t(
          'The layer has {0} parameters in PyTorch and {1} here: PyTorch stores {2} second biases, which are added to the first ones.',
          formatCount(here + surplus),
          formatCount(here),
          formatCount(surplus),
        )
      : l10n.t('The layer has {0} parameters, in PyTorch and here.', formatCount(here)),
    ...(sizes.dropout > 0 && sizes.layers === 1
      ? [l10n.t('dropout has no effect: it acts between layers, and there is one layer.')]
      : []),
    ...(switches.bidirectional
      ? [
          l10n.t(
            'A step of the output has {0} numbers: {1} for each direction.',
            2 * hiddenWidth(lstm),
            hiddenWidth(lstm),
          ),
        ]
      : []),
    ...(sizes.projSize > 0
      ? [
          l10n.t(
            'The hidden state is projected from {0} to {1} numbers before it is fed back and read by the next layer; the cell state keeps {0}.',
            sizes.hiddenSize,
            sizes.projSize,
          ),
        ]
      : []),
  ];
}
