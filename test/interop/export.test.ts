import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureOnnx } from '../../scripts/lib/onnx.ts';
import { ensureTorch } from '../../scripts/lib/torch.ts';
import { root } from '../../scripts/lib/paths.ts';
import { backendNamed } from '../../src/backends/registry.ts';
import { PORTABLE_FORMATS, type PortableFormatName } from '../../src/config/portableFormats.ts';
import { portableFormats } from '../../src/interop/formats.ts';
import { portableModel } from '../../src/worker/portable/portableNetwork.ts';
import { randomNetworks } from '../fixtures/randomNetworks.ts';
import { checkResults } from '../harness/interopResults.ts';
import { prepareOrSkip } from '../harness/prepareOrSkip.ts';
import { temporaryFolder } from '../unit/runs/temporary.ts';

const run = promisify(execFile);

/** What `checkExports.py` prints of an exported model. */
interface Checked {
  readonly folder: string;
  /** Largest difference of the outputs, and the largest output. */
  readonly difference: number;
  readonly largest: number;
}

/** The Python with the program of each format. */
const PYTHONS: Readonly<Record<PortableFormatName, () => Promise<string>>> = {
  safetensors: ensureTorch,
  pytorch: ensureTorch,
  onnx: ensureOnnx,
};

describe('models that are exported', function () {
  this.timeout(300_000);
  const home = temporaryFolder();
  before(async () => {
    await backendNamed('wasm').load({ home: '', tensorflowPath: '', threads: 1 });
  });

  for (const format of PORTABLE_FORMATS) {
    const { obstacle, files, title, program } = portableFormats[format];
    it(`compute the same outputs for all cells and kinds of networks: ${title}`, async function () {
      const python = await prepareOrSkip(this, PYTHONS[format]);
      const networks = randomNetworks();
      const able = networks.filter(({ network: { shape } }) => obstacle(shape) === undefined);
      assert.ok(able.length > 0.8 * networks.length, title);
      const names = new Map<string, string>();
      for (const { name, network } of able) {
        const folder = join(home(), `${format}-${names.size}`);
        await mkdir(folder);
        const weights = files(await portableModel(network));
        const content: Record<string, string | Uint8Array> = {
          'config.json': JSON.stringify({ weights: Object.keys(weights), ...network.shape }),
          'example.json': JSON.stringify(await network.example()),
          ...weights,
        };
        for (const [file, bytes] of Object.entries(content)) await writeFile(join(folder, file), bytes);
        names.set(folder, name);
      }
      const script = join(root, 'test', 'fixtures', 'checkExports.py');
      const { stdout } = await run(python, [script, join(root, 'media', 'python', program), ...names.keys()]);
      const checked = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Checked);
      assert.equal(checked.length, able.length);
      for (const { folder, difference, largest } of checked)
        assert.ok(difference <= 1e-5 * Math.max(1, largest), `${names.get(folder)}: ${difference} of ${largest}`);
      const measured = new Map(checked.map((each) => [names.get(each.folder), each]));
      const outcomes = networks.map(({ name, network: { shape } }) => {
        const { difference = 0, largest = 1 } = measured.get(name) ?? {};
        const spelled = portableFormats[format].isSpelledOut?.(shape) ?? false;
        const outcome = measured.has(name) ? { difference: difference / Math.max(1, largest), spelled } : 'refused';
        return { shape, outcome } as const;
      });
      checkResults('exported', format, outcomes);
    });
  }
});
