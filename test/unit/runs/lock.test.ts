import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { disk } from '../../../src/platform/files.ts';
import { lockHolder, RunLock } from '../../../src/runs/lock.ts';
import { temporaryFolder } from './temporary.ts';

describe('lock of a run', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const path = () => join(folder(), 'lock');

  const situations = { 'a free run': undefined, 'the lock of a dead process': `${process.pid} another-boot-1` };
  const requests = Object.entries(situations).flatMap(([title, lock]) =>
    [2, 8].map((count) => ({ title: `admits one of ${count} processes that request ${title} at once`, lock, count })),
  );
  for (const { title, lock, count } of requests)
    it(title, async () => {
      const program = new URL('./lockOnce.ts', import.meta.url);
      await (lock === undefined ? rm(path(), { force: true }) : writeFile(path(), lock));
      const processes = Array.from({ length: count }, () => fork(program, [folder()], { stdio: 'ignore' }));
      await Promise.all(processes.map((each) => once(each, 'message')));
      const answers = processes.map((each) => once(each, 'message'));
      for (const each of processes) each.send('go');
      const held = (await Promise.all(answers)).map(([answer]) => answer as unknown);
      assert.deepEqual(held.sort(), ['held', ...Array<string>(count - 1).fill('run-locked')]);
      const exits = processes.map((each) => once(each, 'exit'));
      for (const each of processes) each.disconnect();
      await Promise.all(exits);
      await (await RunLock.acquire(folder(), disk)).release();
    });

  it('admits one of two requests of this process at once', async () => {
    const results = await Promise.allSettled([RunLock.acquire(folder(), disk), RunLock.acquire(folder(), disk)]);
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    for (const each of results) if (each.status === 'fulfilled') await each.value.release();
  });

  it('of a process elsewhere, with the pid of this one, is respected while it is touched', async () => {
    await writeFile(path(), `${process.pid} boot-1 another-computer`);
    await assert.rejects(RunLock.acquire(folder(), disk), { code: 'run-locked' });
    assert.equal(await lockHolder(folder()), process.pid);
    assert.match(await readFile(path(), 'utf8'), /another-computer$/);
  });

  it('of a process elsewhere is taken over a minute after it was last touched', async () => {
    await writeFile(path(), '1 boot-1 another-computer');
    const before = new Date(Date.now() - 61_000);
    await utimes(path(), before, before);
    assert.equal(await lockHolder(folder()), undefined);
    await (await RunLock.acquire(folder(), disk)).release();
  });

  it('of a process whose start is not known is also one that is touched: its pid may have a new owner', async () => {
    const lock = await RunLock.acquire(folder(), disk);
    const [, , namespace] = (await readFile(path(), 'utf8')).split(' ');
    await lock.release();
    await writeFile(path(), `${process.pid} - ${namespace}`);
    assert.equal(await lockHolder(folder()), process.pid);
    await assert.rejects(RunLock.acquire(folder(), disk), { code: 'run-locked' });
    const before = new Date(Date.now() - 61_000);
    await utimes(path(), before, before);
    assert.equal(await lockHolder(folder()), undefined);
    await (await RunLock.acquire(folder(), disk)).release();
  });

  it('says how to break it', async () => {
    const lock = await RunLock.acquire(folder(), disk);
    await assert.rejects(RunLock.acquire(folder(), disk), /"lock"/);
    await lock.release();
    await writeFile(path(), '1 boot-1 another-computer');
    await assert.rejects(RunLock.acquire(folder(), disk), /"lock"/);
  });

  it('is noticed when it is removed or taken over, and is then not removed', async () => {
    const lock = await RunLock.acquire(folder(), disk);
    await lock.assertHeld();
    await writeFile(path(), '1 boot-1 another-computer');
    await assert.rejects(lock.assertHeld(), { code: 'run-locked' });
    await lock.release();
    assert.match(await readFile(path(), 'utf8'), /another-computer$/);
    await rm(path());
    await assert.rejects(lock.assertHeld(), { code: 'run-locked' });
  });
});
