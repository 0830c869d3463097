import * as z from 'zod';
import { type Reading, readingOf, readingSchema } from './reading.ts';

/** How a file is read, if that is not left to detection. */
const reading = readingSchema.optional();

/** The origin of a text: a file, or a string with a name, such as the unsaved text of an editor. */
export const textSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: z.string(), reading }),
  z.object({ kind: z.literal('text'), text: z.string(), name: z.string(), reading }),
]);

/** Source of the training data: a text, or a task that generates its data. */
export const runSource = z.discriminatedUnion('kind', [
  ...textSource.options,
  z.object({ kind: z.literal('generated') }),
]);

export type TextSource = z.output<typeof textSource>;

/** A source that is read as the data of a configuration says, in its own encoding if it has one. */
export function sourceRead(source: TextSource, data: Reading): TextSource {
  const reading = readingOf(data);
  return { ...source, reading: { ...reading, encoding: source.reading?.encoding ?? reading.encoding } };
}
