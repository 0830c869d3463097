import { entityTypes, parseTag, type TagPrefix, type TagScheme } from '../data/tagged/tagScheme.ts';

/** Span of words of one entity; `end` is exclusive. */
interface Entity {
  readonly start: number;
  readonly end: number;
  readonly type: string;
}

type Parsed = { readonly prefix: TagPrefix; readonly type: string };

const OUTSIDE: Parsed = { prefix: 'O', type: '' };

/** Tags with their prefixes; a tag that marks no entity is outside. */
function parsed(tags: readonly string[]): Parsed[] {
  return tags.map((tag) => parseTag(tag) ?? OUTSIDE);
}

/**
 * Entities of a sentence by the rules of the CoNLL evaluation (conlleval; Tjong Kim Sang and De Meulder 2003), which
 * are the same for all schemes: an entity goes on from `B-` or `I-` to an `I-` or `E-` of the same type, and any other
 * marked word begins one, so that every marked word belongs to an entity.
 */
export function entitiesOf(tags: readonly string[]): Entity[] {
  const found: Entity[] = [];
  let open: { start: number; type: string } | undefined;
  let before: TagPrefix = 'O';
  const close = (end: number): void => {
    if (open) found.push({ ...open, end });
    open = undefined;
  };
  parsed(tags).forEach(({ prefix, type }, at) => {
    const goesOn = (before === 'B' || before === 'I') && (prefix === 'I' || prefix === 'E') && open?.type === type;
    before = prefix;
    if (goesOn) return;
    close(at);
    if (prefix !== 'O') open = { start: at, type };
  });
  close(tags.length);
  return found;
}

/** Prefixes of two neighbors, and whether their types have to be the same or to differ. */
type Pattern = readonly [before: string, after: string, types: 'same' | 'different' | 'any'];

/** Pairs of neighbors between which an entity begins, goes on, or has ended. */
interface Rules {
  readonly begins: readonly Pattern[];
  readonly goesOn: readonly Pattern[];
  readonly ended: readonly Pattern[];
}

const INSIDE: readonly Pattern[] = [['BI', 'I', 'same']];
const iob1: Rules = {
  begins: [
    ['OB', 'I', 'any'],
    ['I', 'I', 'different'],
    ['BI', 'B', 'same'],
  ],
  goesOn: INSIDE,
  ended: [
    ['BI', 'I', 'different'],
    ['BI', 'O', 'any'],
    ['I', 'B', 'any'],
    ['B', 'B', 'same'],
  ],
};
const iob2: Rules = {
  begins: [['OBIES', 'B', 'any']],
  goesOn: INSIDE,
  ended: [
    ['BI', 'OB', 'any'],
    ['BI', 'I', 'different'],
  ],
};
const bioes: Rules = {
  begins: [['OBIES', 'BS', 'any']],
  goesOn: [['BI', 'IE', 'same']],
  ended: [['ES', 'OBIES', 'any']],
};

/** The strict rules of each scheme, as in seqeval (Nakayama 2018), with the prefixes of BIOES. */
const strictRules: Readonly<Record<TagScheme, Rules>> = {
  IO: iob1,
  IOB1: iob1,
  IOB2: iob2,
  BIOES: bioes,
  BMES: bioes,
  BILOU: bioes,
};

/** Entities of a sentence that follow the rules of a scheme; words with other tags belong to none. */
export function strictEntitiesOf(tags: readonly string[], scheme: TagScheme): Entity[] {
  const { begins, goesOn, ended } = strictRules[scheme];
  const words = [...parsed(tags), OUTSIDE];
  const found: Entity[] = [];
  let at = 0;
  while (at < tags.length) {
    const [before, word] = [words[at - 1] ?? OUTSIDE, words[at] ?? OUTSIDE];
    let end = at + 1;
    if (matches(begins, before, word)) {
      while (end < tags.length && matches(goesOn, words[end - 1] ?? OUTSIDE, words[end] ?? OUTSIDE)) end++;
      if (matches(ended, words[end - 1] ?? OUTSIDE, words[end] ?? OUTSIDE))
        found.push({ start: at, end, type: word.type });
    }
    at = end;
  }
  return found;
}

function matches(patterns: readonly Pattern[], before: Parsed, after: Parsed): boolean {
  return patterns.some(
    ([first, second, types]) =>
      first.includes(before.prefix) &&
      second.includes(after.prefix) &&
      (types === 'any' || (types === 'same') === (before.type === after.type)),
  );
}

export interface PrecisionRecall {
  readonly precision: number;
  readonly recall: number;
  /** Harmonic mean of precision and recall; 0 if nothing is correct. */
  readonly f1: number;
}

/** Scores of the entities of a type. */
interface TypeScores extends PrecisionRecall {
  /** Empty for tags without a type. */
  readonly type: string;
  /** Number of true entities. */
  readonly support: number;
}

/** Scores of all entities, by the rules of conlleval, and by the strict ones of the scheme. */
export interface EntityScores extends PrecisionRecall {
  readonly scheme: TagScheme;
  readonly strict: PrecisionRecall;
  /** By the rules of conlleval, sorted by type. */
  readonly types: readonly TypeScores[];
}

/** True and predicted tags of a sentence. */
interface TagPair {
  readonly right: readonly string[];
  readonly answer: readonly string[];
}

/** Entity scores; an entity is correct if its span and type match. */
export function entityScores(sentences: readonly TagPair[], scheme: TagScheme): EntityScores {
  const lenient = countsOf(sentences, entitiesOf);
  const types = entityTypes(sentences.flatMap(({ right, answer }) => [...right, ...answer]));
  return {
    ...scoresOf(total(lenient)),
    scheme,
    strict: scoresOf(total(countsOf(sentences, (tags) => strictEntitiesOf(tags, scheme)))),
    types: types.map((type) => {
      const counts = lenient.get(type) ?? NONE;
      return { type, ...scoresOf(counts), support: counts.right };
    }),
  };
}

/** Numbers of true entities, of predicted ones, and of those that are both. */
interface Counts {
  readonly right: number;
  readonly answered: number;
  readonly hits: number;
}

const NONE: Counts = { right: 0, answered: 0, hits: 0 };

function countsOf(
  sentences: readonly TagPair[],
  find: (tags: readonly string[]) => Entity[],
): ReadonlyMap<string, Counts> {
  const counts = new Map<string, { right: number; answered: number; hits: number }>();
  const of = (type: string) => {
    const found = counts.get(type) ?? { ...NONE };
    counts.set(type, found);
    return found;
  };
  const key = ({ start, end, type }: Entity) => `${start} ${end} ${type}`;
  for (const { right, answer } of sentences) {
    const wanted = find(right);
    const keys = new Set(wanted.map(key));
    for (const { type } of wanted) of(type).right++;
    for (const entity of find(answer)) {
      const found = of(entity.type);
      found.answered++;
      if (keys.has(key(entity))) found.hits++;
    }
  }
  return counts;
}

function total(counts: ReadonlyMap<string, Counts>): Counts {
  return [...counts.values()].reduce(
    (sum, { right, answered, hits }) => ({
      right: sum.right + right,
      answered: sum.answered + answered,
      hits: sum.hits + hits,
    }),
    NONE,
  );
}

function scoresOf({ right, answered, hits }: Counts): PrecisionRecall {
  const precision = answered === 0 ? 0 : hits / answered;
  const recall = right === 0 ? 0 : hits / right;
  return { precision, recall, f1: hits === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}
