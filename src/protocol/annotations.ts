import * as z from 'zod';

/** Color of a run that its user has chosen: `#rrggbb`, or the number of one of the twelve slots as a text. */
export const chosenColor = z.string().regex(/^(?:#[0-9a-f]{6}|[0-9]|1[01])$/);

/** What the user has added to a run, apart from its note. */
export const annotations = z.strictObject({
  /** Name that replaces the label; null for the label. */
  name: z.string().trim().min(1).nullable().default(null),
  starred: z.boolean().default(false),
  /** Null for the color that follows from the id of the run. */
  color: chosenColor.nullable().default(null),
  tags: z.array(z.string().trim().min(1)).default([]),
  /** Whether lists omit the run unless archived runs are shown. */
  archived: z.boolean().default(false),
});

/** Annotations with the note, which is Markdown; empty without one. */
export const annotatedRun = annotations.extend({ note: z.string().default('') });

export type Annotations = z.output<typeof annotations>;
export type AnnotatedRun = z.output<typeof annotatedRun>;

/** Annotations of a run to which its user has added nothing. */
export const NO_ANNOTATIONS: AnnotatedRun = annotatedRun.parse({});
