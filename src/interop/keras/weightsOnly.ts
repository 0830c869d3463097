import { phrase } from '../../phrases/phrase.ts';
import type { ImportedKind, RecognitionChoices } from '../../config/recognitionChoices.ts';
import type { Hdf5File } from '../hdf5/hdf5File.ts';
import type { LayerConfig } from '../layerList/layerRecord.ts';
import { weightKinds } from '../modelKinds.ts';
import { notRecognized } from '../recognized.ts';

/**
 * The layers of a file `.weights.h5`, which has no structure: by the names of its groups, which are those of classes, and
 * by shapes. An option that changes no shape has the default of Keras, unless it is chosen.
 */

const GROUP = /^layers\/([^/]+?)(?:_(\d+))?\//;
const CELLS: ReadonlyMap<string, string> = new Map([
  ['lstm', 'LSTM'],
  ['gru', 'GRU'],
  ['simple_rnn', 'SimpleRNN'],
]);
const GATES: ReadonlyMap<number, string> = new Map([
  [4, 'LSTM'],
  [3, 'GRU'],
  [1, 'SimpleRNN'],
]);
/** Groups of layers that are read first and last. */
const BEFORE: ReadonlySet<string> = new Set(['embedding']);
/** Kinds with an output at each step. */
const STEPWISE: ReadonlySet<ImportedKind> = new Set(['language-model', 'tagger']);
const AFTER: ReadonlySet<string> = new Set(['dense', 'time_distributed']);

/** The layers of a file without a structure. */
export interface LayersByShapes {
  readonly layers: readonly LayerConfig[];
  /** What the model is for: as chosen, or the most likely of those that fit. */
  readonly kind: ImportedKind;
  /** What it can be for, the most likely first; what is chosen. */
  readonly kinds: readonly ImportedKind[];
}

/** @throws UnusableError that names a group of a layer that is not known, or tells what is missing */
export function layersByShapes(file: Hdf5File, name: string, choices: RecognitionChoices): LayersByShapes {
  const { activation = 'tanh', pooling = 'last' } = choices;
  const groups = new Map<string, { readonly kind: string; readonly number: number }>();
  for (const path of file.datasets.keys()) {
    const [, kind = '', number = '0'] = GROUP.exec(path) ?? [];
    if (kind === '' || path.includes('/seed_generator/')) continue;
    groups.set(number === '0' ? kind : `${kind}_${number}`, { kind, number: Number(number) });
  }
  const place = ({ kind }: { readonly kind: string }) => (BEFORE.has(kind) ? 0 : AFTER.has(kind) ? 2 : 1);
  const ordered = [...groups.values()].sort((a, b) => place(a) - place(b) || a.number - b.number);
  const recurrent = ordered.filter((group) => place(group) === 1);
  if (recurrent.length === 0)
    throw notRecognized(
      name,
      phrase(
        'it has no groups of weights such as layers/lstm. Save the whole model with model.save; the weights of Keras 1 and 2 alone have no structure',
      ),
    );
  const last = recurrent.at(-1);
  const tokens = file.datasets.get('layers/embedding/vars/0')?.shape[0];
  const width = file.datasets.get(`layers/${groupName(recurrent[0]!)}/cell/vars/0`)?.shape[0];
  const output = ordered.at(-1);
  const isTimed = output?.kind === 'time_distributed';
  const outputs = output && file.datasets.get(`layers/${groupName(output)}/${isTimed ? 'layer/' : ''}vars/0`)?.shape[1];
  const fits =
    outputs !== undefined &&
    outputs > 1 &&
    outputs === (tokens ?? width) &&
    pooling === 'last' &&
    recurrent.every((group) => group.kind !== 'bidirectional');
  const isPossible = (kind: ImportedKind) =>
    isTimed ? STEPWISE.has(kind) : pooling === 'last' || kind === 'classifier';
  const kinds =
    choices.kind === undefined
      ? weightKinds({ isLanguageModel: fits, embeds: tokens !== undefined, outputs: outputs ?? 0 }).filter(isPossible)
      : [choices.kind];
  const [kind = 'classifier'] = kinds;
  const isStepwise = STEPWISE.has(kind);
  if (isTimed && !isStepwise)
    throw notRecognized(
      name,
      phrase(
        'its group "{0}" has an output at each step, which the kind "{1}" has not',
        `layers/${groupName(output)}`,
        kind,
      ),
    );
  if (pooling !== 'last' && kind !== 'classifier')
    throw notRecognized(name, phrase('the pooling is that of a classifier, and the kind is "{0}". Omit it', kind));
  const layers = ordered.flatMap((group): LayerConfig[] => {
    const own = groupName(group);
    const plain = (className: string, config: LayerConfig['config']): LayerConfig => ({
      className,
      name: own,
      module: '',
      config,
    });
    if (group.kind === 'embedding') return [plain('Embedding', {})];
    if (group.kind === 'time_distributed') {
      const inner = { class_name: 'Dense', config: denseConfig(file, `${own}/layer`) };
      return [plain('TimeDistributed', { layer: inner })];
    }
    if (group.kind === 'dense') {
      // Nothing tells how the outputs end.
      const answer = kind === 'forecaster' ? 'linear' : outputs === 1 ? 'sigmoid' : 'softmax';
      return [plain('Dense', { ...denseConfig(file, own), activation: answer })];
    }
    const sequences = group !== last || pooling !== 'last' || isStepwise;
    const pooled =
      group === last && pooling !== 'last'
        ? [{ ...plain(pooling === 'mean' ? 'GlobalAveragePooling1D' : 'GlobalMaxPooling1D', {}), name: 'pooling' }]
        : [];
    const both = group.kind === 'bidirectional';
    const cell = cellConfig(file, both ? `${own}/forward_layer` : own, name);
    const className = CELLS.get(group.kind) ?? cell?.className;
    if (!cell || className === undefined || cell.className !== className)
      throw notRecognized(name, phrase('its group "{0}" is that of a layer that is not known', `layers/${own}`));
    const config = {
      ...cell.config,
      return_sequences: sequences,
      ...(className === 'SimpleRNN' && { activation }),
    };
    return [
      both ? plain('Bidirectional', { layer: { class_name: className, config } }) : plain(className, config),
      ...pooled,
    ];
  });
  return { layers, kind, kinds };
}

function groupName({ kind, number }: { readonly kind: string; readonly number: number }): string {
  return number === 0 ? kind : `${kind}_${number}`;
}

function denseConfig(file: Hdf5File, group: string) {
  return { use_bias: file.datasets.has(`layers/${group}/vars/1`) };
}

/** The class of a cell by the shapes of its weights, and its options; undefined if it has none. */
function cellConfig(file: Hdf5File, group: string, name: string) {
  const recurrent = file.datasets.get(`layers/${group}/cell/vars/1`);
  if (!recurrent) return undefined;
  const [units = 0, columns = 0] = recurrent.shape;
  const className = GATES.get(columns / units);
  if (className === undefined)
    throw notRecognized(
      name,
      phrase('"{0}" is [{1}], as of no LSTM, GRU or SimpleRNN', recurrent.path, recurrent.shape.join(', ')),
    );
  const bias = file.datasets.get(`layers/${group}/cell/vars/2`);
  // Without a bias, nothing tells where a GRU applies its reset gate.
  const resetAfter = !bias || bias.shape.length === 2;
  return { className, config: { units, use_bias: bias !== undefined, reset_after: resetAfter } };
}
