import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root, outFolder } from '../../scripts/lib/paths.ts';
import { ensureTorch } from '../../scripts/lib/torch.ts';
import { readMetrics } from '../../src/runs/metricsLog.ts';
import { readRecord } from '../../src/runs/record.ts';
import { assertNames } from '../harness/facts.ts';
import { describeInWorkbench } from '../harness/inWorkbench.ts';
import { Lab, onlyRun, rhyme } from '../harness/lab.ts';
import { actUntil, eventually, until } from '../harness/until.ts';

const screenshots = join(outFolder, 'screenshots', 'workbench');
const suite = { files: { 'rhyme.txt': rhyme }, prepare: ensureTorch, emptied: true };

/** A loop and a model of PyTorch, in the workbench. */
describeInWorkbench('PyTorch in the workbench', suite, (bench) => {
  let python = '';
  let loop: ChildProcess | undefined;
  before(async function () {
    this.timeout(600_000);
    python = await ensureTorch();
  });
  afterEach(async () => {
    if (loop?.exitCode !== null || loop.signalCode !== null) return;
    loop.kill('SIGKILL');
    await once(loop, 'exit');
  });

  it('a loop that is logged moves the curve of its panel, and was interrupted when it is killed', async () => {
    const workbench = await bench().open();
    const { home, folder } = bench();
    const script = join(root, 'media', 'python', 'sequence_lab_log_example.py');
    const env = { ...process.env, SEQUENCE_LAB_HOME: home };
    loop = spawn(python, ['-B', script, join(folder, 'rhyme.txt'), '1000000'], { env, stdio: 'ignore' });
    await workbench.openView('Sequence Lab');
    const row = workbench.page.locator('.sidebar .monaco-list-row', { hasText: 'character model' });
    await until('the run is listed by itself', async () => (await row.count()) === 1);
    const lab = new Lab(workbench);
    const opened = async () => (await workbench.page.locator('.tab', { hasText: 'character model' }).count()) > 0;
    await actUntil('its panel is open', async () => row.dblclick({ timeout: 5000 }), opened);
    await lab.use('character model');
    await until('its steps are shown', async () => (await lab.step()) > 0);
    const before = await lab.step();
    await until('they move on', async () => (await lab.step()) > before);
    const points = async () => lab.points('loss', 0);
    const known = (await points()).length;
    await until('the curve moves on', async () => (await points()).length > known);
    assert.equal(await lab.state(), 'running');
    const frame = await lab.frame();
    // Another program trains it: there is nothing to pause, to stop or to generate with.
    assert.equal(await frame.locator('.actions [data-action=stop], .actions [data-action=generate]').count(), 0);

    await actUntil(
      'the gates are shown beside the text that was logged',
      async () => (await lab.frame()).locator('#tab-gates').click({ timeout: 5000 }),
      async () => /the|cat|mat|dog/.test(await (await lab.frame()).locator('#body-gates .tokens').innerText()),
    );
    await actUntil(
      'the gradient has a verdict',
      async () => (await lab.frame()).locator('#tab-gradients').click({ timeout: 5000 }),
      async () => (await (await lab.frame()).locator('#body-gradients .verdict-box[data-verdict]').count()) > 0,
    );
    await workbench.screenshot(join(screenshots, 'logged.png'));

    loop.kill('SIGKILL');
    await once(loop, 'exit');
    await until('the run was interrupted', async () => (await lab.state()) === 'interrupted');
    const run = await onlyRun(home);
    const steps = (await readMetrics(run)).filter(({ event }) => event === 'step');
    await (await lab.frame()).locator('#tab-loss').click();
    await eventually(async () => assert.equal((await points()).at(-2), steps.at(-1)?.step));
  });

  it('a model that a script has trained is dropped on the view Runs, with its gates, colors and verdict', async () => {
    const workbench = await bench().open();
    const { home, folder } = bench();
    const script = join(root, 'test', 'fixtures', 'trainedCharacters.py');
    await promisify(execFile)(python, ['-B', script, join(folder, 'rhyme.txt'), folder]);
    await workbench.openFile('rhyme.txt');
    // VS Code accepts no drop on the buttons that it shows while there is no run.
    const env = { ...process.env, SEQUENCE_LAB_HOME: home };
    const loopScript = join(root, 'media', 'python', 'sequence_lab_log_example.py');
    await promisify(execFile)(python, ['-B', loopScript, join(folder, 'rhyme.txt'), '1'], { env });
    const imported = async () => {
      const folders = (await readdir(join(home, 'runs'))).map((id) => join(home, 'runs', id));
      const states = await Promise.all(
        folders.map(async (run) => (await readRecord(run).catch(() => undefined))?.state),
      );
      return folders.find((_, index) => states[index] === 'imported');
    };
    await actUntil(
      'the file is dropped',
      async () =>
        workbench.dropFile(
          'characters.pt',
          'Sequence Lab',
          workbench.page.locator('.sidebar .monaco-list-row', { hasText: 'character model' }),
        ),
      async () => (await imported()) !== undefined,
    );
    const lab = new Lab(workbench);
    await lab.use('characters.pt');
    await eventually(async () => assert.equal(await lab.state(), 'imported'));
    assert.equal((await readRecord((await imported()) ?? '')).config.model.units, 48);

    const frame = async () => lab.frame();
    await actUntil(
      'its gates on the open text are shown',
      async () => (await frame()).locator('#tab-gates').click({ timeout: 5000 }),
      async () => (await (await frame()).locator('#body-gates .tokens').innerText()).startsWith('the cat 0 sat'),
    );
    await actUntil(
      'the text in the editor is colored',
      async () => (await frame()).locator('[data-action=colorEditor]').click({ timeout: 5000 }),
      async () => (await workbench.page.locator('.monaco-editor .view-overlays [class*="ced-"]').count()) > 0,
    );
    await actUntil(
      'the gradient on the text has a verdict',
      async () => {
        await (await frame()).locator('#tab-gradients').click({ timeout: 5000 });
        await (await frame()).locator('[data-source=text]').click({ timeout: 5000 });
      },
      async () => (await (await frame()).locator('#body-gradients .verdict-box[data-verdict]').count()) > 0,
    );
    assertNames(await (await frame()).locator('#body-gradients').innerText(), 'rhyme.txt');
    await workbench.screenshot(join(screenshots, 'opened-model.png'));
  });
});
