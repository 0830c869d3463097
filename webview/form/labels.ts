import * as l10n from '@vscode/l10n';
import type { FieldPath } from '../../src/config/applicability.ts';

/** Label of each field. */
const labels: Readonly<Record<FieldPath, () => string>> = {
  'task.name': () => l10n.t('Task'),
  'task.validationSequences': () => l10n.t('Validation sequences'),
  'task.distance': () => l10n.t('Distance'),
  'task.tokens': () => l10n.t('Tokens'),
  'task.textColumn': () => l10n.t('Text column'),
  'task.labelColumn': () => l10n.t('Label column'),
  'task.groupColumn': () => l10n.t('Group column'),
  'task.wordRules': () => l10n.t('Rules for words'),
  'task.lowerCase': () => l10n.t('Lower case'),
  'task.stripAccents': () => l10n.t('Strip accents'),
  'task.minimumCount': () => l10n.t('Minimum count'),
  'task.maximumVocabulary': () => l10n.t('Maximum vocabulary'),
  'task.maximumLength': () => l10n.t('Maximum length'),
  'task.classWeights': () => l10n.t('Class weights'),
  'task.wordDropout': () => l10n.t('Word dropout'),
  'task.wordVectors': () => l10n.t('Word vectors'),
  'task.badRows': () => l10n.t('Unusable rows'),
  'task.wordColumn': () => l10n.t('Word column'),
  'task.tagColumn': () => l10n.t('Tag column'),
  'task.target': () => l10n.t('Target file'),
  'task.sourceColumn': () => l10n.t('Source column'),
  'task.targetColumn': () => l10n.t('Target column'),
  'task.validationPairs': () => l10n.t('Validation pairs'),
  'task.beam': () => l10n.t('Beam width'),
  'task.longest': () => l10n.t('Longest word'),
  'task.column': () => l10n.t('Columns to forecast'),
  'task.inputs': () => l10n.t('Input columns'),
  'task.timeColumn': () => l10n.t('Time column'),
  'task.seriesColumn': () => l10n.t('Series column'),
  'task.gaps': () => l10n.t('Gaps in time'),
  'task.doubles': () => l10n.t('Repeated times'),
  'task.calendar': () => l10n.t('Calendar features'),
  'task.missing': () => l10n.t('Missing values'),
  'task.missingValues': () => l10n.t('Numbers that mean missing'),
  'task.transform': () => l10n.t('Transform'),
  'task.season': () => l10n.t('Season'),
  'task.horizon': () => l10n.t('Horizon'),
  'task.strategy': () => l10n.t('Strategy'),
  'task.loss': () => l10n.t('Loss'),
  'task.quantiles': () => l10n.t('Quantiles'),

  'data.train': () => l10n.t('Training file'),
  'data.validation': () => l10n.t('Validation file'),
  'data.sequenceLength': () => l10n.t('Window'),
  'data.stride': () => l10n.t('Stride'),
  'data.split': () => l10n.t('Split'),
  'data.validationShare': () => l10n.t('Validation share'),
  'data.validationLimit': () => l10n.t('Validation limit'),
  'data.encoding': () => l10n.t('Encoding'),
  'data.delimiter': () => l10n.t('Delimiter'),
  'data.quote': () => l10n.t('Quotation mark'),
  'data.escape': () => l10n.t('Escape'),
  'data.header': () => l10n.t('Header'),
  'data.decimal': () => l10n.t('Decimal sign'),
  'data.thousands': () => l10n.t('Thousands separator'),
  'data.dateOrder': () => l10n.t('Order of dates'),
  'data.missing': () => l10n.t('Words for missing values'),
  'data.comment': () => l10n.t('Comment lines'),

  'model.family': () => l10n.t('Model family'),
  'model.cell': () => l10n.t('Cell'),
  'model.layers': () => l10n.t('Layers'),
  'model.bidirectional': () => l10n.t('Bidirectional'),
  'model.units': () => l10n.t('Units'),
  'model.bias': () => l10n.t('Bias'),
  'model.projection': () => l10n.t('Projection'),
  'model.activation': () => l10n.t('Activation'),
  'model.recurrence': () => l10n.t('Recurrence'),
  'model.resetAfter': () => l10n.t('Reset after'),
  'model.embedding': () => l10n.t('Embedding'),
  'model.tieWeights': () => l10n.t('Tie weights'),
  'model.dropout': () => l10n.t('Dropout'),
  'model.pooling': () => l10n.t('Pooling'),
  'model.attention': () => l10n.t('Attention'),
  'model.hidden': () => l10n.t('Hidden units'),
  'model.features': () => l10n.t('Features'),
  'model.penalty': () => l10n.t('L2 penalty'),
  'model.kernelWidths': () => l10n.t('Filter widths'),
  'model.filters': () => l10n.t('Filters'),
  'model.ngrams': () => l10n.t('Longest n-gram'),
  'model.smoothing': () => l10n.t('Smoothing'),
  'model.kernelInitializer': () => l10n.t('Input weights'),
  'model.recurrentInitializer': () => l10n.t('Recurrent weights'),
  'model.recurrentGain': () => l10n.t('Recurrent gain'),
  'model.standardDeviation': () => l10n.t('Standard deviation'),
  'model.forgetBias': () => l10n.t('Forget bias'),

  'training.batchSize': () => l10n.t('Batch size'),
  'training.optimizer': () => l10n.t('Optimizer'),
  'training.momentum': () => l10n.t('Momentum'),
  'training.learningRate': () => l10n.t('Learning rate'),
  'training.schedule': () => l10n.t('Schedule'),
  'training.warmUp': () => l10n.t('Warm-up'),
  'training.decayEvery': () => l10n.t('Decay every'),
  'training.decayFactor': () => l10n.t('Decay factor'),
  'training.plateauPatience': () => l10n.t('Patience of the schedule'),
  'training.weightDecay': () => l10n.t('Weight decay'),
  'training.clipNorm': () => l10n.t('Clip norm'),
  'training.clipValue': () => l10n.t('Clip value'),
  'training.truncation': () => l10n.t('Truncation'),
  'training.steps': () => l10n.t('Steps'),
  'training.seconds': () => l10n.t('Time limit'),
  'training.stopWhenSolved': () => l10n.t('Stop when solved'),
  'training.patience': () => l10n.t('Patience'),
  'training.keepBest': () => l10n.t('Keep the best model'),
  'training.validateEvery': () => l10n.t('Validate every'),
  'training.checkpointEvery': () => l10n.t('Checkpoint every'),

  'sampling.every': () => l10n.t('Sample every'),
  'sampling.length': () => l10n.t('Sample length'),
  'sampling.temperature': () => l10n.t('Temperature'),
  'sampling.prompt': () => l10n.t('Prompt'),

  'probes.every': () => l10n.t('Probe every'),
  seed: () => l10n.t('Seed'),
  backend: () => l10n.t('Backend'),
  threads: () => l10n.t('Threads'),
};

const byPath = new Map<string, () => string>(Object.entries(labels));

/** Label of a field by its dotted path, such as "Learning rate". */
export function labelOf(path: string): string {
  return byPath.get(path)?.() ?? path;
}

const steps = () => l10n.t('steps');
const timeSteps = () => l10n.t('time steps');

/** Units of the fields that have one, or how they are written. */
const units: ReadonlyMap<string, () => string> = new Map<FieldPath, () => string>([
  ['data.sequenceLength', timeSteps],
  ['data.stride', timeSteps],
  ['training.truncation', timeSteps],
  ['training.seconds', () => l10n.t('such as 90 s, 5 min or 1 h')],
  ['training.warmUp', steps],
  ['training.decayEvery', steps],
  ['training.validateEvery', steps],
  ['training.checkpointEvery', steps],
  ['sampling.every', steps],
  ['probes.every', steps],
]);

/** Unit of the values of a field; empty if it has none. */
export function unitOf(path: string): string {
  return units.get(path)?.() ?? '';
}
