import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { disk } from '../../../src/platform/files.ts';
import { readProbes, ProbeStore } from '../../../src/runs/probeStore.ts';
import { MAX_PROBES } from '../../../src/runs/probeThinning.ts';
import { madeUpProbe } from '../../fixtures/probes.ts';
import { temporaryFolder } from './temporary.ts';

const light = (step: number) => madeUpProbe({ step, timeSteps: 2, complete: step % 1000 === 0 });

describe('ProbeStore', () => {
  const folder = temporaryFolder();

  it('reads probes as they were written, in the order of their steps', async () => {
    assert.deepEqual(await readProbes(folder()), []);
    const store = await ProbeStore.openAfter(folder(), 0, disk);
    const probes = [0, 100, 1000].map(light);
    for (const probe of probes) await store.add(probe);
    assert.deepEqual(await readProbes(folder()), probes);
    assert.deepEqual(store.steps, [0, 100, 1000]);
  });

  it('stores values that are not finite as null', async () => {
    const store = await ProbeStore.openAfter(folder(), 0, disk);
    await store.add(madeUpProbe({ step: 0, lastStep: [1, null, 0, 1e-300, 1e300] }));
    assert.deepEqual((await readProbes(folder()))[0]?.layers[0]?.lastStep.h, [1, null, 0, 1e-300, 1e300]);
  });

  it('drops probes after the checkpoint of a resumed run', async () => {
    const store = await ProbeStore.openAfter(folder(), 0, disk);
    for (const step of [0, 100, 200, 300]) await store.add(light(step));
    const resumed = await ProbeStore.openAfter(folder(), 200, disk);
    assert.deepEqual(resumed.steps, [0, 100, 200]);
    await resumed.add(light(200));
    await resumed.add(light(300));
    assert.deepEqual(
      (await readProbes(folder())).map(({ step }) => step),
      [0, 100, 200, 300],
    );
  });

  it('keeps a bounded number of probes, and the same files', async () => {
    const store = await ProbeStore.openAfter(folder(), 0, disk);
    for (let i = 0; i < MAX_PROBES + 40; i++) await store.add(light(i * 100));
    const files = await readdir(join(folder(), 'probes'));
    assert.equal(files.length, MAX_PROBES);
    assert.deepEqual(
      (await readProbes(folder())).map(({ step }) => step),
      store.steps,
    );
    assert.deepEqual([store.steps[0], store.steps.at(-1)], [0, (MAX_PROBES + 39) * 100]);
  });

  it('leaves out damaged probes, tells their steps, and keeps their files', async () => {
    const store = await ProbeStore.openAfter(folder(), 0, disk);
    for (const at of [0, 1, 2]) await store.add(light(at));
    await writeFile(join(folder(), 'probes', 'step-0.json'), '{"step":');
    const text = await readFile(join(folder(), 'probes', 'step-1.json'), 'utf8');
    await writeFile(join(folder(), 'probes', 'step-1.json'), text.replace(/"loss":\d/, '"loss":7'));
    assert.deepEqual(
      (await readProbes(folder())).map(({ step }) => step),
      [2],
    );
    const left: number[] = [];
    const opened = await ProbeStore.openAfter(folder(), 2, disk, (step) => left.push(step));
    assert.deepEqual([left, opened.steps], [[0, 1], [2]]);
    assert.deepEqual((await readdir(join(folder(), 'probes'))).sort(), [
      'step-0.json.damaged',
      'step-1.json.damaged',
      'step-2.json',
    ]);
  });
});
