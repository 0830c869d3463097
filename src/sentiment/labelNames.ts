import { InputError } from '../data/inputError.ts';

/** What the classes of sentiment are called in files. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  negative: ['0', '-1', 'neg', 'negative', 'bad', 'false', 'no', '-', 'n'],
  positive: ['1', '+1', 'pos', 'positive', 'good', 'true', 'yes', '+', 'p'],
};

/**
 * Which class of a model each label of a file means: the class of the same name, whatever its case, or for sentiment
 * one of its common names.
 * @throws InputError that names the labels which mean no class
 */
export function classesOf(
  fileLabels: readonly string[],
  modelLabels: readonly string[],
  file: string,
): ReadonlyMap<string, number> {
  const classOf = (label: string): number => {
    const plain = label.trim().toLowerCase();
    return modelLabels.findIndex((name) => name.toLowerCase() === plain || NAMES[name]?.includes(plain));
  };
  const strangers = fileLabels.filter((label) => classOf(label) < 0);
  if (strangers.length === 0) return new Map(fileLabels.map((label) => [label, classOf(label)]));
  const some = strangers
    .slice(0, 5)
    .map((label) => JSON.stringify(label))
    .join(', ');
  throw new InputError(
    'unknown-label',
    `"${file}" has ${strangers.length === 1 ? 'a label that is' : 'labels that are'} no class of the model: ${some}. The model knows ${modelLabels.join(', ')}.`,
  );
}
