/**
 * `npm run bench -- tasks [--torch PYTHON] [--only NAME,NAME] [--backends wasm,tensorflow] [--threads N] [--profile]
 * [--json FILE] [--compare FILE]` times whole training steps of every kind of task, with the product's own code from the
 * file to the update, beside the same model in PyTorch on the same batches, in turn. `--profile` adds where a step's time
 * goes; `--json` writes the results, and `--compare` prints their ratio to results that were written before. Data are made
 * up (`tasks/cases.ts`).
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { type Contender, type LineProgram, startProgram } from '../../src/cli/bench/contender.ts';
import { measure } from '../../src/cli/bench/measure.ts';
import { backendOptions, prepareNativeEnvironment } from '../../src/cli/environment.ts';
import { taskCases } from './tasks/cases.ts';

/** Batches that PyTorch trains on again and again. */
const RECORDED = 60;
const PROFILED = 30;
/** Measurements of the peak, of which the highest counts: other work of the machine only lowers it. */
const PEAKS = 7;
/** Operations of a profile that are printed. */
const SHOWN = 8;

/**
 * Settings of glibc with which PyTorch keeps the memory that a step has freed. Otherwise it asks the system for it in
 * every step, which takes most of the time of models with large outputs on a virtual machine.
 */
const KEEP_MEMORY = { MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: String(2 ** 33) };

const result = z.object({
  name: z.string(),
  contender: z.string(),
  medianMs: z.number(),
  /** Time ratio to PyTorch; below 1 is faster. */
  ratio: z.number().nullable(),
  megabytes: z.number(),
  /** Rate of the products with weights over the whole step, relative to the innermost loop alone; null if unknown. */
  shareOfPeak: z.number().nullable(),
});
type Result = z.output<typeof result>;

const script = (name: string) => fileURLToPath(new URL(`./tasks/${name}`, import.meta.url));

/** A contender that is a program, and the program. */
interface Competitor extends Contender {
  readonly program: LineProgram;
}

async function competitor(
  name: string,
  threads: number,
  command: string,
  programArguments: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Competitor> {
  const program = await startProgram(name, command, programArguments, variables);
  return {
    name,
    threads,
    device: program.ready,
    program,
    steps: async (count) => ({
      milliseconds: z.array(z.number()).parse(await program.ask(String(count))),
      peakGigaflops: null,
    }),
    close: program.close,
  };
}

const { values } = parseArgs({
  options: {
    torch: { type: 'string' },
    only: { type: 'string' },
    backends: { type: 'string', default: 'wasm,tensorflow' },
    threads: { type: 'string', default: String(availableParallelism()) },
    profile: { type: 'boolean', default: false },
    json: { type: 'string' },
    compare: { type: 'string' },
  },
});
const threads = Number(values.threads);
const names = values.only?.split(',') ?? Object.keys(taskCases);
const earlier =
  values.compare === undefined ? [] : z.array(result).parse(JSON.parse(await readFile(values.compare, 'utf8')));
const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-tasks-'));
const all: Result[] = [];
prepareNativeEnvironment(threads);
const { home, tensorflowPath } = backendOptions();

/** Starts the contenders of a case; those that do not start are left out with the reason. */
async function start(name: string, path: string): Promise<Competitor[]> {
  const started: Competitor[] = [];
  const attempt = async (make: () => Promise<Competitor>) => {
    try {
      started.push(await make());
    } catch (error) {
      console.error(`Left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for (const backend of values.backends.split(',')) {
    const own = [script('ourSteps.ts'), name, path, backend, values.threads, 'wide', home, tensorflowPath];
    await attempt(async () => competitor(backend, threads, process.execPath, ['--expose-gc', ...own]));
  }
  const [first] = started;
  if (values.torch !== undefined && first) {
    const recording = join(folder, `${name}.json`);
    await first.program.ask(`record ${RECORDED} ${recording}`);
    const python = [script('torchTasks.py'), recording, values.threads];
    await attempt(async () => competitor('PyTorch', threads, values.torch ?? '', python, KEEP_MEMORY));
  }
  return started;
}

/** Multiplications and additions of a step, which PyTorch's model counts, and the peak in GFLOP/s; null if unknown. */
async function ratesOf(
  competitors: readonly Competitor[],
): Promise<{ readonly operations: number | null; readonly peak: number | null }> {
  const ask = async (contender: string, question: string) =>
    competitors.find((each) => each.name === contender)?.program.ask(question);
  const { operations = null } = z
    .object({ operations: z.number().optional() })
    .parse((await ask('PyTorch', 'operations')) ?? {});
  const peaks: number[] = [];
  for (let turn = 0; turn < PEAKS; turn++) {
    const { gigaflops } = z
      .object({ gigaflops: z.number().nullable().optional() })
      .parse((await ask('wasm', 'peak')) ?? {});
    if (typeof gigaflops === 'number') peaks.push(gigaflops);
  }
  return { operations, peak: peaks.length === 0 ? null : Math.max(...peaks) };
}

function print(name: string, results: readonly Result[]): void {
  console.log(taskCases[name]?.title ?? name);
  for (const { contender, medianMs, ratio, megabytes, shareOfPeak } of results) {
    const before = earlier.find((each) => each.name === name && each.contender === contender);
    console.log(
      [
        `  ${contender}`.padEnd(14),
        `${medianMs.toFixed(2)} ms`.padStart(12),
        (ratio === null ? '' : `${ratio.toFixed(2)} of PyTorch`).padStart(18),
        (shareOfPeak === null ? '' : `${Math.round(100 * shareOfPeak)} % of peak`).padStart(14),
        `${megabytes.toFixed(0)} MB`.padStart(10),
        before ? `${(medianMs / before.medianMs).toFixed(2)} of ${before.medianMs.toFixed(2)} ms`.padStart(22) : '',
      ].join(''),
    );
  }
}

async function printProfile({ name, program }: Competitor): Promise<void> {
  const spent = Object.entries(z.record(z.string(), z.number()).parse(await program.ask(`profile ${PROFILED}`)));
  const whole = spent.reduce((sum, [, ms]) => sum + ms, 0);
  const parts = spent.slice(0, SHOWN).map(([part, ms]) => `${part} ${Math.round((100 * ms) / whole)} %`);
  console.log(`  ${name}: ${parts.join(', ')}`);
}

try {
  for (const name of names) {
    const task = taskCases[name];
    if (!task) throw new Error(`There is no case "${name}". Cases are ${Object.keys(taskCases).join(', ')}.`);
    const path = join(folder, task.file.name);
    await writeFile(path, task.file.content());
    const competitors = await start(name, path);
    try {
      const measured = await measure(competitors);
      const torch = measured[competitors.findIndex((each) => each.name === 'PyTorch')]?.medianMs;
      const { operations, peak } = await ratesOf(competitors);
      const results: Result[] = [];
      for (const [index, each] of competitors.entries()) {
        const { medianMs } = measured[index]!;
        const { bytes } = z.object({ bytes: z.number() }).parse(await each.program.ask('memory'));
        const ratio = torch === undefined || each.name === 'PyTorch' ? null : medianMs / torch;
        const shareOfPeak = operations === null || peak === null ? null : operations / medianMs / 1e6 / peak;
        results.push({ name, contender: each.name, medianMs, ratio, megabytes: bytes / 1e6, shareOfPeak });
      }
      all.push(...results);
      print(name, results);
      if (values.profile) for (const each of competitors) if (each.name !== 'PyTorch') await printProfile(each);
    } finally {
      for (const each of competitors) await each.close();
    }
  }
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(all, undefined, 2)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
