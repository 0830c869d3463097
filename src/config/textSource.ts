import * as z from 'zod';

/** The origin of a text: a file, or a string with a name, such as the unsaved text of an editor. */
export const textSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: z.string() }),
  z.object({ kind: z.literal('text'), text: z.string(), name: z.string() }),
]);

export type TextSource = z.output<typeof textSource>;
