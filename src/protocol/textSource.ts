import * as z from 'zod';

/** Where the text comes from: a file on disk, or the unsaved text of an editor. */
export const textSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: z.string() }),
  z.object({ kind: z.literal('text'), text: z.string(), name: z.string() }),
]);

export type TextSource = z.output<typeof textSource>;
