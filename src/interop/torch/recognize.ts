import { CELL_NAMES, type CellName, cells } from '../../config/cells.ts';
import type { NamedTensor } from '../../models/weights.ts';
import type { RecognitionChoices } from '../../config/recognitionChoices.ts';
import { UnusableError } from '../../phrases/causes.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import type { PortableShape } from '../portable.ts';
import { AmbiguousError, notRecognized, type Recognized } from '../recognized.ts';
import { fromStateDict } from './stateDict.ts';

/** A matrix `[rows, columns]` of a module, and its bias. */
interface Dense {
  readonly module: string;
  readonly weight: NamedTensor;
  readonly bias: NamedTensor | undefined;
}

/** Weights of one recurrent module by the names that `nn.LSTM` gives them. */
interface RecurrentModule {
  readonly module: string;
  readonly weights: ReadonlyMap<string, NamedTensor>;
}

/** Prefixes that data parallelism and `torch.compile` add to every name. */
const WRAPPERS = /^(?:(?:module|_orig_mod)\.)+/;
const RECURRENT = /^(?:(.*)\.)?((?:weight|bias)_(?:ih|hh|hr))(?:_(l\d+(?:_reverse)?))?$/;

/**
 * Recognizes a model of `nn.LSTM`, `nn.GRU` or `nn.RNN`, with `nn.Embedding` before and `nn.Linear` after it, in a
 * `state_dict`.
 * @param name name of the file, for errors
 * @throws UnusableError that names the module that is missing, unknown or ambiguous, and what to choose
 */
export function recognizeTorch(
  stateDict: readonly NamedTensor[],
  name: string,
  choices: RecognitionChoices = {},
): Recognized {
  const tensors = stateDict.map((tensor) => ({ ...tensor, name: tensor.name.replace(WRAPPERS, '') }));
  const { recurrent, others } = separated(tensors);
  const module = chosenRecurrent(recurrent, name, choices.recurrent);
  const first = weightOf(module, 'weight_ih_l0', name);
  const hidden = weightOf(module, 'weight_hh_l0', name);
  const projected = module.weights.get('weight_hr_l0');
  const projection = projected?.shape[0] ?? 0;
  const units = projected ? (projected.shape[1] ?? 0) : (hidden.shape[1] ?? 0);
  const [rows = 0, width = 0] = first.shape;
  const cell = CELL_NAMES.find((each) => cells[each].gates === rows / units);
  if (!cell)
    throw notRecognized(
      name,
      phrase('"{0}" has {1} rows for {2} units, as no LSTM, GRU or RNN', `${module.module}.weight_ih_l0`, rows, units),
    );
  const layers = layerCount(module);
  const bidirectional = module.weights.has('weight_ih_l0_reverse');
  const dense = denseOf(others);
  const outputWidth = (bidirectional ? 2 : 1) * (projection || units);
  const embedding = embeddingOf(dense, others, width);
  const output = chosenOutput(
    dense.filter((each) => each !== embedding),
    { name, width: outputWidth, chosen: choices.output },
  );
  // What could have been the output, too, is left out by choice.
  const unread = choices.output === undefined ? [] : dense.filter((each) => each.weight.shape[1] === outputWidth);
  const used = new Set([embedding, output, ...unread].map((each) => each?.module));
  const left = others.filter((tensor) => !used.has(moduleOf(tensor.name)));
  if (left.length > 0)
    throw notRecognized(
      name,
      phrase('it has layers that are not known: {0}', left.map((tensor) => tensor.name).join(', ')),
    );
  const inputs = embedding?.weight.shape[0] ?? width;
  const [weight, constant] = classesOf(output);
  const outputs = weight.shape[0] ?? 0;
  const bias = module.weights.has('bias_ih_l0');
  const isLanguageModel = inputs === outputs && !bidirectional;
  refuseUnused(choices, { name, cell, isLanguageModel });
  const shape: PortableShape = {
    network: isLanguageModel ? 'every-step' : 'last-step',
    ...{ cell, layers, units, bidirectional, bias, projection },
    activation: choices.activation ?? 'tanh',
    recurrence: 'hidden',
    resetAfter: cell === 'gru',
    embedding: embedding ? width : 0,
    inputKind: 'ids',
    ...{ inputs, outputs },
    ...{ pooling: choices.pooling ?? 'last', attention: 'none', tied: false, labels: 0 },
  };
  const renamed = [
    ...[...module.weights].map(([key, tensor]) => ({ ...tensor, name: `${cell}.${key}` })),
    ...(embedding ? [{ ...embedding.weight, name: 'embedding.weight' }] : []),
    { ...weight, name: 'dense.weight' },
    { ...constant, name: 'dense.bias' },
  ];
  checkShapes(shape, renamed, name);
  return { shape, tensors: fromStateDict(shape, renamed), found: describe(shape, { module, embedding, output }) };
}

/**
 * The weights and the bias of the output layer. A single output is the logit of the second of two classes: the softmax of
 * 0 and of it is its sigmoid.
 */
function classesOf({ weight, bias }: Dense): readonly [weight: NamedTensor, bias: NamedTensor] {
  const [outputs = 0, width = 0] = weight.shape;
  const constant = bias ?? { name: '', shape: [outputs], values: new Float32Array(outputs) };
  if (outputs !== 1) return [weight, constant];
  const values = new Float32Array(2 * width);
  values.set(weight.values, width);
  return [
    { ...weight, shape: [2, width], values },
    { ...constant, shape: [2], values: Float32Array.of(0, constant.values[0] ?? 0) },
  ];
}

/** @throws UnusableError for a choice that does not apply to the model */
function refuseUnused(
  { activation, pooling }: RecognitionChoices,
  {
    name,
    cell,
    isLanguageModel,
  }: { readonly name: string; readonly cell: CellName; readonly isLanguageModel: boolean },
): void {
  if (activation !== undefined && cell !== 'rnn')
    throw new UnusableError(phrase('"{0}" is a model of {1}, which has no choice of an activation.', name, cell));
  if (pooling !== undefined && isLanguageModel)
    throw new UnusableError(phrase('"{0}" is a language model, which has no choice of a pooling.', name));
}

function separated(tensors: readonly NamedTensor[]): {
  readonly recurrent: readonly RecurrentModule[];
  readonly others: readonly NamedTensor[];
} {
  const modules = new Map<string, Map<string, NamedTensor>>();
  const others: NamedTensor[] = [];
  for (const tensor of tensors) {
    const [, module = '', part, layer = 'l0'] = RECURRENT.exec(tensor.name) ?? [];
    if (part === undefined) {
      others.push(tensor);
      continue;
    }
    const weights = modules.get(module) ?? new Map<string, NamedTensor>();
    modules.set(module, weights);
    weights.set(`${part}_${layer}`, tensor);
  }
  return { recurrent: [...modules].map(([module, weights]) => ({ module, weights })), others };
}

function chosenRecurrent(
  modules: readonly RecurrentModule[],
  name: string,
  chosen: string | undefined,
): RecurrentModule {
  const found = chosen === undefined ? modules : modules.filter(({ module }) => module === chosen);
  const [only, ...more] = found;
  if (!only)
    throw notRecognized(
      name,
      chosen === undefined
        ? phrase('it has no weights of nn.LSTM, nn.GRU or nn.RNN (weight_ih_l0)')
        : phrase('it has no recurrent module "{0}"', chosen),
    );
  if (more.length === 0) return only;
  const stacked = areNumbered(found) ? stackedModule(found) : undefined;
  if (stacked) return stacked;
  const modulesFound = found.map(({ module }) => module);
  throw new AmbiguousError(
    phrase(
      '"{0}" has several recurrent modules that are no stack: {1}. Choose one with --recurrent.',
      name,
      modulesFound.join(', '),
    ),
    'recurrent',
    modulesFound,
  );
}

/** Whether the names of modules differ in a number that counts up, such as `rnn1` and `rnn2`, or `cells.0` and `cells.1`. */
function areNumbered(modules: readonly RecurrentModule[]): boolean {
  const names = modules.map(({ module }) => /^(.*?)(\d+)(\D*)$/.exec(module) ?? []);
  const [, stem, first, end] = names[0] ?? [];
  return names.every(
    ([, own, number, rest], place) => own === stem && rest === end && Number(number) === Number(first) + place,
  );
}

/** Modules of one layer each, of which each reads the one before, as one module of several layers. */
function stackedModule(modules: readonly RecurrentModule[]): RecurrentModule | undefined {
  const weights = new Map<string, NamedTensor>();
  const [first] = modules;
  const hidden = first?.weights.get('weight_hh_l0')?.shape.join();
  const bidirectional = first?.weights.has('weight_ih_l0_reverse') ?? false;
  for (const [layer, { weights: own }] of modules.entries()) {
    const read = own.get('weight_ih_l0')?.shape[1];
    const before = (bidirectional ? 2 : 1) * (modules[0]?.weights.get('weight_hh_l0')?.shape[1] ?? 0);
    if (layerCount({ module: '', weights: own }) !== 1 || own.get('weight_hh_l0')?.shape.join() !== hidden)
      return undefined;
    if ((layer > 0 && read !== before) || own.has('weight_ih_l0_reverse') !== bidirectional) return undefined;
    for (const [key, tensor] of own) weights.set(key.replace('_l0', `_l${layer}`), tensor);
  }
  return { module: modules.map(({ module }) => module).join(', '), weights };
}

function layerCount({ weights }: RecurrentModule): number {
  let layers = 0;
  while (weights.has(`weight_ih_l${layers}`)) layers++;
  return layers;
}

function weightOf({ module, weights }: RecurrentModule, key: string, name: string): NamedTensor {
  const tensor = weights.get(key);
  if (tensor?.shape.length === 2) return tensor;
  throw notRecognized(name, phrase('the matrix "{0}" is missing', module === '' ? key : `${module}.${key}`));
}

/** The matrices that are no recurrent weights, in the order of the file. */
function denseOf(tensors: readonly NamedTensor[]): Dense[] {
  return tensors
    .filter((tensor) => /(?:^|\.)weight$/.test(tensor.name) && tensor.shape.length === 2)
    .map((weight) => {
      const module = moduleOf(weight.name);
      return {
        module,
        weight,
        bias: tensors.find((tensor) => tensor.name === (module === '' ? 'bias' : `${module}.bias`)),
      };
    });
}

function moduleOf(tensor: string): string {
  return tensor.includes('.') ? tensor.slice(0, tensor.lastIndexOf('.')) : '';
}

/** The embedding: a matrix without a bias whose rows are as wide as the inputs; by its name or its place if several are. */
function embeddingOf(dense: readonly Dense[], others: readonly NamedTensor[], width: number): Dense | undefined {
  const fitting = dense.filter(({ weight, bias }) => weight.shape[1] === width && !bias);
  const named = fitting.find(({ module }) => /emb/i.test(module));
  if (named) return named;
  // Without a name, a matrix is an embedding only if another one is the output.
  const [first] = fitting;
  return first && others.indexOf(first.weight) === 0 && dense.length > 1 ? first : undefined;
}

function chosenOutput(
  dense: readonly Dense[],
  { name, width, chosen }: { readonly name: string; readonly width: number; readonly chosen: string | undefined },
): Dense {
  const fitting = dense.filter(({ weight }) => weight.shape[1] === width);
  const found = chosen === undefined ? fitting : fitting.filter(({ module }) => module === chosen);
  const [only, ...more] = found;
  if (!only)
    throw notRecognized(
      name,
      chosen === undefined
        ? phrase('it has no nn.Linear that reads {0} numbers, the width of the recurrent layers', width)
        : phrase('"{0}" is no nn.Linear that reads {1} numbers', chosen, width),
    );
  if (more.length === 0) return only;
  const modules = found.map(({ module }) => module);
  throw new AmbiguousError(
    phrase(
      '"{0}" has several layers that could be its output: {1}. Choose one with --output.',
      name,
      modules.join(', '),
    ),
    'output',
    modules,
  );
}

/** Compares the shapes of the weights of every layer with those that the first ones lead to. */
function checkShapes(shape: PortableShape, tensors: readonly NamedTensor[], name: string): void {
  const { cell, layers, units, bidirectional, projection, bias } = shape;
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const { gates } = cells[cell];
  const hidden = projection || units;
  const first = byName.get(`${cell}.weight_ih_l0`)?.shape[1] ?? 0;
  for (let layer = 0; layer < layers; layer++) {
    for (const direction of bidirectional ? ['', '_reverse'] : ['']) {
      const width = layer === 0 ? first : hidden * (bidirectional ? 2 : 1);
      const expected: Readonly<Record<string, readonly number[]>> = {
        weight_ih: [gates * units, width],
        weight_hh: [gates * units, hidden],
        ...(bias && { bias_ih: [gates * units], bias_hh: [gates * units] }),
        ...(projection > 0 && { weight_hr: [projection, units] }),
      };
      for (const [part, size] of Object.entries(expected)) {
        const key = `${cell}.${part}_l${layer}${direction}`;
        const found = byName.get(key)?.shape;
        if (found?.join() !== size.join())
          throw notRecognized(
            name,
            phrase('"{0}" is [{1}] in place of [{2}]', key, found?.join(', ') ?? '', size.join(', ')),
          );
      }
    }
  }
}

function describe(
  shape: PortableShape,
  parts: { readonly module: RecurrentModule; readonly embedding: Dense | undefined; readonly output: Dense },
): Text[] {
  const { module, embedding, output } = parts;
  const named = (path: string) => (path === '' ? '(root)' : path);
  const kind = shape.bidirectional
    ? phrase(
        'recurrent layers "{0}": {1}, {2} layers of {3} units in both directions',
        named(module.module),
        shape.cell,
        shape.layers,
        shape.units,
      )
    : phrase(
        'recurrent layers "{0}": {1}, {2} layers of {3} units',
        named(module.module),
        shape.cell,
        shape.layers,
        shape.units,
      );
  return [
    embedding
      ? phrase('embedding "{0}": {1} tokens, {2} numbers each', named(embedding.module), shape.inputs, shape.embedding)
      : phrase('inputs: one-hot vectors of {0} tokens', shape.inputs),
    kind,
    phrase('output "{0}": {1} numbers', named(output.module), output.weight.shape[0] ?? 0),
    shape.network === 'every-step'
      ? phrase('taken for a language model: the outputs are the next tokens')
      : phrase(
          'taken for a classifier of whole texts, which reads the hidden states by pooling "{0}"; taggers cannot be imported',
          shape.pooling,
        ),
  ];
}
