import { join } from 'node:path';
import { outFolder } from '../../../scripts/lib/paths.ts';
import { describeInWorkbench } from '../../harness/inWorkbench.ts';
import { rhyme } from '../../harness/lab.ts';
import { packageText } from '../../harness/packageText.ts';
import { until } from '../../harness/until.ts';

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
describeInWorkbench('files that only VS Code reads, in a browser', { files, web: true }, (bench) => {
  const picture = async (name: string) =>
    bench().workbench.screenshot(join(outFolder, 'screenshots', 'web', `${name}.png`));

  it('run a sweep whose file names its data by a relative path', async () => {
    const workbench = await bench().open();
    await workbench.openFile(SWEEP);
    await workbench.runCommand(packageText('commands.startSweep'));
    const frame = await workbench.panelFrame('Runs');
    const ended = frame.locator('.rows .row:not(.group)').filter({ hasText: 'completed' });
    await until('both trials have ended', async () => (await ended.count()) === 2);
    await picture('sweep');
  });
});
