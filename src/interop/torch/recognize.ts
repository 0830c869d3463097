import { CELL_NAMES, type CellName, cells } from '../../config/cells.ts';
import type { NamedTensor } from '../../models/weights.ts';
import type { ImportedKind, RecognitionChoices } from '../../config/recognitionChoices.ts';
import { UnusableError } from '../../phrases/causes.ts';
import { phrase, type Text } from '../../phrases/phrase.ts';
import { secondOfTwo } from '../arrays.ts';
import { weightKinds } from '../modelKinds.ts';
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
 * `state_dict`; or two of them that are named as an encoder and a decoder.
 * @param name name of the file, for errors
 * @throws UnusableError that names the module that is missing, unknown or ambiguous, and what to choose
 */
export function recognizeTorch(
  stateDict: readonly NamedTensor[],
  name: string,
  given: RecognitionChoices = {},
): Recognized {
  const { tensors, choices } = withoutPrefix(stateDict, given);
  const parts = separated(tensors);
  const sides = sidesOf(parts.recurrent);
  const isPair = sides && choices.recurrent === undefined;
  if (isPair && (choices.kind === undefined || choices.kind === 'sequence-to-sequence'))
    return recognizedPair(sides, parts.others, name, choices);
  if (choices.kind === 'sequence-to-sequence')
    throw notRecognized(name, phrase('it has no two recurrent modules whose names begin with encoder and decoder'));
  const { module, leftOut } = chosenRecurrent(parts.recurrent, name, choices.recurrent);
  const structure = structureOf(module, name);
  const { cell, units, projection, bidirectional, width } = structure;
  const dense = denseOf(parts.others);
  const outputWidth = (bidirectional ? 2 : 1) * (projection || units);
  const readsNumbers = choices.kind === 'forecaster';
  const embedding = readsNumbers ? undefined : embeddingOf(dense, { name, width, outputWidth, output: choices.output });
  const shared = sharedOutput(parts.others, dense, embedding, outputWidth);
  const { output, heads } = chosenOutput([...dense.filter((each) => each !== embedding), ...shared], {
    ...{ name, width: outputWidth, chosen: choices.output },
  });
  refuseOthers(parts.others, [embedding, output, ...heads], name);
  const inputs = embedding?.weight.shape[0] ?? width;
  const numbers = output.weight.shape[0] ?? 0;
  const fits = inputs === numbers && !bidirectional;
  const kinds =
    choices.kind === undefined
      ? weightKinds({ isLanguageModel: fits, embeds: embedding !== undefined, outputs: numbers })
      : [choices.kind];
  const [kind = 'classifier'] = kinds;
  if (kind === 'language-model' && !fits)
    throw new UnusableError(
      phrase(
        '"{0}" is no language model: it reads {1} tokens and has {2} outputs, or reads in both directions. Choose another kind.',
        name,
        inputs,
        numbers,
      ),
      { option: 'kind' },
    );
  const [weight, constant] = kind === 'classifier' ? classesOf(output) : [output.weight, biasOf(output)];
  refuseUnused(choices, { name, cell, kind });
  const shape: PortableShape = {
    network: kind === 'language-model' || kind === 'tagger' ? 'every-step' : 'last-step',
    ...sharedFields(structure, choices),
    embedding: embedding ? width : 0,
    inputKind: readsNumbers ? 'vectors' : 'ids',
    ...{ inputs, outputs: weight.shape[0] ?? 0 },
    ...{ pooling: choices.pooling ?? 'last', attention: 'none', tied: false, labels: 0 },
  };
  const renamed = [
    ...[...module.weights].map(([key, tensor]) => ({ ...tensor, name: `${cell}.${key}` })),
    ...(embedding ? [{ ...embedding.weight, name: 'embedding.weight' }] : []),
    { ...weight, name: 'dense.weight' },
    { ...constant, name: 'dense.bias' },
  ];
  checkShapes(shape, renamed, name);
  return {
    ...{ shape, kind, kinds },
    tensors: fromStateDict(shape, renamed),
    found: [
      ...describe(shape, kind, { module, embedding, output }),
      ...[...leftOut, ...heads].map((part) =>
        phrase('left out: "{0}"; its part of the computation is missing', part.module),
      ),
    ],
  };
}

/** Tensors without the modules around all of them, and choices of modules by the names that are left. */
function withoutPrefix(
  stateDict: readonly NamedTensor[],
  { recurrent, output, ...choices }: RecognitionChoices,
): { readonly tensors: readonly NamedTensor[]; readonly choices: RecognitionChoices } {
  const names = stateDict.map(({ name }) => name.replace(WRAPPERS, ''));
  const modules = names.map((name) => name.split('.').slice(0, -1));
  const [first = []] = modules;
  let depth = 0;
  while (depth < first.length && modules.every((path) => path.length > depth + 1 && path[depth] === first[depth]))
    depth++;
  const prefix = first.slice(0, depth).map((part) => `${part}.`);
  const { length } = prefix.join('');
  const without = (module: string | undefined) =>
    module?.startsWith(prefix.join('')) === true ? module.slice(length) : module;
  return {
    tensors: stateDict.map((tensor, at) => ({ ...tensor, name: names[at]?.slice(length) ?? tensor.name })),
    choices: { ...choices, recurrent: without(recurrent), output: without(output) },
  };
}

/** What the weights of a recurrent module say of its layers. */
interface Structure extends Pick<PortableShape, 'cell' | 'layers' | 'units' | 'bidirectional' | 'bias' | 'projection'> {
  /** Width of its inputs. */
  readonly width: number;
}

function structureOf(module: RecurrentModule, name: string): Structure {
  const first = weightOf(module, 'weight_ih_l0', name);
  const hidden = weightOf(module, 'weight_hh_l0', name);
  const projected = module.weights.get('weight_hr_l0');
  const units = projected ? (projected.shape[1] ?? 0) : (hidden.shape[1] ?? 0);
  const [rows = 0, width = 0] = first.shape;
  const cell = CELL_NAMES.find((each) => cells[each].gates === rows / units);
  if (!cell)
    throw notRecognized(
      name,
      phrase('"{0}" has {1} rows for {2} units, as no LSTM, GRU or RNN', `${module.module}.weight_ih_l0`, rows, units),
    );
  return {
    ...{ cell, units, width },
    projection: projected?.shape[0] ?? 0,
    layers: layerCount(module),
    bidirectional: module.weights.has('weight_ih_l0_reverse'),
    bias: module.weights.has('bias_ih_l0'),
  };
}

function sharedFields({ width: _width, ...structure }: Structure, { activation = 'tanh' }: RecognitionChoices) {
  return { ...structure, activation, recurrence: 'hidden', resetAfter: structure.cell === 'gru' } as const;
}

/** @throws UnusableError that names the layers that are not known */
function refuseOthers(others: readonly NamedTensor[], known: readonly (Dense | undefined)[], name: string): void {
  const used = new Set(known.map((each) => each?.module));
  const left = others.filter((tensor) => !used.has(moduleOf(tensor.name)));
  if (left.length > 0)
    throw notRecognized(
      name,
      phrase('it has layers that are not known: {0}', left.map((tensor) => tensor.name).join(', ')),
    );
}

/** An encoder and a decoder by the names of their modules. */
interface Sides {
  readonly encoder: RecurrentModule;
  readonly decoder: RecurrentModule;
}

const ENCODER = /^enc(?:oder)?(?:[._]|$)/i;
const DECODER = /^dec(?:oder)?(?:[._]|$)/i;

/** Two recurrent modules that are named as an encoder and a decoder; undefined for others. */
function sidesOf(modules: readonly RecurrentModule[]): Sides | undefined {
  const [encoder, ...encoders] = modules.filter(({ module }) => ENCODER.test(module));
  const [decoder, ...decoders] = modules.filter(({ module }) => DECODER.test(module));
  const isPair = encoders.length + decoders.length === 0 && modules.length === 2;
  return encoder && decoder && isPair ? { encoder, decoder } : undefined;
}

/** An encoder whose final states are those that a decoder begins with, without attention. */
function recognizedPair(
  { encoder, decoder }: Sides,
  others: readonly NamedTensor[],
  name: string,
  choices: RecognitionChoices,
): Recognized {
  const [source, target] = [structureOf(encoder, name), structureOf(decoder, name)];
  const { cell, layers, units, projection } = source;
  if (source.bidirectional || target.bidirectional)
    throw notRecognized(
      name,
      phrase('it does not say how the states of both directions of "{0}" reach the decoder', encoder.module),
    );
  if (projection > 0 || target.projection > 0)
    throw notRecognized(
      name,
      phrase('it does not say how the projected states of "{0}" reach the decoder', encoder.module),
    );
  if (cell !== target.cell || layers !== target.layers || units !== target.units || source.bias !== target.bias)
    throw notRecognized(
      name,
      phrase('"{0}" and "{1}" differ in cell, layers, units or biases', encoder.module, decoder.module),
    );
  refuseUnused(choices, { name, cell, kind: 'sequence-to-sequence' });
  const dense = denseOf(others);
  const ofSide = (side: RegExp, width: number, outputWidth: number) =>
    embeddingOf(
      dense.filter(({ module }) => side.test(module)),
      { name, width, outputWidth, output: choices.output },
    );
  // An encoder has no output layer.
  const [read, written] = [ofSide(ENCODER, source.width, 0), ofSide(DECODER, target.width, units)];
  if ((read === undefined) !== (written === undefined) || (read && source.width !== target.width))
    throw notRecognized(
      name,
      phrase(
        '"{0}" reads {1} numbers, and "{2}" reads {3}',
        encoder.module,
        source.width,
        decoder.module,
        target.width,
      ),
    );
  const { output, heads } = chosenOutput(
    dense.filter((each) => each !== read && each !== written && roleOf(each.module) !== 'embedding'),
    { name, width: units, chosen: choices.output },
  );
  refuseOthers(others, [read, written, output, ...heads], name);
  const outputs = output.weight.shape[0] ?? 0;
  const targets = written?.weight.shape[0] ?? target.width;
  if (outputs !== targets)
    throw notRecognized(name, phrase('the decoder reads {0} tokens, and has {1} outputs', targets, outputs));
  const shape: PortableShape = {
    network: 'encoder-decoder',
    ...sharedFields(source, choices),
    embedding: read ? source.width : 0,
    inputKind: 'ids',
    ...{ inputs: read?.weight.shape[0] ?? source.width, outputs },
    ...{ pooling: 'last', attention: 'none', tied: false, labels: 0 },
  };
  const renamed = [
    ...[...encoder.weights].map(([key, tensor]) => ({ ...tensor, name: `encoder_${cell}.${key}` })),
    ...[...decoder.weights].map(([key, tensor]) => ({ ...tensor, name: `decoder_${cell}.${key}` })),
    ...(read ? [{ ...read.weight, name: 'encoder_embedding.weight' }] : []),
    ...(written ? [{ ...written.weight, name: 'decoder_embedding.weight' }] : []),
    { ...output.weight, name: 'dense.weight' },
    { ...biasOf(output), name: 'dense.bias' },
  ];
  for (const stack of ['encoder_', 'decoder_']) checkShapes(shape, renamed, name, stack);
  return {
    shape,
    kind: 'sequence-to-sequence',
    kinds: ['sequence-to-sequence'],
    tensors: fromStateDict(shape, renamed),
    found: [
      phrase(
        'encoder "{0}": {1}, {2} layers of {3} units, {4} tokens',
        encoder.module,
        cell,
        layers,
        units,
        shape.inputs,
      ),
      phrase('decoder "{0}": it begins with the final states of the encoder, {1} tokens', decoder.module, outputs),
      phrase('output "{0}": {1} numbers', output.module, outputs),
      phrase('taken for a model that converts texts, without attention'),
      ...heads.map(({ module }) => phrase('left out: "{0}"; its part of the computation is missing', module)),
    ],
  };
}

/**
 * The weights and the bias of the output layer. A single output is the logit of the second of two classes: the softmax of
 * 0 and of it is its sigmoid.
 */
function classesOf(output: Dense): readonly [weight: NamedTensor, bias: NamedTensor] {
  const { weight } = output;
  const [outputs = 0, width = 0] = weight.shape;
  const constant = biasOf(output);
  if (outputs !== 1) return [weight, constant];
  return [
    { ...weight, shape: [2, width], values: secondOfTwo(weight.values) },
    { ...constant, shape: [2], values: secondOfTwo(constant.values) },
  ];
}

/** The bias of an output layer; zeros for a layer without one. */
function biasOf({ weight, bias }: Dense): NamedTensor {
  const outputs = weight.shape[0] ?? 0;
  return bias ?? { name: '', shape: [outputs], values: new Float32Array(outputs) };
}

/** @throws UnusableError for a choice that does not apply to the model */
function refuseUnused(
  { activation, pooling }: RecognitionChoices,
  { name, cell, kind }: { readonly name: string; readonly cell: CellName; readonly kind: ImportedKind },
): void {
  if (activation !== undefined && cell !== 'rnn')
    throw new UnusableError(phrase('"{0}" is a model of {1}, which has no choice of an activation.', name, cell));
  if (pooling !== undefined && kind !== 'classifier')
    throw new UnusableError(phrase('"{0}" is no classifier, which alone has a choice of a pooling.', name));
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

/** A recurrent module, and those that are no part of the model. */
interface ChosenRecurrent {
  readonly module: RecurrentModule;
  readonly leftOut: readonly RecurrentModule[];
}

function chosenRecurrent(
  modules: readonly RecurrentModule[],
  name: string,
  chosen: string | undefined,
): ChosenRecurrent {
  const found = chosen === undefined ? byNumber(modules) : modules.filter(({ module }) => module === chosen);
  const [only, ...more] = found;
  if (!only)
    throw notRecognized(
      name,
      chosen === undefined
        ? phrase('it has no weights of nn.LSTM, nn.GRU or nn.RNN (weight_ih_l0)')
        : phrase('it has no recurrent module "{0}"', chosen),
    );
  if (more.length === 0) {
    const leftOut = modules.filter((each) => each !== only);
    const joined = leftOut.find((each) => mayFollow(each, only) || mayFollow(only, each));
    if (joined) throw inSequence(name, [only, joined]);
    return { module: only, leftOut };
  }
  const stacked = areNumbered(found) ? stackedModule(found) : undefined;
  if (stacked) return { module: stacked, leftOut: [] };
  const modulesFound = found.map(({ module }) => module);
  // None could be chosen.
  if (
    found.every((each) => found.some((other) => other !== each && (mayFollow(each, other) || mayFollow(other, each))))
  )
    throw inSequence(name, found);
  throw new AmbiguousError(
    phrase('"{0}" has several recurrent modules that are no stack: {1}. Choose one.', name, modulesFound.join(', ')),
    'recurrent',
    modulesFound,
  );
}

/** Whether a module may read the outputs of another one: they are as wide as its inputs. */
function mayFollow({ weights }: RecurrentModule, before: RecurrentModule): boolean {
  const directions = before.weights.has('weight_ih_l0_reverse') ? 2 : 1;
  const hidden = before.weights.get('weight_hr_l0')?.shape[0] ?? before.weights.get('weight_hh_l0')?.shape[1] ?? 0;
  return weights.get('weight_ih_l0')?.shape[1] === directions * hidden;
}

function inSequence(name: string, modules: readonly RecurrentModule[]): UnusableError {
  return notRecognized(
    name,
    phrase(
      'it has several recurrent modules that may read one another and are no stack of equal layers: {0}. A model of one of them would lack a part of the computation',
      modules.map(({ module }) => module).join(', '),
    ),
  );
}

const NUMBERED = /^(.*?)(\d+)(\D*)$/;

/** Modules in the order of the numbers in their names, as files have any order. */
function byNumber(modules: readonly RecurrentModule[]): readonly RecurrentModule[] {
  const number = ({ module }: RecurrentModule) => Number(NUMBERED.exec(module)?.[2] ?? 0);
  return [...modules].sort((a, b) => number(a) - number(b));
}

/** Whether the names of modules differ in a number that counts up, such as `rnn1` and `rnn2`, or `cells.0` and `cells.1`. */
function areNumbered(modules: readonly RecurrentModule[]): boolean {
  const names = modules.map(({ module }) => NUMBERED.exec(module) ?? []);
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

/** The matrices that are no recurrent weights. */
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

const EMBEDDING = /emb|wte|tok|lookup|word|encoder/i;
const OUTPUT = /head|decoder|fc|out|proj|linear|dense|classif|logit/i;
/** Matrices of other computations than a table of tokens or an output. */
const NEITHER = /att|norm|skip|gate|(?:^|[._])pos/i;

/** What the name of a module says that it is: the last part of the name, or else the whole name. */
function roleOf(module: string): 'embedding' | 'output' | 'neither' | undefined {
  for (const part of [module.slice(module.lastIndexOf('.') + 1), module]) {
    if (NEITHER.test(part)) return 'neither';
    const [isEmbedding, isOutput] = [EMBEDDING.test(part), OUTPUT.test(part)];
    if (isEmbedding !== isOutput) return isEmbedding ? 'embedding' : 'output';
  }
  return undefined;
}

/** Widths of the recurrent layers around which matrices are sought. */
interface Around {
  readonly name: string;
  /** Width of the inputs. */
  readonly width: number;
  /** Width of what the output layer reads. */
  readonly outputWidth: number;
  /** Module of the output layer, if it is chosen. */
  readonly output: string | undefined;
}

/**
 * The embedding: a matrix without a bias whose rows are as wide as the inputs. Where these are as wide as the outputs,
 * names tell the embedding from the output layer; the order of the file does not.
 * @throws AmbiguousError if two matrices fit both
 */
function embeddingOf(dense: readonly Dense[], { name, width, outputWidth, output }: Around): Dense | undefined {
  const tables = dense.filter(
    ({ module, weight, bias }) =>
      weight.shape[1] === width && !bias && module !== output && roleOf(module) !== 'neither',
  );
  const named = tables.filter(({ module }) => roleOf(module) === 'embedding');
  const unnamed = width === outputWidth ? tables.filter(({ module }) => roleOf(module) !== 'output') : tables;
  const fitting = named.length > 0 ? named : unnamed;
  const [first, ...more] = fitting;
  if (!first) return undefined;
  const outputs = dense.filter(({ weight }) => weight.shape[1] === outputWidth);
  // A matrix alone that fits both is the output: the inputs are one-hot vectors.
  if (more.length === 0)
    return named.length > 0 || width !== outputWidth || outputs.some((each) => each !== first) ? first : undefined;
  // The same table twice: its weights are tied.
  if (more.length === 1 && more.every(({ weight }) => areEqual(weight, first.weight))) return first;
  const modules = fitting.map(({ module }) => module);
  if (outputs.length === 0 || outputs.some((each) => !fitting.includes(each)))
    throw notRecognized(name, phrase('several matrices could be its embedding: {0}', modules.join(', ')));
  throw ambiguousOutput(name, modules);
}

function areEqual(a: NamedTensor, b: NamedTensor): boolean {
  return a.shape.join() === b.shape.join() && a.values.every((value, at) => value === b.values[at]);
}

/** The output layer of which a file has the bias only, as its weights are those of the embedding and stored once. */
function sharedOutput(
  others: readonly NamedTensor[],
  dense: readonly Dense[],
  embedding: Dense | undefined,
  width: number,
): readonly Dense[] {
  if (!embedding || embedding.weight.shape[1] !== width || dense.some((each) => each !== embedding)) return [];
  const tokens = embedding.weight.shape[0];
  return others
    .filter(({ name, shape }) => /(?:^|\.)bias$/.test(name) && shape.length === 1 && shape[0] === tokens)
    .map((bias) => ({ module: moduleOf(bias.name), weight: embedding.weight, bias }));
}

/** An output layer, and further ones of other outputs. */
interface ChosenOutput {
  readonly output: Dense;
  readonly heads: readonly Dense[];
}

function chosenOutput(
  dense: readonly Dense[],
  { name, width, chosen }: { readonly name: string; readonly width: number; readonly chosen: string | undefined },
): ChosenOutput {
  const fitting = dense.filter(({ weight }) => weight.shape[1] === width);
  const output = fitting.find(({ module }) => chosen === undefined || module === chosen);
  if (!output)
    throw notRecognized(
      name,
      chosen === undefined
        ? phrase('it has no nn.Linear that reads {0} numbers, the width of the recurrent layers', width)
        : phrase('"{0}" is no nn.Linear that reads {1} numbers', chosen, width),
    );
  const modules = fitting.map(({ module }) => module);
  const heads = fitting.filter((each) => each !== output);
  const between = fitting.find(({ weight }) => weight.shape[0] === width);
  if (heads.length > 0 && between)
    throw notRecognized(
      name,
      phrase(
        'it has several layers after the recurrent ones: {0}. "{1}" may be read by another one, and one layer can be imported',
        modules.join(', '),
        between.module,
      ),
    );
  if (heads.length > 0 && chosen === undefined) throw ambiguousOutput(name, modules);
  return { output, heads };
}

function ambiguousOutput(name: string, modules: readonly string[]): AmbiguousError {
  return new AmbiguousError(
    phrase('"{0}" has several layers that could be its output: {1}. Choose one.', name, modules.join(', ')),
    'output',
    modules,
  );
}

/** Compares the shapes of the weights of every layer with those that the first ones lead to. */
function checkShapes(shape: PortableShape, tensors: readonly NamedTensor[], name: string, stack = ''): void {
  const { cell, layers, units, bidirectional, projection, bias } = shape;
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const { gates } = cells[cell];
  const hidden = projection || units;
  const first = byName.get(`${stack}${cell}.weight_ih_l0`)?.shape[1] ?? 0;
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
        const key = `${stack}${cell}.${part}_l${layer}${direction}`;
        const found = byName.get(key)?.shape;
        if (found?.join() !== size.join())
          throw notRecognized(
            name,
            phrase('"{0}" is [{1}] instead of [{2}]', key, found?.join(', ') ?? '', size.join(', ')),
          );
      }
    }
  }
}

/** What a model is taken for. */
const TAKEN: Readonly<Record<Exclude<ImportedKind, 'sequence-to-sequence'>, (shape: PortableShape) => Text>> = {
  'language-model': () => phrase('taken for a language model: the outputs are the next tokens'),
  classifier: ({ pooling }) =>
    phrase(
      'taken for a classifier of whole texts, which reads the hidden states by pooling "{0}"; for a tagger of each word, choose that kind',
      pooling,
    ),
  tagger: () => phrase('taken for a tagger: the outputs are tags of each word'),
  forecaster: () => phrase('taken for a forecaster: the outputs are numbers after the last step'),
};

function describe(
  shape: PortableShape,
  taken: Exclude<ImportedKind, 'sequence-to-sequence'>,
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
      : shape.inputKind === 'vectors'
        ? phrase('inputs: {0} numbers at each step', shape.inputs)
        : phrase('inputs: one-hot vectors of {0} tokens', shape.inputs),
    kind,
    phrase('output "{0}": {1} numbers', named(output.module), output.weight.shape[0] ?? 0),
    TAKEN[taken](shape),
    ...(taken === 'classifier' && shape.bidirectional && shape.pooling === 'last'
      ? [phrase('pooling "last": the final state of each direction (h_n), not output[:, -1]')]
      : []),
  ];
}
