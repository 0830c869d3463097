import { InputError } from '../data/inputError.ts';
import { phrase } from '../phrases/phrase.ts';

/** Common names of the sentiment classes in data files. */
const NAMES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    negative: ['0', '-1', 'neg', 'negative', 'bad', 'false', 'no', '-', 'n'],
    positive: ['1', '+1', 'pos', 'positive', 'good', 'true', 'yes', '+', 'p'],
  }),
);

/**
 * Maps the labels of a file to classes of a model: by name, ignoring case, or by a common name of a sentiment class.
 * @throws InputError that names the labels without a class
 */
export function classesOf(
  fileLabels: readonly string[],
  modelLabels: readonly string[],
  file: string,
): ReadonlyMap<string, number> {
  const classOf = (label: string): number => {
    const plain = label.trim().toLowerCase();
    return modelLabels.findIndex((name) => name.toLowerCase() === plain || NAMES.get(name)?.includes(plain));
  };
  const unknown = fileLabels.filter((label) => classOf(label) < 0);
  if (unknown.length === 0) return new Map(fileLabels.map((label) => [label, classOf(label)]));
  const some = unknown
    .slice(0, 5)
    .map((label) => JSON.stringify(label))
    .join(', ');
  throw new InputError(
    'unknown-label',
    phrase(
      unknown.length === 1
        ? '"{0}" has a label that the model does not know: {1}. Its classes are {2}.'
        : '"{0}" has labels that the model does not know: {1}. Its classes are {2}.',
      file,
      some,
      modelLabels.join(', '),
    ),
  );
}
