import * as l10n from '@vscode/l10n';
import { phrase, say, type Text } from '../phrases/phrase.ts';
import { cells, hasField } from './cells.ts';
import type { LayerSummary, ParameterCount } from './layerSummaries.ts';
import { layersOf, torchSurplus, totalOf } from './modelSummary.ts';
import type { ModelConfig, RunConfig } from './schema.ts';
import { type Arrangement, taskOf } from './tasks.ts';
import { torchArguments } from './torchArguments.ts';

/**
 * Describes a model as monospaced text: layers and parameters, a diagram unrolled over time, and the equivalent PyTorch
 * arguments.
 */
export function describeModel(config: Pick<RunConfig, 'task' | 'model' | 'data'>): string {
  const { task, model } = config;
  const { title, arrangement } = taskOf(task);
  const layers = layersOf(config);
  const parts = [
    l10n.t('Task: {0}, {1}', say(title), arrangement),
    layers ? layerTable(layers, say(KNOWN[arrangement])) : describeFamily(model),
    ...(model.family === 'recurrent'
      ? [
          `${l10n.t('Unrolled over time ({0}):', arrangement)}\n\n${DIAGRAMS[arrangement](cellLabel(model))}`,
          torchTable(model),
        ]
      : []),
  ];
  return parts.join('\n\n');
}

function layerTable(layers: readonly LayerSummary[], known: string): string {
  const rows = [
    [l10n.t('layer'), l10n.t('gives'), l10n.t('parameters')],
    ...layers.map(({ name, title = name, shape, parameters }) => [say(title), shape, formatParameterCount(parameters)]),
    [l10n.t('total'), '', formatParameterCount(totalOf(layers))],
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(([name = '', shape = '', count = '']) =>
    `${name.padEnd(widths[0] ?? 0)}  ${shape.padEnd(widths[1] ?? 0)}  ${count}`.trimEnd(),
  );
  return [...lines, known].join('\n');
}

/** Meaning of V and K in parameter counts. */
export const KNOWN: Readonly<Record<Arrangement, Text>> = {
  'many-to-one': phrase('V: vocabulary size, or width of the input vectors. K: number of outputs.'),
  'one-to-many': phrase('V: vocabulary size of inputs and outputs. K: number of labels.'),
  'many-to-many': phrase(
    'V: vocabulary size, or width of the input vectors. K: number of outputs; equal to V in a language model.',
  ),
  delayed: phrase('V: source vocabulary size. K: target vocabulary size.'),
};

/** Formats a parameter count, such as "40,400 + 400 V". */
export function formatParameterCount({ fixed, perInput, perOutput }: ParameterCount): string {
  const number = (value: number) => value.toLocaleString('en');
  const terms = [
    ...(fixed > 0 ? [number(fixed)] : []),
    ...(perInput > 0 ? [`${number(perInput)} V`] : []),
    ...(perOutput > 0 ? [`${number(perOutput)} K`] : []),
  ];
  return terms.join(' + ') || '0';
}

/** Describes the size of a model that is not a network. */
export function describeFamily({ family }: ModelConfig): string {
  return l10n.t('A model of the family {0}: its size is known after the data has been read.', family);
}

function cellLabel({ cell }: ModelConfig): string {
  return cells[cell].title;
}

/**
 * Diagrams of each arrangement, from bottom to top: inputs, the cell at each step with the state in between, outputs.
 */
const DIAGRAMS: Readonly<Record<Arrangement, (cell: string) => string>> = {
  'many-to-one': (cell) => diagram(cell, ['', '', '', 'y'], ['x1', 'x2', '...', 'xT']),
  'one-to-many': (cell) => diagram(cell, ['y1', 'y2', '...', 'yT'], ['label', 'y1', '...', 'yT-1']),
  'many-to-many': (cell) => diagram(cell, ['y1', 'y2', '...', 'yT'], ['x1', 'x2', '...', 'xT']),
  delayed: (cell) => diagram(cell, ['', '', 'y1', 'y2', 'end'], ['x1', 'x2', 'start', 'y1', 'y2']),
};

function diagram(cell: string, answers: readonly string[], inputs: readonly string[]): string {
  const box = `[${cell}]`;
  const gap = ' --> ';
  const column = box.length;
  const centered = (text: string) => {
    const left = Math.max(0, Math.floor((column - text.length) / 2));
    return `${' '.repeat(left)}${text}`.padEnd(column);
  };
  const begin = 'h0 -> ';
  const line = (cells: readonly string[]) =>
    `${' '.repeat(begin.length)}${cells.map(centered).join(' '.repeat(gap.length))}`.trimEnd();
  return [
    line(answers),
    line(answers.map((answer) => (answer === '' ? '' : '^'))),
    `${begin}${inputs.map(() => box).join(gap)}`,
    line(inputs.map(() => '^')),
    line(inputs),
  ].join('\n');
}

/** The fields of a recurrent model as the arguments of `nn.LSTM`, `nn.GRU` or `nn.RNN`. */
function torchTable(model: ModelConfig): string {
  const { title, torch } = cells[model.cell];
  if (!torch) return l10n.t('PyTorch has no layer for the cell {0}.', title);
  const rows = torchArguments(model).map(({ name, value, field, about }) => [
    name,
    value,
    field === null ? about : `${field}: ${about}`,
  ]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map(
    ([argument = '', value = '', about = '']) =>
      `  ${argument.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${about}`,
  );
  const feedsBack =
    hasField(model.cell, 'recurrence') && model.recurrence === 'output'
      ? [
          l10n.t(
            'model.recurrence is "output", for which PyTorch has no layer: the output of the previous step is fed back instead of h.',
          ),
        ]
      : [];
  return [
    l10n.t("Arguments of PyTorch's nn.{0}:", torch),
    ...lines,
    ...feedsBack,
    l10n.t('PyTorch has {0} more parameters: the second biases.', torchSurplus(model).toLocaleString('en')),
  ].join('\n');
}
