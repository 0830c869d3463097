import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { outFolder } from '../../../scripts/lib/paths.ts';
import { describeInWorkbench } from '../../harness/inWorkbench.ts';
import { Lab, rhyme } from '../../harness/lab.ts';
import { packageText } from '../../harness/packageText.ts';
import { actUntil, until } from '../../harness/until.ts';

const SETTINGS = {
  'sequenceLab.data.sequenceLength': 16,
  'sequenceLab.model.units': 8,
  'sequenceLab.training.steps': 40,
  'sequenceLab.training.validateEvery': 10,
  'sequenceLab.training.checkpointEvery': 20,
  'sequenceLab.sampling.every': 0,
  'sequenceLab.backend': 'wasm',
};

const SWEEP = 'rates.sequence-lab-sweep.json';
const files = {
  'rhyme.txt': rhyme,
  [SWEEP]: JSON.stringify({
    base: {
      data: { train: 'rhyme.txt', sequenceLength: 16 },
      model: { units: 4 },
      training: { steps: 20, validateEvery: 10, checkpointEvery: 10 },
      sampling: { every: 0 },
      backend: 'wasm',
    },
    fields: { 'training.learningRate': { choices: [0.01, 0.03] } },
  }),
};

/** The folder of the window is one that only VS Code can read and write, as that of a virtual workspace. */
describeInWorkbench(
  'files that only VS Code reads, in a browser',
  { files, settings: SETTINGS, web: true },
  (bench) => {
    const picture = async (name: string) =>
      bench().workbench.screenshot(join(outFolder, 'screenshots', 'web', `${name}.png`));

    it('train a document that is in no file', async () => {
      const workbench = await bench().open();
      await workbench.runCommand('Create: New Untitled Text File');
      await workbench.page.locator('.tabs-container .tab.active', { hasText: 'Untitled-1' }).waitFor();
      await actUntil(
        'the document has its text',
        async () => {
          await workbench.page.locator('.editor-group-container.active .monaco-editor .view-line').first().click();
          await workbench.page.keyboard.insertText(rhyme.slice(0, 3000));
        },
        async () => (await workbench.editorText()).includes('the cat'),
      );
      await workbench.runCommand(packageText('commands.trainLstmOnFile'));
      const lab = new Lab(workbench);
      await workbench.quickPick('Start with');
      await lab.use('Untitled-1');
      await until('the run is completed', async () => (await lab.state()) === 'completed');
      await picture('untitled');
    });

    it('run a sweep whose file names its data by a relative path', async () => {
      const { workbench } = bench();
      await workbench.openFile(SWEEP);
      await workbench.runCommand(packageText('commands.startSweep'));
      const frame = await workbench.panelFrame('Runs');
      const ended = frame.locator('.rows .row:not(.group)').filter({ hasText: 'completed' });
      await until('both trials have ended', async () => (await ended.count()) === 2);
      await picture('sweep');
    });

    for (const [label, format, file] of [
      ['ONNX', 'onnx', /\.onnx$/],
      ['Keras', 'keras', /\.keras$/],
      ['PyTorch', 'pytorch', /\.(pt|pth|bin)$/],
      ['TensorFlow.js', 'tfjs', /model\.json$/],
      ['safetensors', 'safetensors', /\.safetensors$/],
    ] as const)
      it(`export a model for ${label} into a folder, and open it again`, async () => {
        const { workbench, folder } = bench();
        await workbench.runCommand('View: Close All Editors');
        await workbench.openView('Sequence Lab');
        const rows = workbench.page.locator('.sidebar .monaco-list-row');
        await until('the runs are listed', async () => (await rows.count()) >= 3);
        const before = await rows.count();
        await workbench.runCommand(packageText('commands.exportModel'));
        await workbench.quickPick('Untitled-1');
        await workbench.quickPick(label);
        const exported = async () => {
          const name = (await readdir(folder)).find((each) => each.endsWith(`-${format}`));
          const names = name === undefined ? [] : await readdir(join(folder, name));
          const model = names.find((each) => file.test(each));
          return name !== undefined && model !== undefined ? join(folder, name, model) : undefined;
        };
        await workbench.answerPath(folder, async () => (await exported()) !== undefined);
        await workbench.notification(`-${format}`);
        const path = await exported();
        assert.ok(path);
        await workbench.runCommand(packageText('commands.openModel'));
        await workbench.answerPath(path, async () => (await workbench.quickInput.count()) === 0);
        await until('the model is listed as a run', async () => (await rows.count()) > before);
      });
  },
);
