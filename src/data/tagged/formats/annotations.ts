import * as z from 'zod';

/** Range of an entity in a text; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/** Text with the ranges of its entities. */
export interface AnnotatedText {
  readonly text: string;
  readonly spans: readonly Span[];
}

const offset = z.int().nonnegative();

/** The forms in which programs write a range. */
const span = z.union([
  // doccano, and training data of spaCy 2: [start, end, label].
  z.tuple([offset, offset, z.string()]).transform(([start, end, label]): Span => ({ start, end, label })),
  // spaCy 3 and Prodigy.
  z.object({ start: offset, end: offset, label: z.string() }).transform((each): Span => each),
  // doccano with relations.
  z
    .object({ start_offset: offset, end_offset: offset, label: z.string() })
    .transform(({ start_offset: start, end_offset: end, label }): Span => ({ start, end, label })),
  // Label Studio, in its short export.
  z
    .object({ start: offset, end: offset, labels: z.array(z.string()).length(1) })
    .transform(({ start, end, labels: [label = ''] }): Span => ({ start, end, label })),
]);
const ranges = z.array(span);

/** A result of Label Studio: a range, or something else, such as a choice for the whole text. */
const result = z.union([
  z
    .object({ value: z.object({ start: offset, end: offset, labels: z.array(z.string()).length(1) }) })
    .transform(({ value: { start, end, labels } }): Span[] => [{ start, end, label: labels[0] ?? '' }]),
  z.object({ type: z.string() }).transform((): Span[] => []),
]);

/** The forms in which programs write a text with its ranges. */
const annotated: z.ZodType<AnnotatedText> = z.union([
  z.object({ text: z.string(), label: ranges }).transform(({ text, label }): AnnotatedText => ({ text, spans: label })),
  z
    .object({ text: z.string(), labels: ranges })
    .transform(({ text, labels }): AnnotatedText => ({ text, spans: labels })),
  z
    .object({ text: z.string(), entities: ranges })
    .transform(({ text, entities }): AnnotatedText => ({ text, spans: entities })),
  z.object({ text: z.string(), spans: ranges }).transform((each): AnnotatedText => each),
  // Training data of spaCy 2.
  z
    .tuple([z.string(), z.object({ entities: ranges })])
    .transform(([text, { entities }]): AnnotatedText => ({ text, spans: entities })),
  // Label Studio. Of several annotations of a text, the first that was not cancelled counts.
  z
    .object({
      data: z.object({ text: z.string() }),
      annotations: z.array(z.object({ result: z.array(result), was_cancelled: z.boolean().optional() })).min(1),
    })
    .transform(({ data, annotations }): AnnotatedText => {
      const used = annotations.find(({ was_cancelled: cancelled }) => cancelled !== true) ?? annotations[0];
      return { text: data.text, spans: used?.result.flat() ?? [] };
    }),
]);

/** The text and the ranges of an object that some program exported; undefined for other objects. */
export function annotatedText(value: unknown): AnnotatedText | undefined {
  return annotated.safeParse(value).data;
}

const words = z.array(z.string());
const tags = z.array(z.union([z.string(), z.int()]));

/** Names of words and of tags in the order of preference. */
const WORDS = ['tokens', 'words'];
const TAGS = ['ner_tags', 'tags', 'labels', 'pos_tags', 'upos'];

/** The words and the tags of an object with an array of each; undefined for other objects. */
export function taggedTokens(value: unknown): { words: string[]; tags: string[] } | undefined {
  const object = z.record(z.string(), z.unknown()).safeParse(value).data;
  if (!object) return undefined;
  const first = <T>(names: readonly string[], schema: z.ZodType<T>): T | undefined =>
    names.map((name) => schema.safeParse(object[name]).data).find((found) => found !== undefined);
  const [foundWords, foundTags] = [first(WORDS, words), first(TAGS, tags)];
  if (!foundWords || foundTags?.length !== foundWords.length || foundWords.length === 0) return undefined;
  return { words: foundWords, tags: foundTags.map(String) };
}
