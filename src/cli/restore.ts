import { say } from '../phrases/phrase.ts';
import { readOwnRecord } from '../runs/logged/ownRecord.ts';
import { restoreModel } from '../worker/restore.ts';
import { backendOptions, findRun, prepareNativeEnvironment } from './environment.ts';

/** `sequence-lab restore`: restores a damaged model of a run from its newest whole checkpoint. */
export async function restore(run: string): Promise<void> {
  const folder = findRun(run);
  prepareNativeEnvironment((await readOwnRecord(folder)).config.threads);
  process.stdout.write(`${say(await restoreModel({ folder, backends: backendOptions() }))}\n`);
}
