/**
 * Twenty runs that start at once among many others: `node test/bench/million/starts.ts RUNS`. Times what the list and the
 * labels of the extension host do, without the trainers, which are other processes.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { Labeling } from '../../../src/host/runs/labeling.ts';
import { relabel } from '../../../src/host/runs/labels.ts';
import { RunList } from '../../../src/host/runs/runList.ts';
import { RunModel } from '../../../src/host/runs/runModel.ts';
import { fact, figure, heading } from './figures.ts';
import { trialRecord } from './trialRecord.ts';

const count = Number(process.argv[2] ?? 10_000);
const STARTED = 20;
/** Events of a run with step 0, after which it may have another label. */
const EVENTS = 3;

heading(`${STARTED} runs start at once among ${count}`);
await measure('labels all runs at each change', (list) => () => relabel(list.runs));
await measure('labels all runs after a pause', (list) => {
  const labeling = new Labeling({ runs: () => list.runs, changed: () => undefined });
  return () => labeling.request();
});

async function measure(name: string, labelerOf: (list: RunList) => () => void): Promise<void> {
  let label: () => void = () => undefined;
  const list = new RunList({
    folder: () => '/nowhere',
    isLive: () => true,
    changedRun: () => undefined,
    changedList: () => label(),
  });
  const model = (i: number) => {
    const record = trialRecord(i);
    return RunModel.stored({ folder: `/runs/${record.id}`, record, holder: undefined });
  };
  for (let i = 0; i < count; i++) list.add(model(i));
  label = labelerOf(list);
  label();
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  await setTimeout(50);
  delays.reset();
  await figure(`${name}: start them`, () => {
    for (let i = 0; i < STARTED; i++) list.add(model(count + i));
  });
  await figure(`${name}: their first events`, async () => {
    for (let i = 0; i < STARTED * EVENTS; i++) {
      label();
      await setTimeout(1);
    }
  });
  fact(`${name}: longest delay of the event loop (ms)`, (delays.max / 1e6).toFixed(0));
  delays.disable();
}
