import { similarLabels } from '../labeled/labelSets.ts';
import { formatCount } from '../../format/count.ts';
import { formatPercent } from '../../format/percent.ts';
import { basename } from 'node:path';
import type { DataInspection } from './inspection.ts';
import { phrase, sentences, type Text } from '../../phrases/phrase.ts';

type Found = Omit<DataInspection, 'plan' | 'notes' | 'fields' | 'suggestions'>;

/** Ratio of the most to the least frequent label above which accuracy alone is misleading. */
const UNBALANCED = 3;
/** Fractions that cause a warning. */
const MANY_UNKNOWN = 0.1;
const MANY_REPEATED = 0.05;
/** Minimum number of items per class without a warning. */
const RARE = 10;

/** Formats a number of items with their name. */
function count(items: number, name: string): Text {
  const formatted = formatCount(items);
  const isOne = items === 1;
  const names: Readonly<Record<string, Text>> = {
    text: isOne ? phrase('{0} text', formatted) : phrase('{0} texts', formatted),
    sentence: isOne ? phrase('{0} sentence', formatted) : phrase('{0} sentences', formatted),
    pair: isOne ? phrase('{0} pair', formatted) : phrase('{0} pairs', formatted),
    character: isOne ? phrase('{0} character', formatted) : phrase('{0} characters', formatted),
    document: isOne ? phrase('{0} document', formatted) : phrase('{0} documents', formatted),
    row: isOne ? phrase('{0} row', formatted) : phrase('{0} rows', formatted),
    file: isOne ? phrase('{0} file', formatted) : phrase('{0} files', formatted),
  };
  return names[name] ?? formatted;
}

/**
 * Describes in sentences how training will use the data.
 * @param kindOfSplit how labeled texts are divided
 */
export function describePlan(found: Found, seed: number, kindOfSplit: 'stratified' | 'random'): Text[] {
  const { task, item, kind, parts, problems, lengths, characters } = found;
  const train = count(parts.train, item);
  const skipped = count(problems.count, ['folder', 'corpus', 'text'].includes(kind) ? 'file' : 'row');
  const split =
    parts.validationFile !== null
      ? phrase(
          '{0} for training; {1} of {2} for validation.',
          train,
          count(parts.validation, item),
          basename(parts.validationFile),
        )
      : characters
        ? phrase(
            '{0} with {1} characters for training, {2} with {3} characters for validation: a random split by whole documents with seed {4}.',
            train,
            formatCount(characters.train),
            count(parts.validation, item),
            formatCount(characters.validation),
            seed,
          )
        : kind === 'text' || task === 'forecasting'
          ? phrase('The first {0} for training, the last {1} for validation.', train, formatCount(parts.validation))
          : task === 'classification' && kindOfSplit === 'stratified'
            ? phrase(
                '{0} for training, {1} for validation: a split with seed {2} that has every label in proportion and never puts the same item in both parts.',
                train,
                formatCount(parts.validation),
                seed,
              )
            : phrase(
                '{0} for training, {1} for validation: a random split with seed {2} that never puts the same item in both parts.',
                train,
                formatCount(parts.validation),
                seed,
              );
  const labels = formatCount(found.labelCount);
  const reading = {
    classification:
      found.labelSeparator === undefined
        ? phrase('Each text gets one of {0} labels.', labels)
        : phrase('Each text gets any of {0} labels.', labels),
    tagging: phrase('Each word gets one of {0} tags.', labels),
    'sequence-to-sequence': phrase('The model reads each source to its end, then generates its target.'),
    forecasting: phrase('The rows are steps in time; the model reads a window of them and forecasts the next ones.'),
    'language-model': characters
      ? phrase(
          'The documents are read in windows, none of which crosses from one to another; each character is predicted from those before it in its document.',
        )
      : phrase('The text is read in windows; each character is predicted from those before it.'),
  }[task];
  return [
    reading,
    split,
    ...(task === 'language-model' || !lengths ? [] : [describeLengths(lengths)]),
    ...(problems.count === 0 ? [] : [phrase('{0} will be skipped; see the list below.', skipped)]),
  ];
}

function describeLengths({ shortest, longest, median, unit }: NonNullable<Found['lengths']>): Text {
  const range = [formatCount(shortest), formatCount(longest), formatCount(median)] as const;
  return sentences(
    unit === 'word'
      ? phrase('Items have {0} to {1} words (median {2}).', ...range)
      : phrase('Items have {0} to {1} characters (median {2}).', ...range),
    phrase('Items of similar length share a batch, and padding is masked.'),
  );
}

/** Describes problems to check before training. */
export function describeWarnings(found: Found): Text[] {
  const { task, item, items, parts, repeated, problems } = found;
  const classifies = task === 'classification';
  const hasItems = (task !== 'language-model' || item === 'document') && task !== 'forecasting';
  const warnings: (Text | false)[] = [
    classifies && unbalanced(found),
    classifies && found.labelCount === 1 && phrase('There is only one label, so there is nothing to learn.'),
    classifies && rareLabels(found),
    classifies && labelsAlike(found),
    classifies && unscoredLabels(found),
    hasItems &&
      repeated.shared > 0 &&
      phrase(
        'In both parts: {0} of the validation part. The score on what is also in the training part does not measure performance on new texts.',
        count(repeated.shared, item),
      ),
    hasItems &&
      items > 0 &&
      repeated.repeated > MANY_REPEATED * items &&
      (item === 'pair'
        ? phrase('{0} of the sources are repetitions.', share(repeated.repeated / items))
        : phrase('{0} of the items are repetitions.', share(repeated.repeated / items))),
    classifies &&
      repeated.contradicting > 0 &&
      phrase('With more than one label: {0}.', count(repeated.contradicting, 'text')),
    manyUnknown(found),
    parts.validation === 0 && phrase('There is no validation data, because there are too few different items.'),
    problems.count > items && phrase('More rows are skipped than used. Check that this is the right kind of file.'),
  ];
  return warnings.filter((warning) => warning !== false);
}

function unbalanced({ labels, labelCount, labelSeparator }: Found): Text | false {
  if (labelSeparator !== undefined) return false;
  const [most, second] = labels;
  const least = labels.at(-1);
  if (!most || !second || !least || most.train <= UNBALANCED * least.train) return false;
  // The split alone can make one of two labels more frequent.
  if (most.train + most.validation <= second.train + second.validation || labelCount < 2) return false;
  const sum = labels.reduce((total, label) => total + label.train, 0);
  return phrase(
    'The labels are unbalanced: always predicting "{0}" is correct for {1} of the texts. Compare models by macro F1, and use class weights.',
    most.label,
    share(most.train / sum),
  );
}

function rareLabels({ labels, labelCount }: Found): Text | false {
  const rare = labels.filter(({ train }) => train < RARE);
  if (rare.length === 0 || labelCount < 2) return false;
  const first = rare.slice(0, 5).map(({ label }) => label);
  const listed = [...first, ...(rare.length > first.length ? ['...'] : [])].join(', ');
  return rare.length === 1
    ? phrase('One label has fewer than {0} training texts: {1}.', RARE, listed)
    : phrase('{0} labels have fewer than {1} training texts: {2}.', formatCount(rare.length), RARE, listed);
}

/** Labels that a reader takes for one: a typing error splits a class. */
function labelsAlike({ labels }: Found): Text | false {
  const similar = similarLabels(labels.map(({ label }) => label));
  if (similar.length === 0) return false;
  const listed = similar.map((label) => JSON.stringify(label)).join(', ');
  return phrase('Labels that differ only in case or spaces count as different ones: {0}.', listed);
}

/** Labels that the validation cannot judge. */
function unscoredLabels({ labels, parts }: Found): Text | false {
  const unscored = labels.filter(({ validation }) => validation === 0);
  if (parts.validation === 0 || unscored.length === 0 || unscored.length === labels.length) return false;
  const listed = unscored.map(({ label }) => JSON.stringify(label)).join(', ');
  return phrase('The validation part has no text of these labels: {0}. Its scores say nothing about them.', listed);
}

/** Fraction of unknown tokens above which most of what a model reads is unknown to it. */
const MOSTLY_UNKNOWN = 0.5;

function manyUnknown({ unknown, task }: Found): Text | false {
  if (!unknown || unknown.tokens === 0 || unknown.unknown <= MANY_UNKNOWN * unknown.tokens) return false;
  const fraction = share(unknown.unknown / unknown.tokens);
  const { characters } = unknown;
  if (characters && task !== 'tagging' && unknown.unknown > MOSTLY_UNKNOWN * unknown.tokens)
    return phrase(
      '{0} of the words in the validation part never occur in the training part. The model reads them as unknown. Of the characters, {1} are unknown: set task.tokens to "character", or add texts.',
      fraction,
      share(characters.unknown / Math.max(1, characters.tokens)),
    );
  return unknown.unit === 'word'
    ? phrase(
        '{0} of the words in the validation part never occur in the training part. The model reads them as unknown.',
        fraction,
      )
    : phrase(
        '{0} of the characters in the validation part never occur in the training part. The model reads them as unknown.',
        fraction,
      );
}

function share(fraction: number): string {
  return formatPercent(fraction, fraction < 0.1 ? 1 : 0);
}
