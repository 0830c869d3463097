import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureKeras } from '../../scripts/lib/keras.ts';
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

/** The interpreter of the program of each format, with the script that runs it on several folders. */
const CHECKS: Readonly<Record<PortableFormatName, readonly [ensure: () => Promise<string>, script: string]>> = {
  safetensors: [ensureTorch, 'checkExports.py'],
  pytorch: [ensureTorch, 'checkExports.py'],
  keras: [ensureKeras, 'checkExports.py'],
  onnx: [ensureOnnx, 'checkExports.py'],
  tfjs: [() => Promise.resolve(process.execPath), 'checkExports.mjs'],
};

describe('models that are exported', function () {
  this.timeout(300_000);
  const home = temporaryFolder();
  before(async () => {
    await backendNamed('wasm').load({ home: '', tensorflowPath: '', threads: 1 });
  });

  for (const format of PORTABLE_FORMATS) {
    const { obstacle, files, title, programs } = portableFormats[format];
    it(`compute the same outputs for all cells and kinds of networks: ${title}`, async function () {
      const [ensure, check] = CHECKS[format];
      const interpreter = await prepareOrSkip(this, ensure);
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
      const script = join(root, 'test', 'fixtures', check);
      const [program = ''] = programs(networks[0]!.network.shape);
      const { stdout } = await run(interpreter, [script, join(root, 'media', program), ...names.keys()]);
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
