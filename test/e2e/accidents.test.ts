import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outFolder } from '../../scripts/lib/paths.ts';
import { commandLine } from '../../scripts/lib/product.ts';
import { run } from '../../scripts/lib/run.ts';
import { disk } from '../../src/platform/files.ts';
import { annotate } from '../../src/runs/annotations.ts';
import { lockHolder } from '../../src/runs/lock.ts';
import { readMetrics } from '../../src/runs/metricsLog.ts';
import { readRecord } from '../../src/runs/record.ts';
import { describeInWorkbench } from '../harness/inWorkbench.ts';
import { assertNames } from '../harness/facts.ts';
import { Lab, onlyRun, rhyme, smallRun } from '../harness/lab.ts';
import { packageText } from '../harness/packageText.ts';
import { actUntil, eventually, until } from '../harness/until.ts';
import { Workbench } from '../harness/workbench.ts';

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

  it('shows a run in two windows of which one trains it, and lets one of them resume it', async () => {
    const workbench = await bench().open();
    const { home, server } = bench();
    const lab = new Lab(workbench);
    await lab.start();
    await until('the step counter moves', async () => (await lab.step()) >= 45);
    const folder = await onlyRun(home);
    await using second = await Workbench.open(server);
    const other = new Lab(second);
    await second.openView('Sequence Lab');
    await actUntil(
      'the run is open in the other window',
      () => second.runCommand(packageText('commands.openRun')),
      async () => (await second.page.locator('.tabs-container .tab', { hasText: 'rhyme.txt' }).count()) > 0,
    );
    await other.use('rhyme.txt');
    await until('it is shown as training', async () => (await other.state()) === 'running');
    const shown = await other.step();
    await until('its steps are followed', async () => (await other.step()) > shown);
    const actions = (await other.frame()).locator('.actions [data-action=stop], .actions [data-action=pause]');
    assert.equal(await actions.count(), 0, 'only the window that trains it can stop it');
    assert.equal((await server.trainers()).length, 1);

    await lab.press('stop', 'stopped');
    await until('the other window has seen it', async () => (await other.state()) === 'stopped');
    const { step } = (await readRecord(folder)).progress;
    const button = async (each: Lab, action: string) =>
      (await each.frame()).locator(`.actions [data-action=${action}]`);
    await Promise.all([lab, other].map(async (each) => (await button(each, 'resume')).click()));
    await until('it trains on', async () => (await readRecord(folder)).progress.step > step);
    const states = async () => Promise.all([lab, other].map((each) => each.state()));
    await until('one trainer is left', async () => (await server.trainers()).length === 1);
    const holder = await lockHolder(folder);
    assert.deepEqual(await server.trainers(), [holder]);
    await until('both windows show it', async () => (await states()).every((state) => state === 'running'));
    const [trains, refused] = (await (await button(lab, 'stop')).count()) > 0 ? [lab, second] : [other, workbench];
    assertNames(await (await refused.notification(String(holder))).innerText(), 'lock');

    await trains.press('stop', 'stopped');
    await eventually(async () => assert.deepEqual(await states(), ['stopped', 'stopped']));
    await assertAsUndisturbed(folder);
    const steps = await stepsOf(folder);
    assert.deepEqual(
      steps,
      steps.map((_, index) => index + 1),
      'no step was logged twice',
    );

    await annotate(folder, { name: 'named elsewhere' }, disk);
    for (const { page } of [workbench, second])
      await page.locator('.tabs-container .tab', { hasText: 'named elsewhere' }).first().waitFor();
    const row = ({ page }: Workbench) => page.locator('.sidebar .monaco-list-row', { hasText: 'named elsewhere' });
    await workbench.openView('Sequence Lab');
    await row(second).waitFor();
    await workbench.contextMenu(
      row(workbench),
      packageText('commands.deleteRun'),
      async () => (await row(workbench).count()) === 0,
    );
    await until('it is gone in the other window', async () => (await row(second).count()) === 0);
    await second.page.locator('.tabs-container .tab', { hasText: 'named elsewhere' }).waitFor({ state: 'detached' });
  });
});

/** The steps that a run has logged. */
async function stepsOf(folder: string): Promise<number[]> {
  return (await readMetrics(folder)).flatMap(({ event, step }) => (event === 'step' ? step : []));
}

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
