import * as z from 'zod';
import { phrase, type Text } from '../phrases/phrase.ts';

/** Fields that a run is started without, in an answer. */
export const droppedFields = z
  .array(z.string())
  .describe('Fields of the run "from" that have no effect in the new configuration, and have their defaults again.');

/** The same in a confirmation; nothing if there are none. */
export function sayDropped(dropped: readonly string[]): Text[] {
  return dropped.length === 0 ? [] : [phrase('Left out, because it has no effect: {0}.', dropped.join(', '))];
}
