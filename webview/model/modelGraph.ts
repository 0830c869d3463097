import * as l10n from '@vscode/l10n';
import { cells, hasField } from '../../src/config/cells.ts';
import { formatParameterCount } from '../../src/config/describeModel.ts';
import type { LayerSummary } from '../../src/config/layerSummaries.ts';
import { layersOf } from '../../src/config/modelSummary.ts';
import type { RunConfig } from '../../src/config/schema.ts';
import { type Arrangement, tasks } from '../../src/config/tasks.ts';
import { say } from '../../src/phrases/phrase.ts';

/** Fields of a configuration that determine the picture of its model. */
export interface PicturedModel {
  readonly task: { readonly name: RunConfig['task']['name'] };
  readonly model: RunConfig['model'];
}

/**
 * How a layer is drawn: a box at each step, with states between the steps; a box at each step; one box over all steps; one
 * box over the last step; or a box before the first step, which gives the initial states.
 */
type Extent = 'recurrent' | 'steps' | 'all' | 'last' | 'before';

/** A layer of the picture. */
export interface GraphLayer {
  readonly name: string;
  /** Name on screen. */
  readonly title: string;
  readonly shape: string;
  readonly parameters: string;
  readonly extent: Extent;
}

/** A part of the picture with its own steps, such as an encoder. */
export interface GraphPart {
  /** Inputs and outputs of the first, the second and the last step; empty for none. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Layers from the input up. Layers of one inner list are beside each other. */
  readonly rows: readonly (readonly GraphLayer[])[];
  /** Whether its recurrent layers read in both directions. */
  readonly bidirectional: boolean;
}

/** A model unrolled over time. The last states of a part are the first states of the next one. */
export interface ModelGraph {
  readonly parts: readonly GraphPart[];
  /** Title of the cell, such as "LSTM", and its states, such as "h, c". */
  readonly cell: string;
  readonly states: string;
  /** True if a step reads the output of the previous one rather than its state. */
  readonly feedsOutputs: boolean;
}

const STEPS = ['x1', 'x2', 'xT'];
const ANSWERS = ['y1', 'y2', 'yT'];

/** Inputs and outputs of the steps of the last part of each arrangement. */
const ENDS: Readonly<Record<Arrangement, Pick<GraphPart, 'inputs' | 'outputs'>>> = {
  'many-to-many': { inputs: STEPS, outputs: ANSWERS },
  'many-to-one': { inputs: STEPS, outputs: ['', '', 'y'] },
  'one-to-many': { inputs: ['y0', 'y1', 'yT-1'], outputs: ANSWERS },
  delayed: { inputs: [l10n.t('start'), 'y1', 'yU-1'], outputs: ['y1', 'y2', 'yU'] },
};

/** The graph of a model; undefined for a model that is not a network. */
export function modelGraph(config: PicturedModel): ModelGraph | undefined {
  const { model } = config;
  const layers = layersOf(config);
  if (!layers) return undefined;
  const { arrangement } = tasks[config.task.name];
  const feedsOutputs =
    model.family === 'recurrent' && hasField(model.cell, 'recurrence') && model.recurrence === 'output';
  // A step that reads the output of the previous one needs it at every step.
  const answersOnce = arrangement === 'many-to-one' && !feedsOutputs;
  const drawn = layers.map((layer) => graphLayer(layer, answersOnce));
  const isEncoder = ({ name }: GraphLayer) => /^(?:bidirectional )?encoder_|^bridge$/.test(name);
  const encoder = drawn.filter(isEncoder);
  const ends = ENDS[arrangement];
  const decoder = rowsOf(drawn.filter((layer) => !isEncoder(layer)));
  return {
    parts: [
      ...(encoder.length > 0
        ? [{ inputs: STEPS, outputs: ['', '', ''], rows: rowsOf(encoder), bidirectional: model.bidirectional }]
        : []),
      { ...ends, rows: decoder, bidirectional: model.bidirectional && encoder.length === 0 },
    ],
    cell: cells[model.cell].title,
    states: cells[model.cell].states.join(', '),
    feedsOutputs,
  };
}

/** Convolutions read the same input, beside each other; every other layer reads the one before. */
function rowsOf(layers: readonly GraphLayer[]): GraphLayer[][] {
  const rows: GraphLayer[][] = [];
  for (const layer of layers) {
    const last = rows.at(-1);
    if (isConvolution(layer) && last?.every(isConvolution)) last.push(layer);
    else rows.push([layer]);
  }
  return rows;
}

function isConvolution({ name }: GraphLayer): boolean {
  return name.startsWith('convolution');
}

function graphLayer({ name, title = name, shape, parameters }: LayerSummary, answersOnce: boolean): GraphLayer {
  const once = !shape.includes('timeSteps');
  return {
    name,
    title: say(title),
    shape,
    parameters: l10n.t('{0} parameters', formatParameterCount(parameters)),
    extent: extentOf(name, once && answersOnce),
  };
}

function extentOf(name: string, once: boolean): Extent {
  if (name.startsWith('initial states')) return 'before';
  if (name === 'bridge') return 'last';
  if (/^pooling|^convolution/.test(name)) return 'all';
  if (/(?:^|[ _])(?:lstm|gru|rnn)_\d+$/.test(name)) return 'recurrent';
  return once ? 'last' : 'steps';
}

/** A sentence for screen readers; the table of the layers has the details. */
export function describeGraph({ parts, cell, states }: ModelGraph): string {
  const [first, ...others] = parts;
  const layers = parts.flatMap(({ rows }) => rows.flat());
  const recurrent = layers.filter(({ extent }) => extent === 'recurrent').length;
  return [
    l10n.t('Drawing of the model: {0} layers from the input up, {1} of them recurrent.', layers.length, recurrent),
    ...(recurrent > 0
      ? [
          !first?.bidirectional
            ? l10n.t('Each {0} passes {1} from step to step.', cell, states)
            : others.length > 0
              ? l10n.t('Each {0} passes {1} from step to step, in the encoder in both directions.', cell, states)
              : l10n.t('Each {0} passes {1} from step to step in both directions.', cell, states),
        ]
      : []),
    ...(parts.length > 1 ? [l10n.t('The last states of the encoder are the first ones of the decoder.')] : []),
    l10n.t('The table has the shape and the parameters of each layer.'),
  ].join(' ');
}
