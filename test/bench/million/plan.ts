/** The plan of a sweep of many trials: `node test/bench/million/plan.ts TRIALS`. */
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { disk, type Files } from '../../../src/platform/files.ts';
import { bestSettings } from '../../../src/sweeps/analysis/bestSettings.ts';
import { effectOf, importanceOf, measuredSettings } from '../../../src/sweeps/analysis/importance.ts';
import type { PlanEvent, TrialEvent } from '../../../src/sweeps/plan/events.ts';
import { PLAN_FILE, PlanFile } from '../../../src/sweeps/plan/planFile.ts';
import type { SweepState } from '../../../src/sweeps/plan/sweepState.ts';
import { plannedTrials } from '../../../src/sweeps/plannedTrials.ts';
import { Schedule } from '../../../src/sweeps/schedule/schedule.ts';
import type { Sweep } from '../../../src/sweeps/sweep.ts';
import { Random } from '../../oracle/random.ts';
import { endOf, headerOf, promotionOf, startOf, sweepOf } from '../../unit/sweeps/examples.ts';
import { fact, figure, heading } from './figures.ts';

const trials = Number(process.argv[2] ?? 10_000);
/** Most settings of a grid; more trials are seeds of them. */
const GRID = Math.min(trials, 10_000);
const only = process.argv[3]?.split(',');

const RATE = { range: [0.0001, 1], scale: 'log' };
const METHODS: Readonly<Record<string, { fields: object; method: object; seeds?: number }>> = {
  grid: {
    fields: {
      'training.learningRate': { ...RATE, points: 100 },
      'model.units': { range: [4, 400], points: GRID / 100 },
    },
    method: { name: 'grid' },
    seeds: trials / GRID,
  },
  sobol: { fields: { 'training.learningRate': RATE, 'model.units': { range: [4, 400] } }, method: { name: 'random' } },
  asha: { fields: { 'training.learningRate': RATE, 'model.units': { range: [4, 400] } }, method: { name: 'asha' } },
  halving: {
    fields: { 'training.learningRate': RATE, 'model.units': { range: [4, 400] } },
    method: { name: 'halving' },
  },
};

/** Longest time for the decisions of one state, in milliseconds. */
const LONGEST = 10_000;
const MOST_EVENTS = 20_000;
const FLUSHED = 200;

const home = await mkdtemp(join(tmpdir(), 'sequence-lab-million-'));
async function measure(name: string): Promise<void> {
  const { fields, method, seeds = 1 } = METHODS[name] ?? METHODS['sobol']!;
  const sweep = sweepOf(
    { fields, method, seeds, budget: { trials, steps: Number.MAX_SAFE_INTEGER } },
    { training: { steps: 900, validateEvery: 100 } },
  );
  heading(`Plan of ${trials} trials, ${name}`);
  const planned = await figure('plan the trials', () => plannedTrials(sweep));
  const folder = join(home, name);
  await disk.makeFolder(folder);
  const header = { ...headerOf(sweep), id: basename(folder) };
  const created = planned.map((trial): TrialEvent => ({ event: 'created', at: header.at, ...trial }));
  const { files, flush } = gathering();
  const plan = await figure('write the plan', async () => PlanFile.create(folder, header, created, files));
  const { size } = await stat(join(folder, PLAN_FILE));
  fact('bytes of a trial in the new plan', (size / planned.length).toFixed(0));

  const play = new Play(sweep, plan.state);
  await figure('decide and take in an event, at the beginning', () => play.some(), 1);
  fact('processor ms of a decision, a start and an end', play.perTrial);
  await figure('let half of the trials end', async () => half(plan, planned.length));
  await figure('decide and take in an event, half of them ended', () => play.some(), 1);
  fact('processor ms of a decision, a start and an end', play.perTrial);
  await flush();

  const { size: whole } = await stat(join(folder, PLAN_FILE));
  fact('size of the plan in MB', (whole / 2 ** 20).toFixed(1));
  const again = await figure('open the plan again', async () => PlanFile.open(folder, disk));
  fact('trials that have ended', String(again.state.ended));
  const next = again.state.trials.filter(({ status }) => status === 'waiting').slice(0, FLUSHED);
  await figure(
    'append an event, flushed to disk',
    async () => {
      for (const { trial } of next) await again.append(startOf(trial) as TrialEvent);
    },
    next.length,
  );
  await figure('best settings', () => bestSettings(sweep, again.state));
  const settings = measuredSettings(again.state);
  await figure('importance of the fields', () => importanceOf(sweep, settings));
  await figure('effects of the fields', () => sweep.dimensions.map(({ path }) => effectOf(path, settings)));
}

/** Files that gather what is appended, as each of a million flushes would take milliseconds. */
function gathering(): { readonly files: Files; readonly flush: () => Promise<void> } {
  const gathered = new Map<string, string[]>();
  const appendFlushed = async (path: string, data: string | Uint8Array) => {
    const parts = gathered.get(path) ?? [];
    parts.push(String(data));
    gathered.set(path, parts);
  };
  const flush = async () => {
    for (const [path, parts] of gathered) {
      const handle = await open(path, 'a');
      for (let at = 0; at < parts.length; at += 10_000) await handle.write(parts.slice(at, at + 10_000).join(''));
      await handle.close();
    }
  };
  return { files: { ...disk, appendFlushed }, flush };
}

/** Lets the first half of the trials end in the plan. */
async function half(plan: PlanFile, count: number): Promise<void> {
  const random = new Random(7);
  for (let trial = 1; trial <= count / 2; trial++) {
    if (plan.state.trial(trial)?.status !== 'waiting' || plan.state.trial(trial)?.rung !== 0) continue;
    await plan.append(startOf(trial, 100) as TrialEvent);
    await plan.append(endOf(trial, random.next(), 100) as TrialEvent);
  }
}

/** Plays a sweep in memory, eight trials at a time. */
class Play {
  perTrial = '';
  readonly #state: SweepState;
  readonly #schedule: Schedule;
  readonly #random = new Random(3);

  constructor(sweep: Sweep, state: SweepState) {
    this.#state = state;
    this.#schedule = new Schedule(sweep, state);
  }

  some(): void {
    const [begin, before] = [performance.now(), process.cpuUsage()];
    const running: number[] = [];
    let ended = 0;
    const apply = (event: PlanEvent) => {
      if (!this.#state.apply(event)) throw new Error(JSON.stringify(event));
    };
    const end = (trial: number) => {
      apply(endOf(trial, this.#random.next(), 100));
      ended++;
    };
    while (ended < MOST_EVENTS && performance.now() - begin < LONGEST) {
      const decision = this.#schedule.decide();
      if (decision.do === 'end') break;
      if (decision.do === 'promote') apply(promotionOf(decision.setting, decision.rung));
      else if (decision.do === 'wait') end(running.shift() ?? 0);
      else {
        apply(startOf(decision.trial, 100));
        running.push(decision.trial);
        if (running.length === 8) end(running.shift() ?? 0);
      }
    }
    for (const trial of running) end(trial);
    const { user, system } = process.cpuUsage(before);
    this.perTrial = ended === 0 ? 'none' : ((user + system) / 1000 / ended).toPrecision(3);
  }
}

try {
  for (const name of Object.keys(METHODS)) if (!only || only.includes(name)) await measure(name);
} finally {
  await rm(home, { recursive: true });
}
