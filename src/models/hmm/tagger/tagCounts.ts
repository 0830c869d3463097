import * as z from 'zod';
import { phrase, PhrasedError } from '../../../phrases/phrase.ts';
import { textOf } from '../../../phrases/causes.ts';

/** Sentence with a tag for every word. */
export interface TaggedWords {
  readonly words: readonly string[];
  readonly tags: readonly string[];
}

const counts = z.array(z.int().nonnegative());

const tagCountsSchema = z
  .strictObject({
    version: z.literal(1),
    tags: z.array(z.string()).min(1),
    initial: counts,
    transition: z.array(counts),
    /** A list, because a word may be `__proto__`. */
    words: z.array(z.tuple([z.string(), counts])),
  })
  .refine(
    ({ tags, initial, transition, words }) =>
      transition.length === tags.length &&
      [initial, ...transition, ...words.map(([, row]) => row)].every((row) => row.length === tags.length),
    { error: 'every row must have one count for each tag' },
  )
  .refine(({ tags, words }) => tags.every((_, tag) => words.some(([, row]) => (row[tag] ?? 0) > 0)), {
    error: 'every tag must have been counted for some word',
  });

export type TagCountsJson = z.output<typeof tagCountsSchema>;

/** Training counts of a tagger: initial tags, tag transitions and the tags of each word. */
export class TagCounts {
  /** Sorted. */
  readonly tags: readonly string[];
  /** `[tags]` */
  readonly initial: Float64Array;
  /** The second tag after the first at `first * tags + second`, `[tags, tags]`. */
  readonly transition: Float64Array;
  /** Tag counts `[tags]` of each word as written. */
  readonly words: ReadonlyMap<string, Float64Array>;

  private constructor(fields: Pick<TagCounts, 'tags' | 'initial' | 'transition' | 'words'>) {
    this.tags = fields.tags;
    this.initial = fields.initial;
    this.transition = fields.transition;
    this.words = fields.words;
  }

  /** @throws RangeError if there are no words, or a sentence does not have one tag for each word */
  static of(sentences: readonly TaggedWords[]): TagCounts {
    const tags = [...new Set(sentences.flatMap((sentence) => sentence.tags))].sort();
    if (tags.length === 0) throw new RangeError('A tagger needs at least one tagged word.');
    const idOf = new Map(tags.map((tag, id) => [tag, id]));
    const initial = new Float64Array(tags.length);
    const transition = new Float64Array(tags.length ** 2);
    const words = new Map<string, Float64Array>();
    for (const sentence of sentences) {
      if (sentence.words.length !== sentence.tags.length) {
        throw new RangeError(`A sentence has ${sentence.words.length} words and ${sentence.tags.length} tags.`);
      }
      let before: number | undefined;
      sentence.words.forEach((word, position) => {
        const tag = idOf.get(sentence.tags[position]!)!;
        if (before === undefined) increment(initial, tag);
        else increment(transition, before * tags.length + tag);
        const row = words.get(word) ?? new Float64Array(tags.length);
        increment(row, tag);
        words.set(word, row);
        before = tag;
      });
    }
    return new TagCounts({ tags, initial, transition, words });
  }

  /** Restores counts from the output of `toJSON`. @throws Error that names the invalid part */
  static fromJSON(json: unknown): TagCounts {
    const result = tagCountsSchema.safeParse(json);
    if (!result.success)
      throw new PhrasedError(phrase('This is not a tagger of Sequence Lab. {0}', textOf(result.error)));
    const { tags, initial, transition, words } = result.data;
    return new TagCounts({
      tags,
      initial: Float64Array.from(initial),
      transition: Float64Array.from(transition.flat()),
      words: new Map(words.map(([word, row]) => [word, Float64Array.from(row)])),
    });
  }

  toJSON(): TagCountsJson {
    const width = this.tags.length;
    return {
      version: 1,
      tags: [...this.tags],
      initial: [...this.initial],
      transition: this.tags.map((_, from) => [...this.transition.subarray(from * width, (from + 1) * width)]),
      words: Array.from(this.words, ([word, row]) => [word, [...row]]),
    };
  }
}

function increment(row: Float64Array, at: number): void {
  row[at] = row[at]! + 1;
}
