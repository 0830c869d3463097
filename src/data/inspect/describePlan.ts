import { formatPercent } from '../../format/percent.ts';
import { basename } from 'node:path';
import type { DataInspection } from './inspection.ts';

type Found = Omit<DataInspection, 'plan' | 'warnings'>;

/** The most frequent label is so many times as frequent as the rarest: accuracy alone misleads. */
const UNBALANCED = 3;
/** Shares that are worth a warning. */
const MANY_UNKNOWN = 0.1;
const MANY_REPEATED = 0.05;
/** Fewer items of a class than this teach little. */
const RARE = 10;

/** What training will do with the data, a sentence each. */
export function describePlan(found: Found, seed: number): string[] {
  const { task, item, kind, parts, problems, lengths } = found;
  const skipped =
    problems.count === 0
      ? []
      : [
          `${count(problems.count, kind === 'folder' ? 'file' : 'row')} cannot be used and ${problems.count === 1 ? 'is' : 'are'} left out; the list below names each.`,
        ];
  const split =
    parts.validationFile !== null
      ? `${count(parts.train, item)} to train on; ${count(parts.validation, item)} of ${basename(parts.validationFile)} to validate on.`
      : kind === 'text'
        ? `The first ${count(parts.train, item)} to train on, the last ${number(parts.validation)} to validate on.`
        : `${count(parts.train, item)} to train on, ${number(parts.validation)} to validate on: split at random with seed ${seed}, the same ${item} never in both.`;
  const reading = {
    classification: `Each text gets one of ${number(found.labelCount)} labels.`,
    tagging: `Each word gets one of ${number(found.labelCount)} tags.`,
    'sequence-to-sequence': 'Each source is read to its end, then its target is written.',
    'language-model': 'The text is read in windows; each character is predicted from those before it.',
  }[task];
  const padded =
    task === 'language-model' || !lengths
      ? []
      : [
          `Items have ${number(lengths.shortest)} to ${number(lengths.longest)} ${lengths.unit}s (median ${number(lengths.median)}): those of about the same length share a batch, and what is filled up is masked.`,
        ];
  return [reading, split, ...padded, ...skipped];
}

/** What should be looked at before training. */
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
  const words: string[] = [];
  const [most] = labels;
  const least = labels.at(-1);
  const sum = labels.reduce((total, label) => total + label.train, 0);
  if (task === 'classification' && most && labelCount > 1 && least && most.train > UNBALANCED * least.train) {
    words.push(
      `The labels are unbalanced: always answering "${most.label}" is right in ${share(most.train / sum)}. Judge by macro F1, and weigh the classes.`,
    );
  }
  if (task === 'classification' && labelCount === 1)
    words.push('There is only one label: nothing can be learned from it.');
  const rare = labels.filter(({ train }) => train < RARE);
  if (task === 'classification' && rare.length > 0 && labelCount > 1) {
    words.push(
      `${rare.length === 1 ? 'One label has' : `${number(rare.length)} labels have`} fewer than ${RARE} texts to train on: ${rare
        .slice(0, 5)
        .map(({ label }) => label)
        .join(', ')}${rare.length > 5 ? ', ...' : ''}.`,
    );
  }
  if (task !== 'language-model' && repeated.shared > 0)
    words.push(
      `${count(repeated.shared, item)} of the validation part ${repeated.shared === 1 ? 'is' : 'are'} in the training part too: the score on ${repeated.shared === 1 ? 'it' : 'them'} says nothing of new texts.`,
    );
  if (task !== 'language-model' && items > 0 && repeated.repeated > MANY_REPEATED * items)
    words.push(
      `${share(repeated.repeated / items)} of the ${item === 'pair' ? 'sources' : `${item}s`} have come before.`,
    );
  if (task === 'classification' && repeated.contradicting > 0)
    words.push(
      `${count(repeated.contradicting, 'text')} come${repeated.contradicting === 1 ? 's' : ''} with more than one label.`,
    );
  if (unknown && unknown.tokens > 0 && unknown.unknown > MANY_UNKNOWN * unknown.tokens) {
    words.push(
      `${share(unknown.unknown / unknown.tokens)} of the ${unknown.unit}s of the validation part never come in the training part: the model reads them as unknown.`,
    );
  }
  if (parts.validation === 0) words.push('Nothing is left to validate on: there are too few different items.');
  if (problems.count > items) words.push('More rows are left out than can be used: is this the right kind of file?');
  return words;
}

function count(value: number, what: string): string {
  return `${number(value)} ${what}${value === 1 ? '' : 's'}`;
}

function number(value: number): string {
  return value.toLocaleString('en');
}

function share(fraction: number): string {
  return formatPercent(fraction, fraction < 0.1 ? 1 : 0);
}
