import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outFolder } from '../../scripts/lib/paths.ts';
import { commandLine } from '../../scripts/lib/product.ts';
import { run } from '../../scripts/lib/run.ts';
import { readRecord } from '../../src/runs/record.ts';
import { describeInWorkbench } from '../harness/inWorkbench.ts';
import { Lab, onlyRun, rhyme, smallRun } from '../harness/lab.ts';
import { actUntil, eventually, until } from '../harness/until.ts';

const screenshots = join(outFolder, 'screenshots', 'workbench');
const suite = { files: { 'rhyme.txt': rhyme }, settings: smallRun, emptied: true };

/** What accidents to the processes of the editor leave of a run. */
describeInWorkbench('accidents in the workbench', suite, (bench) => {
  it('ends the run of an extension host that is killed with a checkpoint, and continues it in the next one', async () => {
    const workbench = await bench().open();
    const { home, server } = bench();
    const lab = new Lab(workbench);
    await lab.start();
    await until('the step counter moves', async () => (await lab.step()) >= 45);
    const [host] = await server.extensionHosts();
    console.log(await server.processes());
    assert.ok(host !== undefined);
    process.kill(host, 'SIGKILL');
    const folder = await onlyRun(home);
    await until('the run has ended', async () => (await readRecord(folder)).state === 'interrupted');
    const t = performance.now();
    await until('no trainer is left', async () => (await server.trainers()).length === 0);
    console.log('gone', performance.now() - t);
    for (let i = 0; i < 20; i++) {
      await workbench.screenshot(join(screenshots, `killed-host-${i}.png`));
      console.log((await server.extensionHosts()), (await workbench.page.locator('.notifications-toasts').innerText().catch(String)));
      await new Promise((r) => setTimeout(r, 1000));
    }
  });
});
