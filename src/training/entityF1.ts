/** Span of words of one entity; `end` is exclusive. */
interface Entity {
  readonly start: number;
  readonly end: number;
  readonly type: string;
}

const BIO = /^(?:O|[BI]-.+)$/;

/** True if the tags are in the BIO scheme: `B-person`, `I-person`, `O`. */
export function marksEntities(tags: readonly string[]): boolean {
  return tags.length > 1 && tags.every((tag) => BIO.test(tag)) && tags.includes('O');
}

/**
 * Entities of a sentence by the rules of the CoNLL evaluation (Tjong Kim Sang and De Meulder 2003): an entity begins at
 * `B-`, and at an `I-` whose type differs from the word before, so that every marked word belongs to an entity.
 */
export function entitiesOf(tags: readonly string[]): Entity[] {
  const found: Entity[] = [];
  let open: { start: number; type: string } | undefined;
  const close = (end: number): void => {
    if (open) found.push({ ...open, end });
    open = undefined;
  };
  tags.forEach((tag, at) => {
    const [prefix, type = ''] = [tag.slice(0, 1), tag.slice(2)];
    if (prefix === 'I' && open?.type === type) return;
    close(at);
    if (prefix !== 'O') open = { start: at, type };
  });
  close(tags.length);
  return found;
}

export interface EntityScores {
  readonly precision: number;
  readonly recall: number;
  /** Harmonic mean of precision and recall; 0 if nothing is correct. */
  readonly f1: number;
}

/** Entity scores; an entity is correct if its span and type match. */
export function entityScores(
  sentences: readonly { readonly right: readonly string[]; readonly answer: readonly string[] }[],
): EntityScores {
  let [right, answered, hits] = [0, 0, 0];
  for (const sentence of sentences) {
    const key = ({ start, end, type }: Entity) => `${start} ${end} ${type}`;
    const wanted = new Set(entitiesOf(sentence.right).map(key));
    const given = entitiesOf(sentence.answer).map(key);
    right += wanted.size;
    answered += given.length;
    hits += given.filter((each) => wanted.has(each)).length;
  }
  const precision = answered === 0 ? 0 : hits / answered;
  const recall = right === 0 ? 0 : hits / right;
  return { precision, recall, f1: hits === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}
