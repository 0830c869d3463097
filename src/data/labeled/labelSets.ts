import { phrase, type Text } from '../../phrases/phrase.ts';

/** Signs between several labels in a cell, in the order of preference. A space is part of labels such as "very good". */
const SEPARATORS = ['|', ';', ','] as const;
/** Minimum fraction of cells with a separator where the labels are several. */
const MIN_SEVERAL = 0.2;
/** Minimum number of cells for each label. */
const CELLS_PER_LABEL = 4;
/** Maximum length of a label. Longer parts of cells are phrases. */
const LONGEST = 30;

/** The labels of a cell, each once: those between separators, or the strings of a JSON array. */
export function labelSetOf(cell: string, separator: string): string[] {
  const parts = arrayOf(cell) ?? cell.split(separator);
  return [...new Set(parts.map((part) => part.trim()).filter((part) => part !== ''))];
}

function arrayOf(cell: string): string[] | undefined {
  if (!cell.trimStart().startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(cell);
    return Array.isArray(value) ? value.map(String) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Finds the separator of cells that hold several labels: many cells have it, its parts are short, each occurs in several
 * cells, and there are fewer distinct ones than distinct cells. A comma for cells that are JSON arrays.
 * @returns undefined if each cell is one label
 */
export function labelSeparatorOf(cells: Iterable<string>): string | undefined {
  const counts = new Map<string, number>();
  let filled = 0;
  for (const cell of cells) {
    const text = cell.trim();
    if (text === '') continue;
    counts.set(text, (counts.get(text) ?? 0) + 1);
    filled++;
  }
  if (filled === 0) return undefined;
  if ([...counts.keys()].every((cell) => arrayOf(cell) !== undefined)) return ',';
  return SEPARATORS.find((separator) => {
    const labels = new Set<string>();
    let several = 0;
    for (const [cell, count] of counts) {
      const own = labelSetOf(cell, separator);
      for (const label of own) labels.add(label);
      if (own.length > 1) several += count;
    }
    return (
      several >= MIN_SEVERAL * filled &&
      labels.size < counts.size &&
      CELLS_PER_LABEL * labels.size <= filled &&
      [...labels].every((label) => label.length <= LONGEST)
    );
  });
}

/**
 * Counts the distinct cells with several labels, and their distinct labels.
 * @returns an empty text if no cell has several
 */
export function describeJointLabels(cells: Iterable<string>, separator: string): Text {
  const distinct = new Set<string>();
  for (const cell of cells) distinct.add(cell.trim());
  const joint = [...distinct]
    .map((cell) => ({ cell, labels: labelSetOf(cell, separator) }))
    .filter(({ labels }) => labels.length > 1);
  const [first] = joint;
  if (!first) return '';
  const parts = new Set(joint.flatMap(({ labels }) => labels)).size;
  return phrase(
    'Distinct joint labels: {0}, such as {1}, made of {2} distinct parts.',
    joint.length,
    JSON.stringify(first.cell),
    parts,
  );
}

/** Labels that differ from another only in case or white space, as after a typing error. */
export function similarLabels(labels: readonly string[]): string[] {
  const keyOf = (label: string) => label.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(keyOf(label), (counts.get(keyOf(label)) ?? 0) + 1);
  return labels.filter((label) => (counts.get(keyOf(label)) ?? 0) > 1);
}
