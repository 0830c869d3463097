import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as vscode from 'vscode';
import type { Lab } from '../../../src/host/lab.ts';
import type { RunModel } from '../../../src/host/runs/runModel.ts';
import { closeEditors, openLab, training, until, untilState } from '../../extension/support.ts';
import { occupiedBy, openFiles } from '../../harness/processes.ts';
import { SOAK_VARIABLE, type SoakFigures, type SoakOptions, type SoakResult } from './soakResult.ts';

/** Runs that stay in the store; older ones are deleted. */
const KEPT = 4;
/** Runs before the first measurement, in which caches fill and code is compiled. */
const WARM_UP = 3;
/** Milliseconds after which timers, connections and windows of the last actions have gone. */
const SETTLE_MS = 8000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Opens and closes panels and trains runs, and measures what they leave in the extension host and in a trainer. */
describe('soak', function () {
  this.timeout(0);
  const { minutes, panels, runs, result } = JSON.parse(process.env[SOAK_VARIABLE] ?? '') as SoakOptions;
  const finished: RunModel[] = [];
  let lab: Lab;
  let opened = 0;
  let trained = 0;

  async function figures(long: RunModel): Promise<SoakFigures> {
    await sleep(SETTLE_MS);
    for (let i = 0; i < 3; i++) {
      collectGarbage();
      await sleep(100);
    }
    const { heapUsed, external } = process.memoryUsage();
    const pid = lab.runs.liveRun(long.id)?.pid;
    const [host, trainer] = [await occupiedBy(process.pid), pid === undefined ? undefined : await occupiedBy(pid)];
    assert.ok(host && trainer, 'the long run is training');
    return {
      hostHeap: heapUsed,
      hostExternal: external,
      hostMemory: host.memory,
      hostFiles: host.files,
      hostThreads: host.threads,
      hostResources: process.getActiveResourcesInfo().filter((name) => name !== 'Immediate').length,
      trainerMemory: trainer.memory,
      trainerFiles: trainer.files,
      trainerThreads: trainer.threads,
    };
  }

  /** Shows a run in a new panel, until its page asks for its content. */
  async function open(run: RunModel): Promise<void> {
    lab.panels.show(run);
    const panel = lab.panels.of(run)?.panel;
    assert.ok(panel);
    // A busy machine takes minutes for a page.
    await new Promise<void>((resolve) => {
      const subscription = panel.webview.onDidReceiveMessage(() => {
        subscription.dispose();
        resolve();
      });
    });
    opened++;
  }

  async function openAndClose(run: RunModel): Promise<void> {
    await open(run);
    await closeEditors();
  }

  async function train(): Promise<void> {
    const asked = await training(`soak-${trained}.txt`, { steps: 40 });
    const backend = trained % 2 === 0 ? 'wasm' : 'reference';
    const { run, ready } = lab.runs.start({ ...asked, config: { ...asked.config, backend } });
    await ready;
    await open(run);
    await untilState(run, 'completed');
    await until('its trainer has ended', () => lab.runs.liveRun(run.id) === undefined);
    await closeEditors();
    finished.push(run);
    trained++;
    const oldest = finished.length > KEPT ? finished.shift() : undefined;
    if (oldest) await lab.runs.trash(oldest.id);
  }

  it('leaves nothing behind', async () => {
    lab = await openLab();
    const asked = await training('long.txt', { steps: 100_000_000, checkpointEvery: 200, validateEvery: 200 });
    const long = lab.runs.start({ ...asked, config: { ...asked.config, backend: 'wasm', threads: 1 } });
    await long.ready;
    // A pause between the rounds leaves the processors to the pages.
    const live = lab.runs.liveRun(long.run.id);
    assert.ok(live);
    for (let i = 0; i < WARM_UP; i++) await train();
    for (const run of finished) await openAndClose(run);
    await live.pause();
    await until('the long run is paused', () => long.run.state === 'paused');
    const before = await figures(long.run);
    const filesBefore = new Set(await openFiles(process.pid));
    [opened, trained] = [0, 0];
    const start = performance.now();
    const isOver = () =>
      minutes === undefined ? trained >= runs && opened >= panels : performance.now() - start > minutes * 60_000;
    let steps = long.run.step;
    while (!isOver()) {
      if (minutes !== undefined || trained < runs) await train();
      await live.unpause();
      for (let i = 0; i < Math.ceil(panels / runs) - 1; i++) await openAndClose(finished[i % finished.length]!);
      await live.pause();
      await until('the long run is paused', () => long.run.state === 'paused');
      console.log(`${trained} runs, ${opened} panels, ${((performance.now() - start) / 60_000).toFixed(1)} min`);
    }
    steps = long.run.step - steps;
    const after = await figures(long.run);
    const openedFiles = (await openFiles(process.pid)).filter((file) => !filesBefore.has(file));
    await live.stop();
    await live.over;
    await until('no panel is open', () => vscode.window.tabGroups.all.every(({ tabs }) => tabs.length === 0));
    const done: SoakResult = {
      before,
      after,
      openedFiles,
      panels: opened,
      runs: trained,
      steps,
      minutes: (performance.now() - start) / 60_000,
    };
    await writeFile(result, JSON.stringify(done));
  });
});
