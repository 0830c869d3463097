import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findTensorflow } from '../../../src/backends/findTensorflow.ts';
import { installNative, removeNative } from '../../../src/native/install.ts';
import { verifyNative } from '../../../src/native/verify.ts';
import { labHome } from '../../../src/runs/home.ts';
import { errorWith } from '../../harness/facts.ts';

/** Failing installations; test/e2e covers a real installation. */
describe('installing native TensorFlow', () => {
  const path = process.env['PATH'] ?? '';
  let folder = '';
  let home = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sequence-lab-native-'));
    home = join(folder, 'home');
    await mkdir(join(home, 'native'), { recursive: true });
    await writeFile(join(home, 'native', 'before'), 'what was installed before');
  });

  afterEach(async () => {
    process.env['PATH'] = path;
    await rm(folder, { recursive: true, force: true });
  });

  /** Puts a program first on the PATH. */
  async function standIn(name: string, script: string): Promise<void> {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
    process.env['PATH'] = `${folder}${delimiter}${path}`;
  }

  async function wheelOf(text: string): Promise<string> {
    const wheel = join(folder, 'tensorflow.whl');
    await writeFile(wheel, text);
    return wheel;
  }

  const install = (fromWheel: string | boolean) =>
    installNative({ home, gpu: false, fromWheel, onProgress: () => undefined });

  async function assertAsBefore(): Promise<void> {
    assert.deepEqual(await readdir(home), ['native'], 'unexpected files in the home folder');
    assert.equal(await readFile(join(home, 'native', 'before'), 'utf8'), 'what was installed before');
  }

  const onLinux = process.platform === 'linux' ? it : it.skip;

  onLinux('names a missing wheel', async () => {
    await assert.rejects(install(join(folder, 'missing.whl')), errorWith({ name: 'UnusableError' }, 'missing.whl'));
    await assertAsBefore();
  });

  onLinux('reports that npm failed and keeps the previous installation', async () => {
    await standIn('npm', 'exit 1');
    await assert.rejects(
      install(await wheelOf('')),
      errorWith({ name: 'NativeError' }, 'npm', '@tensorflow/tfjs-node'),
    );
    await assertAsBefore();
  });

  onLinux('names a file that is not a wheel', async () => {
    await standIn('npm', 'mkdir -p node_modules/@tensorflow/tfjs-node');
    await assert.rejects(install(await wheelOf('no archive')), errorWith({ name: 'NativeError' }, 'tensorflow.whl'));
    await assertAsBefore();
  });

  onLinux('explains what to do if pip finds no wheel', async () => {
    await standIn('npm', 'mkdir -p node_modules/@tensorflow/tfjs-node');
    await standIn('python3', 'echo "no matching distribution" >&2; exit 1');
    await assert.rejects(install(true), errorWith({ name: 'NativeError' }, '--from-wheel', 'no matching distribution'));
    await assertAsBefore();
  });

  it('removes the installation', async () => {
    assert.equal(await removeNative(join(home, 'native')), true);
    assert.deepEqual(await readdir(home), []);
    assert.equal(await removeNative(join(home, 'native')), false);
  });

  it('verifies a package with training steps', async function () {
    const there = findTensorflow({
      home: labHome(),
      tensorflowPath: process.env['SEQUENCE_LAB_TENSORFLOW_PATH'] ?? '',
    });
    if (there === undefined) return this.skip();
    const { tensorflow, device } = await verifyNative(there);
    assert.match(tensorflow, /^\d+\.\d+\.\d+/);
    assert.notEqual(device, '');
  });

  const broken = {
    'does not load': ["throw new Error('libtensorflow is missing')", /libtensorflow is missing/],
    'aborts its process': ['process.abort()', /SIGABRT|code 134/],
  } as const;
  for (const [what, [program, reason]] of Object.entries(broken)) {
    it(`reports a package that ${what}`, async () => {
      await writeFile(join(folder, 'package.json'), '{ "main": "index.js" }');
      await writeFile(join(folder, 'index.js'), program);
      await assert.rejects(verifyNative(folder), { name: 'NativeError', message: reason });
    });
  }
});
