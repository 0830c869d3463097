import { joined, phrase, type Phrase, say, type Text } from '../phrases/phrase.ts';
import { type CellField, CELL_NAMES, hasField } from './cells.ts';
import { ConfigError, getField, parseRunConfig, setField } from './parse.ts';
import type { RunConfig } from './schema.ts';
import { taskNames } from './task.ts';
import { type TaskDescription, tasks } from './tasks.ts';

/**
 * Table of applicability: for each field of the configuration, the other fields on which its effect depends. The check
 * of a configuration, the notices of a run, the list of fields in the editor, the texts of the settings and
 * docs/configuration.md read it. A test trains small networks to verify each entry.
 */

type Value = string | number | boolean;

/** Dotted paths of the leaves of a type; of a union, those of every member. */
type Leaves<T, Prefix extends string> = T extends unknown
  ? {
      [K in keyof T & string]: T[K] extends object ? Leaves<T[K], `${Prefix}${K}.`> : `${Prefix}${K}`;
    }[keyof T & string]
  : never;

/** Dotted path of a field, such as `training.learningRate`. */
export type FieldPath = Leaves<RunConfig, ''>;

/** Condition on the value of a field. */
type Condition = { readonly field: FieldPath } & (
  { readonly is: readonly Value[] } | { readonly isNot: readonly Value[] } | { readonly atLeast: number }
);

/** Alternatives, one of which has to hold. An alternative holds if all of its conditions do. */
type Alternatives = readonly (readonly Condition[])[];

const always: Alternatives = [[]];

const family = (...is: RunConfig['model']['family'][]): Condition => ({ field: 'model.family', is });
const recurrent = family('recurrent');
const networks = family('recurrent', 'convolutional');
const bags = family('bag-of-words', 'naive-bayes');

/** Condition on the task, named by the tasks that meet it or, if those are fewer, by the others. */
function task(meets: (description: TaskDescription) => boolean): Condition {
  const is = taskNames.filter((name) => meets(tasks[name]));
  const isNot = taskNames.filter((name) => !meets(tasks[name]));
  return { field: 'task.name', ...(is.length > isNot.length ? { isNot } : { is }) };
}

const cell = (field: CellField): Condition => ({
  field: 'model.cell',
  is: CELL_NAMES.filter((name) => hasField(name, field)),
});

const named = (...is: RunConfig['task']['name'][]): Condition => ({ field: 'task.name', is });
const languageModel = named('language-model');
/** A language model of words. */
const words: readonly Condition[] = [languageModel, { field: 'task.tokens', is: ['word'] }];
const classification = named('classification');
/** A classifier of words. */
const wordTokens: readonly Condition[] = [classification, { field: 'task.tokens', is: ['word'] }];
const unicodeTokens: readonly Condition[] = [...wordTokens, { field: 'task.wordRules', is: ['unicode'] }];
const pairs = task(({ arrangement }) => arrangement === 'delayed');
const writes = task((description) => description.writes);
/** Tasks whose rows can be split into a training and a validation part. */
const splits = task(({ generated }) => !generated);
const rows = task((description) => !description.generated && description !== tasks['language-model']);
/** Tasks that generate sequences which a network reads step by step. */
const stepByStep = named('temporal-order', 'adding', 'copying', 'counting', 'recall');
const forecasts = named('forecasting');
const noValidationFile: Condition = { field: 'data.validation', is: [''] };

/** The conditions under which each field has an effect. */
const effects: Readonly<Record<FieldPath, Alternatives>> = {
  'task.name': always,
  'task.validationSequences': always,
  'task.distance': always,
  'task.tokens': always,
  'task.wordRules': [wordTokens],
  'task.lowerCase': [unicodeTokens],
  'task.stripAccents': [unicodeTokens],
  'task.textColumn': always,
  'task.labelColumn': always,
  'task.labelSeparator': [[networks]],
  'task.groupColumn': [[noValidationFile]],
  'task.minimumCount': [[named('classification', 'sequence-to-sequence')], [named('tagging'), recurrent], words],
  'task.maximumVocabulary': [[classification], [named('tagging'), recurrent], words],
  'task.merges': [[{ field: 'task.tokens', is: ['subword'] }]],
  'task.maximumLength': always,
  'task.classWeights': [[networks, { field: 'task.labelSeparator', is: [''] }]],
  'task.wordDropout': [[networks]],
  'task.wordVectors': [[networks]],
  'task.badRows': always,
  'task.wordColumn': always,
  'task.tagColumn': always,
  'task.target': always,
  'task.sourceColumn': [[{ field: 'task.target', is: [''] }], [{ field: 'data.validation', isNot: [''] }]],
  'task.targetColumn': [[{ field: 'task.target', is: [''] }], [{ field: 'data.validation', isNot: [''] }]],
  'task.validationPairs': always,
  'task.beam': always,
  'task.longest': always,
  'task.column': always,
  'task.inputs': always,
  'task.timeColumn': always,
  'task.seriesColumn': always,
  'task.gaps': [[{ field: 'task.timeColumn', isNot: ['none'] }]],
  'task.doubles': [[{ field: 'task.timeColumn', isNot: ['none'] }]],
  'task.calendar': [[{ field: 'task.timeColumn', isNot: ['none'] }]],
  'task.missing': always,
  'task.missingValues': always,
  'task.transform': always,
  'task.season': always,
  'task.horizon': always,
  'task.strategy': [[{ field: 'task.horizon', atLeast: 2 }]],
  'task.loss': always,
  'task.quantiles': [[{ field: 'task.loss', is: ['quantile'] }]],

  'data.train': [[splits]],
  'data.validation': [[rows]],
  'data.sequenceLength': [[{ field: 'task.name', isNot: ['classification', 'tagging', 'dates', 'reversing'] }]],
  'data.stride': [[languageModel]],
  'data.split': [[named('classification', 'conditioned-generation'), noValidationFile]],
  'data.validationShare': [[languageModel], [rows, noValidationFile]],
  'data.validationLimit': [[languageModel]],
  'data.encoding': [[splits]],
  'data.delimiter': [[rows]],
  'data.quote': [[rows]],
  'data.escape': [[rows]],
  'data.header': [[rows]],
  'data.decimal': [[forecasts]],
  'data.thousands': [[forecasts]],
  'data.dateOrder': [[forecasts]],
  'data.missing': [[rows]],
  'data.comment': [[rows]],
  'data.sheet': [[splits]],

  'model.family': always,
  'model.cell': [[recurrent]],
  'model.layers': [[recurrent]],
  'model.bidirectional': [[recurrent]],
  'model.units': [[recurrent], [classification, family('hidden-markov')]],
  'model.bias': [[recurrent]],
  'model.projection': [[recurrent, cell('projection')]],
  'model.activation': [[recurrent, cell('activation')]],
  'model.recurrence': [[recurrent, cell('recurrence')]],
  'model.resetAfter': [[recurrent, cell('resetAfter')]],
  'model.embedding': [[networks, task(({ reads }) => reads === 'tokens')]],
  'model.tieWeights': [[languageModel, { field: 'model.embedding', atLeast: 1 }]],
  'model.dropout': [
    [recurrent, { field: 'model.layers', atLeast: 2 }],
    [recurrent, pairs],
    [classification, networks],
  ],
  'model.pooling': [[classification, networks]],
  'model.attention': [[pairs]],
  'model.hidden': [[family('bag-of-words')]],
  'model.features': [[bags]],
  'model.penalty': [[family('bag-of-words')]],
  'model.kernelWidths': [[family('convolutional')]],
  'model.filters': [[family('convolutional')]],
  'model.ngrams': [[bags]],
  'model.smoothing': [[family('naive-bayes')], [classification, family('hidden-markov')]],
  'model.kernelInitializer': [[networks]],
  'model.recurrentInitializer': [[recurrent]],
  'model.recurrentGain': [[recurrent]],
  'model.standardDeviation': [
    [networks, { field: 'model.kernelInitializer', is: ['normal'] }],
    [recurrent, { field: 'model.recurrentInitializer', is: ['normal'] }],
  ],
  'model.forgetBias': [[recurrent, cell('forgetBias'), { field: 'model.bias', is: [true] }]],

  'training.batchSize': [[networks]],
  'training.optimizer': [[networks]],
  'training.momentum': [[networks, { field: 'training.optimizer', is: ['sgd'] }]],
  'training.learningRate': [[networks]],
  'training.schedule': [[networks]],
  'training.lastLearningRate': [[networks, { field: 'training.schedule', is: ['range-test'] }]],
  'training.warmUp': [[networks]],
  'training.decayEvery': [[networks, { field: 'training.schedule', is: ['step'] }]],
  'training.decayFactor': [[networks, { field: 'training.schedule', is: ['step', 'plateau'] }]],
  'training.plateauPatience': [[networks, { field: 'training.schedule', is: ['plateau'] }]],
  'training.weightDecay': [[networks]],
  'training.clipNorm': [[networks]],
  'training.clipValue': [[networks]],
  'training.truncation': [[recurrent, stepByStep, { field: 'model.bidirectional', is: [false] }]],
  'training.steps': always,
  'training.seconds': always,
  'training.stopWhenSolved': [[task(({ criterion }) => criterion !== undefined)]],
  'training.patience': always,
  'training.keepBest': always,
  'training.validateEvery': always,
  'training.checkpointEvery': always,

  'sampling.every': [[writes]],
  'sampling.length': [[writes]],
  'sampling.temperature': [[writes]],
  'sampling.topK': [[writes]],
  'sampling.topP': [[writes]],
  'sampling.minP': [[writes]],
  'sampling.repetitionPenalty': [[writes]],
  'sampling.stop': [[writes]],
  'sampling.prompt': [[writes]],

  'probes.every': [[recurrent]],
  seed: always,
  backend: [[networks]],
  threads: [[networks]],
};

/** Values that turn a feature off. They ask for nothing, so they are never said to have no effect. */
const OFF: ReadonlyMap<string, Value> = new Map<FieldPath, Value>([
  ['training.clipNorm', 0],
  ['training.stopWhenSolved', false],
  ['sampling.every', 0],
  ['sampling.topK', 0],
  ['sampling.topP', 1],
  ['sampling.minP', 0],
  ['sampling.repetitionPenalty', 1],
  ['sampling.stop', ''],
  ['probes.every', 0],
]);

/** Fields about the machine. One script sets them for all of its runs, so they are never refused. */
const MACHINE: ReadonlySet<string> = new Set<FieldPath>(['backend', 'threads']);

const byPath = new Map<string, Alternatives>(Object.entries(effects));

/** Whether a field, by its dotted path, has an effect in a configuration. */
export function hasEffect(config: RunConfig, path: string): boolean {
  if (partlyKnown.get(config)?.has(path) === false) return false;
  return alternativesOf(path).some((conditions) => conditions.every((condition) => holds(config, condition)));
}

const paths = Object.keys(effects) as FieldPath[];

/** The fields that conditions are about, in the order of the table. */
const deciding = [...new Set(paths.flatMap((path) => effects[path].flat().map(({ field }) => field)))];

/**
 * The fields that have an effect in a configuration. Configurations with equal values of the fields that decide about it
 * share the result, because a list of runs asks for thousands of configurations.
 */
export function effectiveFields(config: RunConfig): ReadonlySet<FieldPath> {
  const known = effective.get(config);
  if (known) return known;
  const key = JSON.stringify(deciding.map((path) => getField(config, path)));
  const found = byDeciding.get(key) ?? new Set(paths.filter((path) => hasEffect(config, path)));
  if (byDeciding.size === MOST_KNOWN) byDeciding.clear();
  byDeciding.set(key, found);
  effective.set(config, found);
  return found;
}

/**
 * Notes that only some fields of a configuration are known, because another program trains the run: the others are
 * defaults that say nothing about it, and count as fields without an effect.
 */
export function onlyKnown(config: RunConfig, known: readonly FieldPath[]): void {
  const found = new Set(known);
  effective.set(config, found);
  partlyKnown.set(config, found);
}

/** Whether a field of a configuration is known: all are, except in a run that another program trains. */
export function isKnown(config: object, path: FieldPath): boolean {
  return partlyKnown.get(config)?.has(path) !== false;
}

/** The fields of a configuration that are known, as it is printed. */
export function knownPart(config: RunConfig): object {
  const known = partlyKnown.get(config);
  if (!known) return config;
  return [...known].reduce<object>((part, path) => setField(part, path, getField(config, path)), {});
}

const partlyKnown = new WeakMap<object, ReadonlySet<string>>();
const effective = new WeakMap<RunConfig, ReadonlySet<FieldPath>>();
const byDeciding = new Map<string, ReadonlySet<FieldPath>>();
/** Maximum number of combinations of deciding values that are kept. */
const MOST_KNOWN = 1000;

/**
 * Formats the conditions under which a field has an effect, such as `model.cell is "lstm"`.
 * @returns undefined if it always has one
 */
export function describeConditions(
  path: string,
  format: (text: string) => string = JSON.stringify,
): string | undefined {
  const conditions = conditionsOf(path, format);
  return conditions && say(conditions);
}

function conditionsOf(path: string, format: (text: string) => string): Text | undefined {
  const alternatives = alternativesOf(path);
  if (alternatives.some((conditions) => conditions.length === 0)) return undefined;
  return alternatives
    .map((conditions) => conditions.map((condition) => describeCondition(condition, format)).reduce(both))
    .reduce((one, other) => phrase('{0}; or {1}', one, other));
}

function both(one: Phrase, other: Phrase): Phrase {
  return phrase('{0} and {1}', one, other);
}

/** Field whose value differs from the default and has no effect. */
export interface IneffectiveField {
  readonly path: string;
  /** Value and reason, such as `model.forgetBias: 3 has no effect, because model.cell is "gru"`. */
  readonly reason: Phrase;
}

/** Lists the fields whose values have no effect, although they differ from the defaults. */
export function ineffectiveFields(config: RunConfig): IneffectiveField[] {
  const defaults = parseRunConfig({ task: { name: config.task.name } });
  return Object.keys(effects).flatMap((path) => {
    const value = getField(config, path);
    const isSet = value !== undefined && value !== getField(defaults, path) && value !== OFF.get(path);
    if (!isSet || hasEffect(config, path)) return [];
    const because = unmet(config, path)
      .map(({ field }) => phrase('{0} is {1}', field, JSON.stringify(getField(config, field))))
      .reduce(both);
    return [{ path, reason: phrase('{0}: {1} has no effect, because {2}', path, JSON.stringify(value), because) }];
  });
}

/**
 * Checks a configuration that was written for one run, in a file or on the command line, where a field without an
 * effect is a mistake. Settings apply to runs of all kinds: for them, a run says what `ineffectiveFields` finds.
 * @param written paths of the fields that were written for the run; omitted: all fields
 * @throws ConfigError that names each such field, the reason and what to do
 */
export function refuseIneffective(config: RunConfig, written?: ReadonlySet<string>): void {
  const refused = ineffectiveFields(config).filter(({ path }) => !MACHINE.has(path) && (written?.has(path) ?? true));
  if (refused.length === 0) return;
  const lines = refused.map(({ path, reason }) => {
    const changes = unmet(config, path).map(({ field }) => field);
    const applies = conditionsOf(path, JSON.stringify) ?? '';
    return phrase('{0}. It applies if {1}. Remove it, or change {2}.', reason, applies, changes.join(', '));
  });
  throw new ConfigError(joined(lines, '\n'), { fields: refused.map(({ path }) => path) });
}

/** A configuration without the fields that had no effect, and their paths. */
export interface Inherited {
  readonly config: RunConfig;
  readonly dropped: readonly string[];
}

/**
 * A configuration that another one was taken from: inherited fields that have no effect in it get their defaults, as the
 * form leaves them out. Fields about the machine are kept.
 * @param written paths of the fields that were written for the new run, which are kept
 */
export function withoutIneffective(config: RunConfig, written: ReadonlySet<string>): Inherited {
  const defaults = parseRunConfig({ task: { name: config.task.name } });
  const dropped = ineffectiveFields(config)
    .map(({ path }) => path)
    .filter((path) => !MACHINE.has(path) && !written.has(path));
  if (dropped.length === 0) return { config, dropped };
  const set = (result: object, path: string) => setField(result, path, getField(defaults, path));
  const rest = withoutIneffective(parseRunConfig(dropped.reduce(set, config)), written);
  // Other fields may depend on those that were dropped.
  return { config: rest.config, dropped: [...dropped, ...rest.dropped] };
}

function alternativesOf(path: string): Alternatives {
  return byPath.get(path) ?? always;
}

/** The conditions that do not hold, of the alternative that has the fewest. */
function unmet(config: RunConfig, path: string): readonly Condition[] {
  const missing = alternativesOf(path).map((conditions) => conditions.filter((each) => !holds(config, each)));
  return missing.reduce((fewest, conditions) => (conditions.length < fewest.length ? conditions : fewest));
}

function holds(config: RunConfig, condition: Condition): boolean {
  const value = getField(config, condition.field);
  if ('atLeast' in condition) return typeof value === 'number' && value >= condition.atLeast;
  return 'is' in condition
    ? condition.is.some((each) => each === value)
    : !condition.isNot.some((each) => each === value);
}

function describeCondition(condition: Condition, format: (text: string) => string): Phrase {
  const { field } = condition;
  if ('atLeast' in condition) return phrase('{0} is at least {1}', field, condition.atLeast);
  const nameOf = (value: Value) =>
    value === '' ? phrase('empty') : typeof value === 'string' ? format(value) : String(value);
  const values = ('is' in condition ? condition.is : condition.isNot)
    .map(nameOf)
    .reduce((one, other) => phrase('{0} or {1}', one, other));
  return 'is' in condition ? phrase('{0} is {1}', field, values) : phrase('{0} is not {1}', field, values);
}
