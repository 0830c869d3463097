/** Schemes of tags that mark entities. BMES has M and E for the I and E of BIOES; BILOU has L and U for E and S. */
export type TagScheme = 'IO' | 'IOB1' | 'IOB2' | 'BIOES' | 'BMES' | 'BILOU';

/** Place of a word in its entity: outside, beginning, inside, end, single. */
export type TagPrefix = 'O' | 'B' | 'I' | 'E' | 'S';

/** Tag of an entity, such as `B-PER`. */
interface ParsedTag {
  readonly prefix: TagPrefix;
  /** Empty for a tag without a type. */
  readonly type: string;
}

const TAG = /^(?:O|([BIESMLUW])(?:[-_](.+))?)$/;

/** The letters of all schemes as those of BIOES. */
const PREFIXES: Readonly<Record<string, TagPrefix>> = {
  B: 'B',
  I: 'I',
  M: 'I',
  E: 'E',
  L: 'E',
  S: 'S',
  U: 'S',
  W: 'S',
};

/** Splits a tag into its prefix, as in BIOES, and its type; undefined if it marks no entity. */
export function parseTag(tag: string): ParsedTag | undefined {
  const match = TAG.exec(tag);
  if (!match) return undefined;
  const [, letter, type = ''] = match;
  return letter === undefined ? { prefix: 'O', type: '' } : { prefix: PREFIXES[letter] ?? 'O', type };
}

/**
 * Detects the scheme of tags. In IOB1, `B-` only separates an entity from one of the same type before it; in IOB2,
 * every entity begins with `B-`. Tags that follow neither rule throughout are read as IOB2.
 * @returns undefined if the tags do not mark entities
 */
export function tagSchemeOf(sentences: readonly (readonly string[])[]): TagScheme | undefined {
  const tags = new Set(sentences.flat());
  const letters = new Set([...tags].map((tag) => (parseTag(tag) ? tag.slice(0, 1) : '?')));
  const has = (...any: string[]) => any.some((letter) => letters.has(letter));
  if (has('?') || !(has('O') || (has('B') && has('E', 'L')))) return undefined;
  if (!has('B', 'I', 'M', 'E', 'L', 'S', 'U', 'W')) return undefined;
  if (has('M')) return 'BMES';
  if (has('L', 'U')) return 'BILOU';
  if (has('E', 'S', 'W')) return 'BIOES';
  if (!has('B')) return 'IO';
  return followsIob1(sentences) ? 'IOB1' : 'IOB2';
}

/** Whether some entity begins with `I-`, and each `B-` follows a word of the same type. */
function followsIob1(sentences: readonly (readonly string[])[]): boolean {
  let begins = false;
  for (const tags of sentences) {
    let last: ParsedTag | undefined;
    for (const tag of tags) {
      const parsed = parseTag(tag);
      const follows = last !== undefined && last.prefix !== 'O' && last.type === parsed?.type;
      if (parsed?.prefix === 'B' && !follows) return false;
      if (parsed?.prefix === 'I' && !follows) begins = true;
      last = parsed;
    }
  }
  return begins;
}

/** Sorted types of the entities in tags. */
export function entityTypes(tags: Iterable<string>): string[] {
  const types = new Set<string>();
  for (const tag of tags) {
    const parsed = parseTag(tag);
    if (parsed && parsed.prefix !== 'O') types.add(parsed.type);
  }
  return [...types].sort();
}
