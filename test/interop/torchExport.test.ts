import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureTorch } from '../../scripts/lib/torch.ts';
import { root } from '../../scripts/lib/paths.ts';
import { backendNamed } from '../../src/backends/registry.ts';
import { portableFormats } from '../../src/interop/formats.ts';
import { portableModel } from '../../src/worker/portable/portableNetwork.ts';
import { randomNetworks } from '../fixtures/randomNetworks.ts';
import { prepareOrSkip } from '../harness/prepareOrSkip.ts';
import { temporaryFolder } from '../unit/runs/temporary.ts';

const run = promisify(execFile);

/** What `torchExports.py` prints of an exported model. */
interface Checked {
  readonly folder: string;
  /** Largest difference of the outputs, and the largest output. */
  readonly difference: number;
  readonly largest: number;
}

describe('models that are exported to PyTorch', function () {
  this.timeout(300_000);
  const home = temporaryFolder();
  let python = '';
  before(async function () {
    python = await prepareOrSkip(this, ensureTorch);
    await backendNamed('wasm').load({ home: '', tensorflowPath: '', threads: 1 });
  });

  for (const [format, { obstacle, files, title }] of Object.entries(portableFormats)) {
    it(`compute the same outputs there, for all cells and kinds of networks (${format})`, async () => {
      const networks = randomNetworks();
      const able = networks.filter(({ network: { shape } }) => obstacle(shape) === undefined);
      assert.ok(able.length > 0.95 * networks.length, title);
      const names = new Map<string, string>();
      for (const { name, network } of able) {
        const folder = join(home(), `${format}-${names.size}`);
        await mkdir(folder);
        const content: Record<string, string | Uint8Array> = {
          'config.json': JSON.stringify(network.shape),
          'example.json': JSON.stringify(await network.example()),
          ...files(await portableModel(network)),
        };
        for (const [file, bytes] of Object.entries(content)) await writeFile(join(folder, file), bytes);
        names.set(folder, name);
      }
      const script = join(root, 'test', 'fixtures', 'torchExports.py');
      const { stdout } = await run(python, [script, join(root, 'media', 'python'), ...names.keys()]);
      const checked = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Checked);
      assert.equal(checked.length, able.length);
      for (const { folder, difference, largest } of checked)
        assert.ok(difference <= 1e-5 * Math.max(1, largest), `${names.get(folder)}: ${difference} of ${largest}`);
    });
  }
});
