import * as l10n from '@vscode/l10n';
import * as z from 'zod';

/** The place of a run that waits for its turn to train. */
export const waits = z.object({
  /** Place in the queue; 1 is the next one. */
  place: z.int().positive(),
  /** What has to happen first: a run in training ends, the user continues the queue, or a certain run ends. */
  until: z.enum(['slot', 'continued', 'end']),
  /** Title of the run that has to end first; empty for any. */
  run: z.string(),
});

export type Waits = z.output<typeof waits>;

const DESCRIPTIONS: Readonly<Record<Waits['until'], (waits: Waits) => string>> = {
  slot: ({ place }) => l10n.t('place {0} in the queue', place),
  continued: ({ place }) => l10n.t('place {0} in the queue, which is paused', place),
  end: ({ place, run }) => l10n.t('place {0} in the queue, starts when "{1}" ends', place, run),
};

/** Describes the place of a waiting run, such as "place 2 in the queue". */
export function describeWaits(each: Waits): string {
  return DESCRIPTIONS[each.until](each);
}
