import * as l10n from '@vscode/l10n';
import type { FieldPath } from './applicability.ts';

/** Value of a field. */
export type FieldValue = string | number | boolean;

/** A field in the label of a run. */
interface ShortField {
  /** Formats a value with the short name of the field, such as "lr 0.002" or "clip off". */
  readonly text: (value: FieldValue) => string;
  /** Whether the field changes what is learned; one that does not is named only if nothing else tells two runs apart. */
  readonly learned: boolean;
}

/** Formats a value after the short name of its field. */
function named(name: () => string): ShortField {
  return { text: (value) => `${name()} ${String(value)}`, learned: true };
}

/** A field of which 0 turns something off. */
function orOff(name: () => string, off: () => string): ShortField {
  return { text: (value) => (value === 0 ? off() : `${name()} ${String(value)}`), learned: true };
}

function eitherOr(on: () => string, off: () => string): ShortField {
  return { text: (value) => (value === true ? on() : off()), learned: true };
}

/** A field whose values say what they are, such as "cosine". */
function plain(text: (value: string) => string): ShortField {
  return { text: (value) => text(String(value)), learned: true };
}

/** A field that names a file; empty for none. */
function file(name: () => string): ShortField {
  return { text: (value) => `${name()} ${String(value).split(/[\\/]/).at(-1) || l10n.t('none')}`, learned: true };
}

/** A field that does not change what is learned. */
function aside(field: ShortField): ShortField {
  return { ...field, learned: false };
}

/** Names of the kinds of tokens. */
const TOKENS: ReadonlyMap<string, () => string> = new Map([
  ['word', () => l10n.t('words')],
  ['subword', () => l10n.t('subwords')],
  ['character', () => l10n.t('characters')],
]);

/**
 * The fields that labels of runs name, those that are changed most often first. The kind of the model, which a label
 * begins with, covers the fields that are null.
 */
export const shortFields: Readonly<Record<FieldPath, ShortField | null>> = {
  'model.family': null,
  'model.cell': null,
  'model.layers': null,
  'model.units': null,
  'model.bidirectional': null,
  'model.activation': null,
  'model.hidden': null,
  'model.kernelWidths': null,
  'model.filters': null,
  'data.train': null,

  'task.name': plain((name) => name),
  'training.learningRate': named(() => l10n.t('lr')),
  'training.clipNorm': orOff(
    () => l10n.t('clip'),
    () => l10n.t('clip off'),
  ),
  'model.dropout': orOff(
    () => l10n.t('dropout'),
    () => l10n.t('dropout off'),
  ),
  'model.embedding': orOff(
    () => l10n.t('embedding'),
    () => l10n.t('one-hot'),
  ),
  'model.attention': plain((kind) => (kind === 'none' ? l10n.t('no attention') : l10n.t('{0} attention', kind))),
  'model.pooling': plain((kind) => (kind === 'last' ? l10n.t('last state') : l10n.t('{0} pooling', kind))),
  'model.ngrams': plain((longest) => (longest === '1' ? l10n.t('unigrams') : l10n.t('up to {0}-grams', longest))),
  'model.features': plain((features) => features),
  'data.sequenceLength': named(() => 'T'),
  'training.batchSize': named(() => l10n.t('batch')),
  'training.optimizer': plain((optimizer) => optimizer),
  'training.steps': named(() => l10n.t('steps')),
  'training.seconds': plain((seconds) => (seconds === '0' ? l10n.t('no time limit') : l10n.t('{0} s', seconds))),
  'model.recurrentInitializer': plain((kind) => l10n.t('{0} recurrent weights', kind)),
  'model.recurrentGain': named(() => l10n.t('recurrent gain')),
  'model.forgetBias': named(() => l10n.t('forget bias')),
  'training.schedule': plain((schedule) => l10n.t('{0} lr', schedule)),
  'training.warmUp': named(() => l10n.t('warm-up')),
  'training.truncation': orOff(
    () => l10n.t('cut at'),
    () => l10n.t('not cut'),
  ),
  'data.stride': orOff(
    () => l10n.t('stride'),
    () => l10n.t('whole windows'),
  ),
  'model.tieWeights': eitherOr(
    () => l10n.t('tied weights'),
    () => l10n.t('untied weights'),
  ),
  'model.projection': orOff(
    () => l10n.t('projection'),
    () => l10n.t('no projection'),
  ),
  'model.recurrence': plain((kind) => l10n.t('{0} fed back', kind)),
  'model.resetAfter': eitherOr(
    () => l10n.t('reset after'),
    () => l10n.t('reset before'),
  ),
  'model.bias': eitherOr(
    () => l10n.t('biases'),
    () => l10n.t('no biases'),
  ),
  'model.penalty': named(() => l10n.t('penalty')),
  'model.smoothing': named(() => l10n.t('smoothing')),
  'model.kernelInitializer': plain((kind) => l10n.t('{0} input weights', kind)),
  'model.standardDeviation': named(() => l10n.t('deviation')),
  'training.momentum': named(() => l10n.t('momentum')),
  'training.weightDecay': named(() => l10n.t('weight decay')),
  'training.clipValue': orOff(
    () => l10n.t('clip values'),
    () => l10n.t('values not clipped'),
  ),
  'training.lastLearningRate': named(() => l10n.t('last rate')),
  'training.decayEvery': named(() => l10n.t('decay every')),
  'training.decayFactor': named(() => l10n.t('decay')),
  'training.plateauPatience': named(() => l10n.t('plateau')),
  'training.patience': named(() => l10n.t('patience')),
  'training.keepBest': eitherOr(
    () => l10n.t('keeps the best'),
    () => l10n.t('keeps the last'),
  ),
  'training.stopWhenSolved': eitherOr(
    () => l10n.t('stops when solved'),
    () => l10n.t('goes on when solved'),
  ),
  'task.tokens': plain((tokens) => TOKENS.get(tokens)?.() ?? tokens),
  'task.distance': named(() => l10n.t('distance')),
  'task.longest': named(() => l10n.t('longest')),
  'task.textColumn': named(() => l10n.t('text column')),
  'task.labelColumn': named(() => l10n.t('label column')),
  'data.encoding': plain((value) => l10n.t('encoding {0}', value)),
  'data.delimiter': plain((value) => l10n.t('delimiter {0}', value)),
  'data.quote': plain((value) => l10n.t('quote {0}', value)),
  'data.escape': plain((value) => l10n.t('escape by {0}', value)),
  'data.header': plain((value) => l10n.t('header {0}', value)),
  'data.decimal': plain((value) => l10n.t('decimal {0}', value)),
  'data.thousands': plain((value) => l10n.t('thousands {0}', value)),
  'data.dateOrder': plain((value) => l10n.t('dates {0}', value)),
  'data.missing': plain((value) => l10n.t('missing {0}', value)),
  'data.comment': plain((value) => l10n.t('comment {0}', value)),
  'data.sheet': plain((value) => l10n.t('sheet {0}', value)),
  'task.labelSeparator': plain((sign) => l10n.t('labels separated by {0}', JSON.stringify(sign))),
  'task.groupColumn': named(() => l10n.t('group column')),
  'task.wordRules': plain((rules) =>
    rules === 'unicode' ? l10n.t('words by Unicode') : l10n.t('words by English rules'),
  ),
  'task.lowerCase': eitherOr(
    () => l10n.t('lower case'),
    () => l10n.t('case kept'),
  ),
  'task.stripAccents': eitherOr(
    () => l10n.t('without accents'),
    () => l10n.t('with accents'),
  ),
  'task.wordColumn': named(() => l10n.t('word column')),
  'task.tagColumn': named(() => l10n.t('tag column')),
  'task.sourceColumn': named(() => l10n.t('source column')),
  'task.targetColumn': named(() => l10n.t('target column')),
  'task.column': named(() => l10n.t('column')),
  'task.inputs': named(() => l10n.t('inputs')),
  'task.timeColumn': named(() => l10n.t('time column')),
  'task.seriesColumn': named(() => l10n.t('series column')),
  'task.gaps': plain((gaps) => l10n.t('gaps: {0}', gaps)),
  'task.doubles': plain((doubles) => l10n.t('repeated times: {0}', doubles)),
  'task.calendar': plain((cycles) => (cycles === '' ? l10n.t('no calendar') : l10n.t('calendar {0}', cycles))),
  'task.horizon': named(() => l10n.t('horizon')),
  'task.missing': plain((missing) => l10n.t('missing: {0}', missing)),
  'task.missingValues': named(() => l10n.t('missing values')),
  'task.transform': plain((transform) => l10n.t('transform: {0}', transform)),
  'task.season': named(() => l10n.t('season')),
  'task.strategy': plain((strategy) => l10n.t('{0} forecast', strategy)),
  'task.loss': plain((loss) => l10n.t('{0} loss', loss)),
  'task.quantiles': named(() => l10n.t('quantiles')),
  'task.target': file(() => l10n.t('target')),
  'task.minimumCount': named(() => l10n.t('minimum count')),
  'task.merges': named(() => l10n.t('merges')),
  'task.maximumVocabulary': named(() => l10n.t('vocabulary')),
  'task.maximumLength': named(() => l10n.t('maximum length')),
  'task.classWeights': plain((weights) => l10n.t('class weights {0}', weights)),
  'task.wordDropout': named(() => l10n.t('word dropout')),
  'task.wordVectors': file(() => l10n.t('word vectors')),
  'task.badRows': plain((kind) => l10n.t('bad rows: {0}', kind)),
  'task.validationSequences': named(() => l10n.t('validation sequences')),
  'task.validationPairs': named(() => l10n.t('validation pairs')),
  'data.validation': file(() => l10n.t('validation')),
  'data.split': plain((split) => (split === 'random' ? l10n.t('random split') : l10n.t('stratified split'))),
  'data.validationShare': named(() => l10n.t('validation')),
  'data.validationLimit': named(() => l10n.t('validation limit')),
  seed: named(() => l10n.t('seed')),

  'task.beam': aside(named(() => l10n.t('beam'))),
  'training.validateEvery': aside(named(() => l10n.t('validates every'))),
  'training.checkpointEvery': aside(named(() => l10n.t('checkpoints every'))),
  'sampling.every': aside(named(() => l10n.t('samples every'))),
  'sampling.length': aside(named(() => l10n.t('sample length'))),
  'sampling.temperature': aside(named(() => l10n.t('temperature'))),
  'sampling.topK': aside(named(() => l10n.t('top-k'))),
  'sampling.topP': aside(named(() => l10n.t('top-p'))),
  'sampling.minP': aside(named(() => l10n.t('min-p'))),
  'sampling.repetitionPenalty': aside(named(() => l10n.t('repetition penalty'))),
  'sampling.stop': aside(plain((stop) => l10n.t('stop at {0}', JSON.stringify(stop.slice(0, 12))))),
  'sampling.prompt': aside(plain((prompt) => JSON.stringify(prompt.slice(0, 12)))),
  'probes.every': aside(named(() => l10n.t('probes every'))),
  backend: aside(plain((backend) => l10n.t('{0} backend', backend))),
  threads: aside(named(() => l10n.t('threads'))),
};

const byPath = new Map<string, ShortField | null>(Object.entries(shortFields));

/** Describes the value of a field, by its dotted path, with the short name of the field: "lr 0.002". */
export function describeField(path: string, value: FieldValue): string {
  const known = byPath.get(path);
  // The last part of the path names the fields that the kind of a model covers, such as "units 50".
  return known ? known.text(value) : `${path.split('.').at(-1) ?? path} ${value === '' ? '""' : String(value)}`;
}
