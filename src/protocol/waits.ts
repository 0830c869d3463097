import * as l10n from '@vscode/l10n';
import * as z from 'zod';

/** The place of a run that waits for its turn to train. */
export const waits = z.object({
  /** Place in the queue; 1 is the next one. */
  place: z.int().positive(),
  /** Number of runs in the queue. */
  of: z.int().positive(),
  /** What has to happen first: a run in training ends, the user continues the queue, or a certain run ends. */
  until: z.enum(['slot', 'continued', 'end']),
  /** Title of the run that has to end first; empty for any. */
  run: z.string(),
});

export type Waits = z.output<typeof waits>;

const DESCRIPTIONS: Readonly<Record<Waits['until'], (waits: Waits) => string>> = {
  slot: ({ place, of }) => l10n.t('{0} of {1} in the queue', place, of),
  continued: ({ place, of }) => l10n.t('{0} of {1} in the queue, which is paused', place, of),
  end: ({ place, of, run }) => l10n.t('{0} of {1} in the queue, starts when "{2}" ends', place, of, run),
};

/** Describes the place of a waiting run, such as "2 of 5 in the queue". */
export function describeWaits(each: Waits): string {
  return DESCRIPTIONS[each.until](each);
}
