import * as l10n from '@vscode/l10n';
import { biasRows, cells, hasField } from './cells.ts';
import type { ModelConfig } from './schema.ts';

/** An argument of `nn.LSTM`, `nn.GRU` or `nn.RNN`, and what sets it here. */
export interface TorchArgument {
  /** Name in PyTorch. */
  readonly name: string;
  /** Field of the configuration; null if the argument cannot be changed here. */
  readonly field: string | null;
  /** Value in Python. */
  readonly value: string;
  /** What the argument does here. */
  readonly about: string;
}

/** The fields of a recurrent model as the arguments of PyTorch's layer of its cell. */
export function torchArguments(model: ModelConfig): TorchArgument[] {
  const python = (value: boolean) => (value ? 'True' : 'False');
  return [
    {
      name: 'input_size',
      field: 'model.embedding',
      value: model.embedding > 0 ? String(model.embedding) : 'V',
      about: l10n.t('Width of the input of a step: the embedding of a token, or V for one-hot tokens.'),
    },
    {
      name: 'hidden_size',
      field: 'model.units',
      value: String(model.units),
      about: l10n.t('Size of the hidden state h, and of the cell state c of an LSTM.'),
    },
    {
      name: 'num_layers',
      field: 'model.layers',
      value: String(model.layers),
      about: l10n.t('Stacked layers; each reads the hidden states of the previous one.'),
    },
    { name: 'bias', field: 'model.bias', value: python(model.bias), about: describeBias(model) },
    {
      name: 'batch_first',
      field: null,
      value: 'False',
      about: l10n.t('Order of the dimensions. Here tensors are always time-major: time steps, batch, width.'),
    },
    {
      name: 'dropout',
      field: 'model.dropout',
      value: String(model.dropout),
      about: l10n.t('Rate at which values between the layers are dropped in training.'),
    },
    {
      name: 'bidirectional',
      field: 'model.bidirectional',
      value: python(model.bidirectional),
      about: l10n.t('A second {0} reads from the end; both states are concatenated.', cells[model.cell].title),
    },
    ...(hasField(model.cell, 'projection')
      ? [
          {
            name: 'proj_size',
            field: 'model.projection',
            value: String(model.projection),
            about: l10n.t('Width to which h is projected; 0 means no projection.'),
          },
        ]
      : []),
  ];
}

function describeBias(model: ModelConfig): string {
  return biasRows(model.cell, model) === 2
    ? l10n.t('Biases of the gates. PyTorch has two for each gate, as does this GRU.')
    : l10n.t('Biases of the gates. PyTorch has two for each gate and adds them; here there is one.');
}
