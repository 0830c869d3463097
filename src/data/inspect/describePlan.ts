import { formatCount } from '../../format/count.ts';
import { formatPercent } from '../../format/percent.ts';
import { basename } from 'node:path';
import type { DataInspection } from './inspection.ts';

type Found = Omit<DataInspection, 'plan' | 'warnings'>;

/** Ratio of the most to the least frequent label above which accuracy alone is misleading. */
const UNBALANCED = 3;
/** Fractions that cause a warning. */
const MANY_UNKNOWN = 0.1;
const MANY_REPEATED = 0.05;
/** Minimum number of items per class without a warning. */
const RARE = 10;

/** Describes in sentences how training will use the data. */
export function describePlan(found: Found, seed: number): string[] {
  const { task, item, kind, parts, problems, lengths } = found;
  const skipped =
    problems.count === 0
      ? []
      : [`${count(problems.count, kind === 'folder' ? 'file' : 'row')} will be skipped; see the list below.`];
  const split =
    parts.validationFile !== null
      ? `${count(parts.train, item)} for training; ${count(parts.validation, item)} of ${basename(parts.validationFile)} for validation.`
      : kind === 'text'
        ? `The first ${count(parts.train, item)} for training, the last ${formatCount(parts.validation)} for validation.`
        : `${count(parts.train, item)} for training, ${formatCount(parts.validation)} for validation: a random split with seed ${seed} that never puts the same ${item} in both parts.`;
  const reading = {
    classification: `Each text gets one of ${formatCount(found.labelCount)} labels.`,
    tagging: `Each word gets one of ${formatCount(found.labelCount)} tags.`,
    'sequence-to-sequence': 'The model reads each source to its end, then generates its target.',
    'language-model': 'The text is read in windows; each character is predicted from those before it.',
  }[task];
  const padded =
    task === 'language-model' || !lengths
      ? []
      : [
          `Items have ${formatCount(lengths.shortest)} to ${formatCount(lengths.longest)} ${lengths.unit}s (median ${formatCount(lengths.median)}). Items of similar length share a batch, and padding is masked.`,
        ];
  return [reading, split, ...padded, ...skipped];
}

/** Describes problems to check before training. */
export function describeWarnings({
  task,
  item,
  items,
  labels,
  labelCount,
  parts,
  repeated,
  unknown,
  problems,
}: Found): string[] {
  const warnings: string[] = [];
  const [most] = labels;
  const least = labels.at(-1);
  const sum = labels.reduce((total, label) => total + label.train, 0);
  if (task === 'classification' && most && labelCount > 1 && least && most.train > UNBALANCED * least.train) {
    warnings.push(
      `The labels are unbalanced: always predicting "${most.label}" is correct for ${share(most.train / sum)} of the texts. Compare models by macro F1, and use class weights.`,
    );
  }
  if (task === 'classification' && labelCount === 1)
    warnings.push('There is only one label, so there is nothing to learn.');
  const rare = labels.filter(({ train }) => train < RARE);
  if (task === 'classification' && rare.length > 0 && labelCount > 1) {
    warnings.push(
      `${rare.length === 1 ? 'One label has' : `${formatCount(rare.length)} labels have`} fewer than ${RARE} training texts: ${rare
        .slice(0, 5)
        .map(({ label }) => label)
        .join(', ')}${rare.length > 5 ? ', ...' : ''}.`,
    );
  }
  if (task !== 'language-model' && repeated.shared > 0)
    warnings.push(
      `${count(repeated.shared, item)} of the validation part ${repeated.shared === 1 ? 'is' : 'are'} also in the training part, so the score on ${repeated.shared === 1 ? 'it' : 'them'} does not measure performance on new texts.`,
    );
  if (task !== 'language-model' && items > 0 && repeated.repeated > MANY_REPEATED * items)
    warnings.push(
      `${share(repeated.repeated / items)} of the ${item === 'pair' ? 'sources' : `${item}s`} are repetitions.`,
    );
  if (task === 'classification' && repeated.contradicting > 0)
    warnings.push(
      `${count(repeated.contradicting, 'text')} ${repeated.contradicting === 1 ? 'has' : 'have'} more than one label.`,
    );
  if (unknown && unknown.tokens > 0 && unknown.unknown > MANY_UNKNOWN * unknown.tokens) {
    warnings.push(
      `${share(unknown.unknown / unknown.tokens)} of the ${unknown.unit}s in the validation part never occur in the training part. The model reads them as unknown.`,
    );
  }
  if (parts.validation === 0) warnings.push('There is no validation data, because there are too few different items.');
  if (problems.count > items)
    warnings.push('More rows are skipped than used. Check that this is the right kind of file.');
  return warnings;
}

function count(value: number, noun: string): string {
  return `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`;
}

function share(fraction: number): string {
  return formatPercent(fraction, fraction < 0.1 ? 1 : 0);
}
