/**
 * Program of queue.test.ts: `follower.ts FOLDER ITEM...` follows the queue of a folder until it is done. It notes the
 * items that have ended in `seen`, as a sweep does in its plan, and adds the others.
 */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SlurmClient } from '../../src/slurm/client.ts';
import { SlurmQueue } from '../../src/slurm/queue.ts';

const [folder = '', ...items] = process.argv.slice(2);
const command = ['env', 'STEPS=3', 'PAUSE=0.2', 'bash', join(folder, 'worker.sh')];
const seen = join(folder, 'seen');
const before = (await readFile(seen, 'utf8').catch(() => '')).split('\n');
const queue = await SlurmQueue.open({
  folder: join(folder, 'queue'),
  command,
  options: {},
  client: new SlurmClient(),
  settling: 1000,
});
queue.add(items.filter((item) => !before.includes(item)));
for (let isDone = false; !isDone; await sleep(100)) {
  const report = await queue.poll(performance.now());
  for (const { item } of report.ended) await appendFile(seen, `${item}\n`);
  isDone = report.isDone;
}
await queue.close();
