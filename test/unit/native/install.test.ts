import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findTensorflow } from '../../../src/backends/findTensorflow.ts';
import { installNative, removeNative } from '../../../src/native/install.ts';
import { proveNative } from '../../../src/native/prove.ts';
import { labHome } from '../../../src/runs/home.ts';
import { errorWith } from '../../harness/facts.ts';

/** What goes wrong with an installation; that it goes right is tested in test/e2e, with the real thing. */
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

  /** A program of that name comes first on the PATH. */
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

  const install = (fromWheel: string | boolean) => installNative({ home, gpu: false, fromWheel, say: () => undefined });

  async function assertAsBefore(): Promise<void> {
    assert.deepEqual(await readdir(home), ['native'], 'something is left over');
    assert.equal(await readFile(join(home, 'native', 'before'), 'utf8'), 'what was installed before');
  }

  const onLinux = process.platform === 'linux' ? it : it.skip;

  onLinux('names a wheel that is not there', async () => {
    await assert.rejects(install(join(folder, 'missing.whl')), errorWith({ name: 'NativeError' }, 'missing.whl'));
    await assertAsBefore();
  });

  onLinux('says that npm failed, and keeps what was installed before', async () => {
    await standIn('npm', 'exit 1');
    await assert.rejects(
      install(await wheelOf('')),
      errorWith({ name: 'NativeError' }, 'npm', '@tensorflow/tfjs-node'),
    );
    await assertAsBefore();
  });

  onLinux('names a file that is no wheel', async () => {
    await standIn('npm', 'mkdir -p node_modules/@tensorflow/tfjs-node');
    await assert.rejects(install(await wheelOf('no archive')), errorWith({ name: 'NativeError' }, 'tensorflow.whl'));
    await assertAsBefore();
  });

  onLinux('says what to do where pip finds no wheel', async () => {
    await standIn('npm', 'mkdir -p node_modules/@tensorflow/tfjs-node');
    await standIn('python3', 'echo "no matching distribution" >&2; exit 1');
    await assert.rejects(install(true), errorWith({ name: 'NativeError' }, '--from-wheel', 'no matching distribution'));
    await assertAsBefore();
  });

  it('is undone', async () => {
    assert.equal(await removeNative(join(home, 'native')), true);
    assert.deepEqual(await readdir(home), []);
    assert.equal(await removeNative(join(home, 'native')), false);
  });

  it('is proved by training on it', async function () {
    const there = findTensorflow({
      home: labHome(),
      tensorflowPath: process.env['SEQUENCE_LAB_TENSORFLOW_PATH'] ?? '',
    });
    if (there === undefined) return this.skip();
    const { tensorflow, device } = await proveNative(there);
    assert.match(tensorflow, /^\d+\.\d+\.\d+/);
    assert.notEqual(device, '');
  });

  const broken = {
    'does not load': ["throw new Error('libtensorflow is missing')", /libtensorflow is missing/],
    'aborts its process': ['process.abort()', /SIGABRT|code 134/],
  } as const;
  for (const [what, [program, reason]] of Object.entries(broken)) {
    it(`tells of a package that ${what}`, async () => {
      await writeFile(join(folder, 'package.json'), '{ "main": "index.js" }');
      await writeFile(join(folder, 'index.js'), program);
      await assert.rejects(proveNative(folder), { name: 'NativeError', message: reason });
    });
  }
});
