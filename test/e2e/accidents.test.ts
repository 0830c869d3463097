import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outFolder } from '../../scripts/lib/paths.ts';
import { commandLine } from '../../scripts/lib/product.ts';
import { run } from '../../scripts/lib/run.ts';
import { readRecord } from '../../src/runs/record.ts';
import { describeInWorkbench } from '../harness/inWorkbench.ts';
import { Lab, onlyRun, rhyme, smallRun } from '../harness/lab.ts';
import { until } from '../harness/until.ts';

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
    assert.ok(host !== undefined);
    process.kill(host, 'SIGKILL');
    const folder = await onlyRun(home);
    await until('the run has ended', async () => (await readRecord(folder)).state === 'interrupted');
    await until('no trainer is left', async () => (await server.trainers()).length === 0);
    const { progress } = await readRecord(folder);
    assert.ok(progress.step >= 45);
    // The question disappears before the panel is replaced if the machine is slow.
    await workbench.notification('rhyme.txt');
    await until('the panel is back with its run', async () => (await lab.state()) === 'interrupted');
    assert.equal(await lab.step(), progress.step, 'no step is lost');
    await workbench.screenshot(join(screenshots, 'killed-host.png'));
    await lab.press('resume', 'running');
    await until('it trains on', async () => (await lab.step()) > progress.step + 20);
    await lab.press('stop', 'stopped');
    await assertAsUndisturbed(folder);
  });
});

/** The weights of a run that was continued are those of a run of as many steps that nothing disturbed. */
async function assertAsUndisturbed(folder: string): Promise<void> {
  const { config, progress } = await readRecord(folder);
  const out = await mkdtemp(join(tmpdir(), 'sequence-lab-undisturbed-'));
  try {
    const [file, undisturbed] = [join(out, 'run.sequence-lab.json'), join(out, 'run')];
    await writeFile(file, JSON.stringify(config));
    const args = ['train', join(folder, 'text.txt'), '--config', file, '--steps', String(progress.step)];
    await run(process.execPath, [commandLine, ...args, '--out', undisturbed], { quiet: true });
    const tensors = join('checkpoints', `step-${progress.step}`, 'tensors.bin');
    assert.deepEqual(await readFile(join(folder, tensors)), await readFile(join(undisturbed, tensors)));
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
