/**
 * `npm run bench -- start [--rounds N]` starts the built command line and the built trainer without and with the folder of
 * compiled code, in turn, and prints medians of the processor time: of a command from its start to its end, and of a
 * trainer from its start to the first answer of "Classify sentiment", in each case with the processes that it starts.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { root } from '../../scripts/lib/paths.ts';
import { commandLine } from '../../scripts/lib/product.ts';
import { ClassifierClient } from '../../src/host/trainerClient/trainerClient.ts';
import { median } from '../../src/judgment/quantiles.ts';
import { codeCacheFolder } from '../../src/runs/home.ts';
import { processorSeconds } from '../harness/processorTime.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '11' } } });
const TEXT = 'The food was cold and the waiter never came back.';
const home = await mkdtemp(join(tmpdir(), 'sequence-lab-start-'));
const file = join(home, 'text.txt');
await writeFile(file, TEXT);

const fail = (error: Error): never => {
  throw error;
};

async function firstAnswer(isStored: boolean): Promise<void> {
  const trainer = ClassifierClient.start(
    {
      isolation: 'process',
      programs: join(root, 'dist'),
      threads: 0,
      onOutput: (text) => process.stderr.write(text),
      ...(isStored && { codeCache: codeCacheFolder(home) }),
    },
    { died: fail, error: fail },
  );
  await trainer.remote.openClassifier({ run: null, backends: { home: '', tensorflowPath: '', wideSimd: true } });
  await trainer.remote.answer(TEXT);
  ended.push(() => trainer.dispose());
}

/** Ends of trainers, which are not part of the time until their first answer. */
const ended: (() => Promise<void>)[] = [];

function command(...args: readonly string[]) {
  return async (isStored: boolean): Promise<void> => {
    const env = { ...process.env, SEQUENCE_LAB_HOME: home, ...(!isStored && { NODE_DISABLE_COMPILE_CACHE: '1' }) };
    await promisify(execFile)(process.execPath, [commandLine, ...args], { env });
  };
}

const starts: Readonly<Record<string, (isStored: boolean) => Promise<void>>> = {
  'sequence-lab --version': command('--version'),
  'sequence-lab runs': command('runs'),
  'sequence-lab classify': command('classify', file),
  'first answer of a trainer': firstAnswer,
};

/** Milliseconds of processor time, and elapsed ones. */
async function measured(start: (isStored: boolean) => Promise<void>, isStored: boolean) {
  const [processor, elapsed] = [await processorSeconds(), performance.now()];
  await start(isStored);
  const times = { elapsed: performance.now() - elapsed, processor: 1000 * ((await processorSeconds()) - processor) };
  // What it has compiled is stored after the answer.
  if (ended.length > 0) await new Promise((resolve) => setTimeout(resolve, 200));
  for (const end of ended.splice(0)) await end();
  return times;
}

async function sizeOf(folder: string): Promise<{ readonly files: number; readonly bytes: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return { files: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

try {
  console.log(
    '| start | processor ms without | with | elapsed ms without | with |\n| --- | ---: | ---: | ---: | ---: |',
  );
  for (const [name, start] of Object.entries(starts)) {
    const times: Record<'without' | 'with', Awaited<ReturnType<typeof measured>>[]> = { without: [], with: [] };
    // The first start stores what it compiles; the second stores what it has compiled later.
    for (let round = 0; round < 2; round++) await measured(start, true);
    for (let round = 0; round < Number(values.rounds); round++) {
      times.without.push(await measured(start, false));
      times.with.push(await measured(start, true));
    }
    const cells = (['processor', 'elapsed'] as const).flatMap((kind) =>
      [times.without, times.with].map((all) => median(all.map((each) => each[kind])).toFixed(0)),
    );
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
  const { files, bytes } = await sizeOf(codeCacheFolder(home));
  console.log(`\n${files} files of compiled code, ${(bytes / 1e6).toFixed(1)} MB. Node ${process.version}`);
} finally {
  await rm(home, { recursive: true, force: true });
}
