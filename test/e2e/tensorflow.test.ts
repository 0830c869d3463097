import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { vsixFile } from '../../scripts/lib/product.ts';
import { ensureDebianPackages } from '../../scripts/lib/debian.ts';
import { Unavailable } from '../../scripts/lib/unavailable.ts';
import { wheelsFit } from '../../src/native/wheel.ts';
import { readMetrics } from '../../src/runs/metricsLog.ts';
import { readRecord } from '../../src/runs/record.ts';
import { CodeServer } from '../harness/codeServer.ts';
import { Lab, onlyRun, rhyme, smallRun } from '../harness/lab.ts';
import { until } from '../harness/until.ts';
import { Workbench } from '../harness/workbench.ts';

const screenshots = resolve(import.meta.dirname, '../../out/screenshots/tensorflow');
const MINUTE = 60_000;

/**
 * Native TensorFlow as a stranger gets it who has nothing but the package: installed, used, and removed from the
 * palette.
 */
describe('native TensorFlow in the workbench', function () {
  this.timeout(15 * MINUTE);
  // Each test goes on where the one before it ended.
  this.bail(true);
  let home: string;
  let folder: string;
  let server: CodeServer | undefined;
  let workbench: Workbench | undefined;

  before(async function () {
    await mkdir(screenshots, { recursive: true });
    try {
      await (await import('../../scripts/lib/codeServer.ts')).ensureCodeServer();
      if (!wheelsFit())
        throw new Unavailable(`there is no wheel to install from on ${process.platform} with ${process.arch}`);
      await ensureDebianPackages(['python3', 'python3-pip', 'g++', 'make'], 'to compile the binding of TensorFlow');
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      console.log(`native TensorFlow in the workbench: ${error.message}`);
      this.skip();
    }
    home = await mkdtemp(join(tmpdir(), 'sequence-lab-home-'));
    folder = await mkdtemp(join(tmpdir(), 'sequence-lab-folder-'));
    await writeFile(join(folder, 'rhyme.txt'), rhyme);
    const settings = { ...smallRun, 'sequenceLab.backend': 'tensorflow' };
    server = await CodeServer.start({ folder, vsix: [vsixFile], env: { SEQUENCE_LAB_HOME: home }, settings });
    workbench = await Workbench.open(server);
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await workbench?.screenshot(join(screenshots, 'failure.png'));
    console.log((await server?.extensionHostLog())?.slice(-4000));
  });

  after(async () => {
    await workbench?.close();
    await server?.dispose();
    for (const made of [home, folder]) if (made) await rm(made, { recursive: true, force: true, maxRetries: 5 });
  });

  it('is installed in a terminal', async () => {
    await workbench?.openFile('rhyme.txt');
    await workbench?.runCommand('Install native TensorFlow');
    await workbench?.quickPick('from a Python wheel');
    const notice = await workbench?.notification('Native TensorFlow is installed', 8 * MINUTE);
    assert.match((await notice?.innerText()) ?? '', /version 2\.\d+\.\d+, on CPU/);
    await workbench?.screenshot(join(screenshots, 'installed.png'));
    assert.ok((await readdir(home)).includes('native'));
  });

  it('trains; an abort of its process ends the run with its reason, and the run goes on where it was', async () => {
    const lab = new Lab(workbench!);
    await lab.start();
    await until('a checkpoint is written', async () => (await lab.step()) >= 45);
    assert.match(await (await lab.frame()).locator('header.run').innerText(), /tensorflow backend/);
    await workbench?.screenshot(join(screenshots, 'training.png'));
    const run = await onlyRun(home);
    assert.equal((await readRecord(run)).backend?.name, 'tensorflow');

    process.kill(await trainerProcess(home), 'SIGABRT');
    await until('the run has ended', async () => (await lab.state()) === 'failed');
    await workbench?.notification('SIGABRT');
    await workbench?.screenshot(join(screenshots, 'aborted.png'));

    // The extension host is the same, and answers.
    await lab.press('Resume');
    const died = await lab.step();
    await until('the run goes on', async () => (await lab.step()) > died + 50);
    await lab.press('Stop');
    await until('it has stopped', async () => (await lab.state()) === 'stopped');
    const steps = (await readMetrics(run)).flatMap(({ event, step }) => (event === 'step' ? step : []));
    assert.deepEqual(
      steps,
      Array.from(steps, (_, index) => index + 1),
    );
  });

  it('is removed', async () => {
    await workbench?.runCommand('Remove native TensorFlow');
    await workbench?.notification('Native TensorFlow is removed', MINUTE);
    assert.ok(!(await readdir(home)).includes('native'));
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
