import { basename, join } from 'node:path';
import { textOf, UnusableError } from '../phrases/causes.ts';
import { phrase } from '../phrases/phrase.ts';
import { type Files, isMissing } from '../platform/files.ts';
import { LockError, RunLock } from '../runs/lock.ts';
import { newRunId } from '../runs/runStore.ts';
import { checkSweep } from './checkSweep.ts';
import type { SweepHeader, TrialSource } from './plan/events.ts';
import { PlanFile, readHeader } from './plan/planFile.ts';
import type { PlannedTrial, Sweep } from './sweep.ts';

/** The folder of the sweeps, next to that of the runs. */
export function sweepsFolder(home: string): string {
  return join(home, 'sweeps');
}

/** A sweep that this process runs. */
export interface OpenSweep {
  readonly folder: string;
  readonly sweep: Sweep;
  readonly plan: PlanFile;
  /** @throws LostLockError if another process has taken the sweep over */
  assertHeld(): Promise<void>;
  /** Lets another process run the sweep. */
  close(): Promise<void>;
}

/** What a new sweep follows from. */
export interface NewSweep {
  readonly sweep: Sweep;
  /** Its trials, as `plannedTrials` plans them. */
  readonly trials: readonly PlannedTrial[];
  /** Absolute path of its file; null without one. */
  readonly file: string | null;
  /** SHA-256 of its text, hexadecimal. */
  readonly sha256: string;
  readonly source: TrialSource;
  /** Id of the run that the trials are started from; null without one. */
  readonly parent: string | null;
}

const ENDING = /\.sequence-lab-sweep\.json$/i;

/** Creates a sweep with the plan of its trials. */
export async function createSweep(home: string, request: NewSweep, now: Date, files: Files): Promise<OpenSweep> {
  const { sweep, trials, file, sha256, source, parent } = request;
  const id = newRunId(basename(file ?? 'sweep').replace(ENDING, ''), now);
  const folder = join(sweepsFolder(home), id);
  const at = now.toISOString();
  const header: SweepHeader = {
    event: 'sweep',
    version: 1,
    at,
    id,
    file,
    sha256,
    sweep: sweep.file,
    base: sweep.base,
    source,
    parent,
  };
  await files.makeFolder(folder);
  await files.syncFolder(sweepsFolder(home));
  return locked(folder, files, async () =>
    PlanFile.create(
      folder,
      header,
      trials.map((trial) => ({ event: 'created', at, ...trial })),
      files,
    ),
  );
}

/**
 * Opens a sweep to go on with it: trials whose process has ended go on from their checkpoints.
 * @throws UnusableError while another process runs it, DamagedRunError if its plan is damaged
 */
export async function openSweep(folder: string, files: Files): Promise<OpenSweep> {
  return locked(folder, files, async () => {
    const plan = await PlanFile.open(folder, files);
    plan.state.releaseRunning();
    return plan;
  });
}

async function locked(folder: string, files: Files, open: () => Promise<PlanFile>): Promise<OpenSweep> {
  const lock = await RunLock.acquire(folder, files).catch((error: unknown) => {
    if (!(error instanceof LockError)) throw error;
    throw new UnusableError(
      phrase('The sweep in {0} is being run by another process. Stop that process first. {1}', folder, textOf(error)),
      { cause: error },
    );
  });
  try {
    const plan = await open();
    const { sweep, base } = plan.state.header;
    return {
      folder,
      sweep: checkSweep(sweep, base),
      plan,
      assertHeld: async () => lock.assertHeld(),
      close: async () => lock.release(),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The sweeps of the run store, the newest one first. A folder without a plan is left out. */
export async function listSweeps(home: string, files: Files): Promise<SweepHeader[]> {
  const folder = sweepsFolder(home);
  const entries = await files.list(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const headers: SweepHeader[] = [];
  for (const { name, isFolder } of entries) {
    const header = isFolder ? await readHeader(join(folder, name)) : undefined;
    if (header) headers.push(header);
  }
  return headers.sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1));
}

/**
 * The folder of the last sweep of a file.
 * @param file absolute path
 * @returns undefined if there is none
 */
export async function lastSweepOf(home: string, file: string, files: Files): Promise<string | undefined> {
  const last = (await listSweeps(home, files)).find((header) => header.file === file);
  return last && join(sweepsFolder(home), last.id);
}
