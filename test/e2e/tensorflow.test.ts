import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureDebianPackages } from '../../scripts/lib/debian.ts';
import { outFolder } from '../../scripts/lib/paths.ts';
import { Unavailable } from '../../scripts/lib/unavailable.ts';
import { supportsWheels } from '../../src/native/wheel.ts';
import { readMetrics } from '../../src/runs/metricsLog.ts';
import { readRecord } from '../../src/runs/record.ts';
import { Lab, onlyRun, rhyme, smallRun } from '../harness/lab.ts';
import { describeInWorkbench } from '../harness/inWorkbench.ts';
import { eventually, until } from '../harness/until.ts';
import type { Workbench } from '../harness/workbench.ts';
import { assertNames } from '../harness/facts.ts';
import { packageText } from '../harness/packageText.ts';

const screenshots = join(outFolder, 'screenshots', 'tensorflow');
const MINUTE = 60_000;

const suite = {
  files: { 'rhyme.txt': rhyme },
  settings: { ...smallRun, 'sequenceLab.backend': 'tensorflow' },
  prepare: async () => {
    if (!supportsWheels()) throw new Unavailable(`there is no wheel for ${process.platform} on ${process.arch}`);
    await ensureDebianPackages(['python3', 'python3-pip', 'g++', 'make'], 'to compile the binding of TensorFlow');
  },
};

/**
 * Native TensorFlow with only the package installed: installed, used, and removed from the palette.
 */
describeInWorkbench('native TensorFlow in the workbench', suite, (bench) => {
  let workbench: Workbench;

  before(async () => {
    workbench = await bench().open();
  });

  /** Each test continues from the end of the previous one. */
  const isInstalled = async () => (await readdir(bench().home)).includes('native');

  it('is installed in a terminal', async function () {
    this.timeout(15 * MINUTE);
    await workbench.openFile('rhyme.txt');
    await workbench.runCommand(packageText('commands.installNativeTensorflow'));
    await workbench.quickPick('from a Python wheel');
    const notice = await workbench.notification(/\b2\.\d+\.\d+/, 8 * MINUTE);
    assertNames(await notice.innerText(), 'TensorFlow', 'CPU');
    await workbench.screenshot(join(screenshots, 'installed.png'));
    assert.ok(await isInstalled());
  });

  it('trains, reports an abort of its process, and resumes the run', async () => {
    const { home } = bench();
    assert.ok(await isInstalled(), 'it is not installed');
    const lab = new Lab(workbench);
    await lab.start();
    await until('a checkpoint is written', async () => (await lab.step()) >= 45);
    await eventually(async () =>
      assertNames(await (await lab.frame()).locator('header.run').innerText(), 'tensorflow'),
    );
    await workbench.screenshot(join(screenshots, 'training.png'));
    const run = await onlyRun(home);
    assert.equal((await readRecord(run)).backend?.name, 'tensorflow');

    process.kill(await trainerProcess(home), 'SIGABRT');
    await until('the run has ended', async () => (await lab.state()) === 'failed');
    await workbench.notification('SIGABRT');
    await workbench.screenshot(join(screenshots, 'aborted.png'));

    // The extension host is the same, and answers.
    const died = await lab.step();
    await lab.press('resume', 'running');
    await until('the run continues', async () => (await lab.step()) > died + 50);
    await lab.press('stop', 'stopped');
    const steps = (await readMetrics(run)).flatMap(({ event, step }) => (event === 'step' ? step : []));
    assert.deepEqual(
      steps,
      Array.from(steps, (_, index) => index + 1),
    );
  });

  it('is removed', async () => {
    assert.ok(await isInstalled(), 'it is not installed');
    await workbench.runCommand(packageText('commands.removeNativeTensorflow'));
    await until('it is removed', async () => !(await isInstalled()), MINUTE);
    await workbench.notification('TensorFlow', MINUTE);
  });
});

/** The process that has loaded TensorFlow's library from a home. */
async function trainerProcess(home: string): Promise<number> {
  for (const name of (await readdir('/proc')).filter((each) => /^\d+$/.test(each))) {
    const maps = await readFile(join('/proc', name, 'maps'), 'utf8').catch(() => '');
    if (maps.includes(join(home, 'native')) && maps.includes('libtensorflow')) return Number(name);
  }
  throw new Error('No process has loaded native TensorFlow.');
}
