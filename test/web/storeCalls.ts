import * as z from 'zod';
import { disk, fileInfo, isMissing } from '../../src/platform/files.ts';
import { storageQuota } from '../../src/platform/system.ts';
import { codeOf } from '../../src/platform/systemErrors.ts';
import { onStorageChange, type StorageChange } from '../../src/platform/web/changes.ts';
import { Checkpoints } from '../../src/runs/checkpoints.ts';
import { writeFileAtomic } from '../../src/runs/atomic.ts';
import { lockHolder, RunLock } from '../../src/runs/lock.ts';
import { textOf } from '../../src/phrases/causes.ts';
import { say } from '../../src/phrases/phrase.ts';
import { answerCall } from './answerCall.ts';
import { interrupt, type Interruption } from './interrupt.ts';

/** The content of a file, or the entries of a folder by name. */
export type Tree = string | { readonly [name: string]: Tree };

/** The error of an operation. */
export interface Failure {
  readonly code: string | undefined;
  readonly message: string;
}

const changes: StorageChange[] = [];
const locks = new Map<string, RunLock>();
const stateSchema = z.object({ note: z.string() });

/** Operations on the run store that a test calls in a worker, by name. */
const operations = {
  ...{ list: async (path: string) => (await disk.list(path)).map(({ name }) => name).sort(), read: disk.readText },
  ...{ makeFolder: disk.makeFolder, createFolder: disk.createFolder, rename: disk.rename, remove: disk.remove },
  ...{ write: disk.write, append: disk.append, tree: treeOf },
  watchChanges: async () => {
    onStorageChange((change) => changes.push(change));
    return Promise.resolve();
  },
  takeChanges: async () => Promise.resolve(changes.splice(0)),
  quota: async () => storageQuota(),
  size: async (path: string) => (await fileInfo(path)).size,
  fill: async (path: string, bytes: number) => disk.write(path, new Uint8Array(bytes)),
  appendLines: async (path: string, name: string, count: number) => {
    for (let line = 0; line < count; line++) await disk.append(path, `${name} ${line}\n`);
  },
  /** Replaces a file by repetitions of letters. */
  replaceAgainAndAgain: async (path: string, length: number, count: number) => {
    for (let time = 0; time < count; time++)
      await writeFileAtomic(path, String.fromCharCode(97 + (time % 26)).repeat(length), disk);
  },
  /** Reads a file of repetitions. @returns what else was read */
  readAgainAndAgain: async (path: string, length: number, count: number) => {
    const others = new Set<string>();
    for (let time = 0; time < count; time++) {
      const text = await disk.readText(path).catch((error: unknown) => `error ${codeOf(error)}`);
      if (text !== text.charAt(0).repeat(length)) others.add(text.slice(0, 80));
    }
    return [...others];
  },
  acquire: async (folder: string) => {
    locks.set(folder, await RunLock.acquire(folder, disk));
  },
  assertHeld: async (folder: string) => locks.get(folder)?.assertHeld(),
  release: async (folder: string) => locks.get(folder)?.release(),
  isLocked: async (folder: string) => (await lockHolder(folder)) !== undefined,
  /** Writes a checkpoint whose values are its step. */
  writeCheckpoint: async (run: string, step: number) => {
    const tensors = [{ name: 'a', shape: [1000], values: new Float32Array(1000).fill(step) }];
    await new Checkpoints(run, stateSchema, disk).write({ step, state: { note: String(step) }, tensors }, undefined);
  },
  /** @returns the step of the latest checkpoint, and of its state and all of its values */
  readCheckpoint: async (run: string) => {
    const latest = await new Checkpoints(run, stateSchema, disk).readLatest();
    return latest && [latest.step, Number(latest.state.note), ...new Set(latest.tensors[0]?.values)];
  },
  /** Computes for some time, in which it receives no messages. */
  compute: async (milliseconds: number) => {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
    return Promise.resolve();
  },
  computeSoon: async (milliseconds: number) => {
    setTimeout(() => void operations.compute(milliseconds));
    return Promise.resolve();
  },
  interrupt: async (interruption: Interruption) => Promise.resolve(interrupt(interruption)),
  withoutMove: async () => Promise.resolve(Reflect.deleteProperty(FileSystemFileHandle.prototype, 'move')),
};

declare const FileSystemFileHandle: { readonly prototype: object };

type Operations = typeof operations;

/** Names and arguments of operations, which a worker runs one after the other. */
export type StoreCalls = readonly {
  [Name in keyof Operations]: readonly [name: Name, ...args: Parameters<Operations[Name]>];
}[keyof Operations][];

async function treeOf(path: string): Promise<Tree> {
  const entries = await disk.list(path).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const tree: Record<string, Tree> = {};
  for (const { name, isFolder } of entries)
    tree[name] = await (isFolder ? treeOf(`${path}/${name}`) : disk.readText(`${path}/${name}`));
  return tree;
}

answerCall(async (calls: StoreCalls) => {
  const results: unknown[] = [];
  for (const [name, ...args] of calls) {
    const operation = operations[name] as (...values: readonly unknown[]) => Promise<unknown>;
    results.push(
      (await operation(...args).catch((error: unknown): Failure => ({
        code: codeOf(error),
        message: say(textOf(error)),
      }))) ?? null,
    );
  }
  return results;
});
