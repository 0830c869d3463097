import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SlurmClient } from '../../src/slurm/client.ts';
import type { SlurmOptions } from '../../src/slurm/options.ts';
import { type DiedItem, SlurmQueue } from '../../src/slurm/queue.ts';

/**
 * Item of the tests, in bash: appends to `steps/ITEM` until it has the number of lines in `$STEPS`, one in each
 * `$PAUSE` seconds, and goes on with what it finds. It can be stopped at any time, such as a run with a checkpoint in
 * each step. At its end it appends a line to `ends/ITEM`. An item whose name begins with `eater` uses up the memory.
 */
const WORKER = `#!/bin/bash
cd -- "$(dirname "$0")" || exit 1
trap 'exit 130' TERM
case "$1" in eater*) exec ${process.execPath} -e 'const all = []; setInterval(() => all.push(Buffer.alloc(5e7, 1)), 200)' ;; esac
touch "steps/$1"
while [ "$(wc -l < "steps/$1")" -lt "$STEPS" ]; do
  sleep "$PAUSE" & wait $!
  echo "$SLURMD_NODENAME" >> "steps/$1"
done
echo "$SLURM_JOB_ID" >> "ends/$1"
exit "\${CODE:-0}"
`;

/** Milliseconds between two looks. */
const INTERVAL = 200;

/** What a program that follows a queue has seen. */
export interface Followed {
  /** Exit codes of each item that has ended, one for each report. */
  readonly ended: Map<string, number[]>;
  readonly dropped: DiedItem[];
  readonly again: DiedItem[];
}

/** What an item does: a number of steps, each after a pause in seconds, and an exit code. */
interface Work {
  readonly steps: number;
  readonly pause: number;
  readonly code?: number;
}

/** A folder with a queue and a program that works on its items. */
export class QueueWork {
  readonly folder: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.#env = env;
  }

  /** @param name beginning of the name of its folder */
  static async create(env: NodeJS.ProcessEnv, name: string): Promise<QueueWork> {
    const folder = await mkdtemp(join(tmpdir(), name));
    await writeFile(join(folder, 'worker.sh'), WORKER);
    for (const each of ['steps', 'ends']) await mkdir(join(folder, each));
    return new QueueWork(folder, env);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  async open({ steps, pause, code = 0 }: Work, options: SlurmOptions = {}): Promise<SlurmQueue> {
    return SlurmQueue.open({
      folder: join(this.folder, 'queue'),
      command: ['env', `STEPS=${steps}`, `PAUSE=${pause}`, `CODE=${code}`, 'bash', join(this.folder, 'worker.sh')],
      options,
      client: new SlurmClient(this.#env),
      settling: 1000,
    });
  }

  /** Follows a queue until it is done, or until what it has seen is enough. */
  async follow(queue: SlurmQueue, isEnough: (seen: Followed) => boolean = () => false): Promise<Followed> {
    const seen: Followed = { ended: new Map(), dropped: [], again: [] };
    for (;;) {
      const report = await queue.poll(performance.now());
      for (const { item, code } of report.ended) seen.ended.set(item, [...(seen.ended.get(item) ?? []), code]);
      seen.dropped.push(...report.dropped);
      seen.again.push(...report.again);
      if (report.isDone || isEnough(seen)) {
        await queue.close();
        return seen;
      }
      await sleep(INTERVAL);
    }
  }

  /** Number of times that each item reached its end. */
  async ends(): Promise<Map<string, number>> {
    const folder = join(this.folder, 'ends');
    const counts = new Map<string, number>();
    for (const name of await readdir(folder))
      counts.set(name, (await readFile(join(folder, name), 'utf8')).trim().split('\n').length);
    return counts;
  }

  async assertEndedOnce(items: readonly string[], seen: Followed): Promise<void> {
    assert.deepEqual(seen.dropped, []);
    assert.deepEqual([...seen.ended].sort(), items.map((item) => [item, [0]]).sort());
    assert.deepEqual([...(await this.ends())].sort(), items.map((item) => [item, 1]).sort());
  }

  /** Nodes of the steps of an item, one for each step. */
  async stepsOf(item: string): Promise<string[]> {
    const text = await readFile(join(this.folder, 'steps', item), 'utf8').catch(() => '');
    return text.split('\n').slice(0, -1);
  }

  async hasBegun(item: string, steps = 1): Promise<boolean> {
    return (await this.stepsOf(item)).length >= steps;
  }

  /** Number of job arrays that Slurm has taken. */
  async batches(): Promise<number> {
    return (await readdir(join(this.folder, 'queue'))).filter((name) => name.startsWith('batch-')).length;
  }

  /** Journals of all tasks, one after the other. */
  async journals(): Promise<string> {
    const queue = join(this.folder, 'queue');
    const names = (await readdir(queue, { recursive: true })).filter((name) => /task-\d+\.txt$/.test(name));
    return (await Promise.all(names.sort().map(async (name) => readFile(join(queue, name), 'utf8')))).join('');
  }
}

export function itemNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `trial-${index + 1}`);
}
