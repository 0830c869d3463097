import { join } from 'node:path';
import { phrase } from '../../phrases/phrase.ts';
import type { Files } from '../../platform/files.ts';
import { checkpointSteps, metricsAt } from '../checkpoints.ts';
import {
  assertSame,
  CheckedFolder,
  DamagedRunError,
  MANIFEST,
  recordedIn,
  WITHOUT_HASHES,
  withoutHash,
} from '../integrity.ts';
import { METRICS_FILE } from '../metricsLog.ts';
import { parseProbe } from '../probeStore.ts';
import { parseRecord, RECORD_FILE, type RunRecord } from '../record.ts';
import { runFiles } from './runFiles.ts';

/** Folders of a run that are replaced as a whole, each with a manifest. */
const REPLACED = /^(?:model|initial|checkpoints\/step-\d+)(?=\/)/;
const PROBE = /^probes\/step-\d+\.json$/;

/** Folder of the model of a run. */
const MODEL = 'model';
/** States of a run that has a model. */
const WITH_MODEL: ReadonlySet<RunRecord['state']> = new Set(['completed', 'imported']);

/**
 * Compares all files of a run with the hashes that the run has of them: the record, the model, the checkpoints, the model
 * that it began with, the probes, and the metrics up to the last checkpoint. Folders of a run that was begun by a version
 * without hashes may have none.
 * @returns the record
 * @throws DamagedRunError or UnusableError that names the first damaged file
 */
export async function checkRun(folder: string, files: Files): Promise<RunRecord> {
  const path = join(folder, RECORD_FILE);
  const text = await files.readText(path);
  const json = withoutHash(text, path);
  const record = parseRecord(JSON.parse(json), path);
  const paths = (await runFiles(folder, files)).map((file) => file.path);
  const replaced = new Map<string, string[]>();
  for (const each of paths) {
    const [name] = REPLACED.exec(each) ?? [];
    if (name !== undefined) replaced.set(name, [...(replaced.get(name) ?? []), each.slice(name.length + 1)]);
  }
  if (WITH_MODEL.has(record.state) && !record.logged && !replaced.has(MODEL))
    throw new DamagedRunError(phrase('{0} is missing.', join(folder, MODEL)));
  const needsHashes = json !== text && !wasBegunWithoutHashes(record);
  for (const [name, names] of replaced) await checkFolder(join(folder, name), names, { files, needsHashes });
  for (const each of paths.filter((name) => PROBE.test(name)))
    parseProbe(await files.readText(join(folder, each)), join(folder, each));
  const last = (await checkpointSteps(folder, files)).at(-1);
  const metrics = last === undefined ? undefined : await metricsAt(folder, last, files);
  const log = join(folder, METRICS_FILE);
  if (metrics) assertSame(log, await recordedIn(log, metrics.bytes), metrics);
  return record;
}

/** Whether a version without hashes wrote the first files of a run, which says so since it was resumed. */
function wasBegunWithoutHashes({ notices }: RunRecord): boolean {
  return notices.some((notice) => typeof notice === 'object' && notice.phrase === WITHOUT_HASHES.phrase);
}

/**
 * Compares a folder with its manifest: it has these files and no other.
 * @param names of the files that it has
 * @throws DamagedRunError that names the first file that is damaged, missing or too many
 */
async function checkFolder(
  folder: string,
  names: readonly string[],
  { files, needsHashes }: { readonly files: Files; readonly needsHashes: boolean },
): Promise<void> {
  const checked = await CheckedFolder.open(folder, files);
  if (!checked.hasManifest && needsHashes) throw new DamagedRunError(phrase('{0} is missing.', join(folder, MANIFEST)));
  await checked.check();
  const extra = checked.hasManifest ? names.find((name) => name !== MANIFEST && !checked.has(name)) : undefined;
  if (extra !== undefined)
    throw new DamagedRunError(
      phrase('{0} is damaged: {1}.', join(folder, extra), phrase('it is not in {0}', MANIFEST)),
    );
}
