import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { say } from '../phrases/phrase.ts';
import { importRunArchive } from '../runs/archive/importArchive.ts';
import { type RefusedRun, writeRunArchive } from '../runs/archive/writeArchive.ts';
import { ExitCode } from './exitCodes.ts';
import { chosenFolders, refuse } from './exportFiles.ts';
import { runStore } from './findRun.ts';
import { stopOnInterrupt } from './stopOnInterrupt.ts';

/** Flags of `runs export`, as parsed by commander. */
export interface ArchiveFlags {
  readonly all: boolean;
  readonly filter?: string;
  readonly out: string;
  readonly force: boolean;
  readonly json: boolean;
}

/** `sequence-lab runs export`. @returns the exit code: 1 if a run was left out */
export async function exportArchive(
  names: readonly string[],
  { out, force, json, ...choice }: ArchiveFlags,
): Promise<number> {
  if (existsSync(out) && !force) refuse(`${out} exists. Choose another file, or replace it with --force.`);
  const folders = await chosenFolders(names, choice);
  return untilInterrupted(async (signal) => {
    const { written, refused } = await writeRunArchive(folders, resolve(out), { tell: progress('Exporting'), signal });
    print(json, { written, refused: spoken(refused) }, () => [
      ...refused.map(({ run, reason }) => `${run} is not exported. ${say(reason)}`),
      written.length === 0
        ? 'No run is exported, and no file is written.'
        : `${counted(written.length)} exported to ${out}`,
    ]);
    return refused.length === 0 ? ExitCode.ok : ExitCode.failed;
  });
}

/** `sequence-lab runs import`. @returns the exit code: 1 if a run was refused */
export async function importArchive(file: string, { json }: { readonly json: boolean }): Promise<number> {
  return untilInterrupted(async (signal) => {
    const { imported, skipped, refused } = await importRunArchive(resolve(file), runStore(), {
      tell: progress('Importing'),
      signal,
    });
    print(json, { imported, skipped, refused: spoken(refused) }, () => [
      ...imported.flatMap(({ run, id }) => (run === id ? [] : `${run} is imported as ${id}: another run has its id.`)),
      ...skipped.map(({ run, id }) => `${run} is skipped: the run store has it${run === id ? '' : ` as ${id}`}.`),
      ...refused.map(({ run, reason }) => `${run} is refused. ${say(reason)}`),
      `${counted(imported.length)} imported`,
    ]);
    return refused.length === 0 ? ExitCode.ok : ExitCode.failed;
  });
}

/**
 * Works until an interrupt, after which the work removes what is incomplete and ends.
 * @returns the exit code of the work, or that of the interrupt
 */
async function untilInterrupted(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const { signal, release } = stopOnInterrupt();
  try {
    const code = await work(signal);
    return release() ?? code;
  } catch (error) {
    const code = release();
    if (code === undefined || error !== signal.reason) throw error;
    return code;
  } finally {
    release();
  }
}

function print(json: boolean, result: object, lines: () => readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${lines().join('\n')}\n`);
}

function counted(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`;
}

function spoken(refused: readonly RefusedRun[]): object[] {
  return refused.map(({ run, reason }) => ({ run, reason: say(reason) }));
}

/** Shows which run it is, on a terminal. */
function progress(what: string): (run: string, index: number, count: number) => void {
  if (!process.stderr.isTTY) return () => undefined;
  return (run, index, count) => void process.stderr.write(`${what} ${index + 1} of ${count}: ${run}\n`);
}
