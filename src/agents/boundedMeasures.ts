import * as z from 'zod';

/** Most labels of a whole confusion matrix, and most members of other lists, of confusions and of lines of a text. */
const [LABELS, LISTED] = [20, 20];

type Measures = Readonly<Record<string, unknown>>;

const matrixOf = z.object({ labels: z.array(z.string()), confusion: z.array(z.array(z.number())) });

/**
 * Measures of a size that does not grow with the labels. A large confusion matrix becomes its largest confusions, and of
 * a long list only the beginning is left, with its length in `lengths`.
 */
export function boundedMeasures(measures: Measures): Record<string, unknown> {
  const { success, data } = matrixOf.safeParse(measures);
  const isLarge = success && data.labels.length > LABELS;
  const others = Object.entries(measures).filter(([name]) => name !== 'confusion');
  const kept = isLarge ? { ...Object.fromEntries(others), largestConfusions: largestConfusions(data) } : measures;
  const lengths: Record<string, number> = {};
  const bounded = Object.entries(kept).map(([name, value]: [string, unknown]) => [name, cut(value, name, lengths)]);
  return { ...Object.fromEntries(bounded), ...(Object.keys(lengths).length > 0 && { lengths }) };
}

/** The first lines of a text, and "…" if some are left out. */
export function boundedText(text: string): string {
  const lines = text.split('\n');
  return lines.length > LISTED ? [...lines.slice(0, LISTED), '…'].join('\n') : text;
}

/** The pairs of different labels that are confused most often. Rows are true labels. */
function largestConfusions({ labels, confusion }: z.output<typeof matrixOf>) {
  const pairs = confusion.flatMap((row, label) =>
    row.flatMap((count, answer) =>
      count > 0 && answer !== label ? [{ label: labels[label], answer: labels[answer], count }] : [],
    ),
  );
  return pairs.sort((a, b) => b.count - a.count).slice(0, LISTED);
}

/** A value whose lists are cut. @param lengths receives the whole length of each list that is cut */
function cut(value: unknown, path: string, lengths: Record<string, number>): unknown {
  if (Array.isArray(value)) {
    if (value.length > LISTED) lengths[path] = value.length;
    return value.slice(0, LISTED).map((each: unknown, i) => cut(each, `${path}.${i}`, lengths));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]: [string, unknown]) => [name, cut(each, `${path}.${name}`, lengths)]),
  );
}
