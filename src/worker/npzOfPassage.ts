import { type NamedArrays, npzBytes } from '../export/npz/npz.ts';
import type { PassageArraysRequest } from '../protocol/trainer.ts';
import { readOwnRecord } from '../runs/logged/ownRecord.ts';
import { OpenedRun } from './openedRun.ts';
import { ownPassage, passageArrays } from './passage.ts';

/**
 * Arrays of the gates and states of a run on a text, which is the end of its validation text if none is given.
 * @throws Error with the reason if the model or the text cannot be read
 */
export async function arraysOfPassage({ folder, backends }: PassageArraysRequest, text?: string): Promise<NamedArrays> {
  const opened = await OpenedRun.open(folder, backends);
  try {
    return await passageArrays(opened.reading(), text ?? (await ownPassage(folder, await readOwnRecord(folder))));
  } finally {
    opened.dispose();
  }
}

/** The arrays of the end of a run's validation text as a file for NumPy. */
export async function npzOfPassage(request: PassageArraysRequest): Promise<Uint8Array<ArrayBuffer>> {
  return npzBytes(await arraysOfPassage(request));
}
