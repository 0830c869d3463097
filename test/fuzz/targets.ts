import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { parseFilter } from '../../src/catalog/filter/parseFilter.ts';
import { splitReport } from '../../src/catalog/report/splitReport.ts';
import { parseJson, parseRunConfig } from '../../src/config/parse.ts';
import { loadCorpus } from '../../src/data/corpus.ts';
import { readLabeledTable } from '../../src/data/labeled/fastText.ts';
import { labeledTexts } from '../../src/data/labeled/labeledTexts.ts';
import { inspectDataSet } from '../../src/data/inspect/inspectDataSet.ts';
import { readSeries } from '../../src/data/numeric/readSeries.ts';
import { textPairs } from '../../src/data/pairs/textPairs.ts';
import { readTable } from '../../src/data/table/readTable.ts';
import { readTagged } from '../../src/data/tagged/readTagged.ts';
import { TextReader } from '../../src/data/textReader.ts';
import { Vocabulary } from '../../src/data/vocabulary.ts';
import { readWordVectors } from '../../src/data/words/wordVectors.ts';
import { storedWeights } from '../../src/models/savedModel.ts';
import { disk, type Files } from '../../src/platform/files.ts';
import { connect, type Port } from '../../src/protocol/rpc.ts';
import { ownerContract } from '../../src/protocol/trainer.ts';
import { readableAnnotations } from '../../src/runs/annotations.ts';
import { Checkpoints } from '../../src/runs/checkpoints.ts';
import { readMetrics } from '../../src/runs/metricsLog.ts';
import { readProbes } from '../../src/runs/probeStore.ts';
import { readRecord } from '../../src/runs/record.ts';
import { readReport } from '../../src/runs/report.ts';
import { decodeModel } from '../../src/sentiment/modelFile.ts';
import { root } from '../../scripts/lib/paths.ts';
import { lockHolder } from '../../src/runs/lock.ts';
import { CheckedFolder } from '../../src/runs/integrity.ts';
import { Session } from '../../src/worker/session.ts';
import { request } from '../unit/worker/fixture.ts';
import { importTargets } from './importTargets.ts';
import { modelTargets } from './modelTargets.ts';
import { packedTargets } from './packedTargets.ts';

/** Something that reads what others have written. */
export interface Target {
  readonly name: string;
  /** Valid inputs, which are mutated. */
  readonly seeds: readonly Uint8Array[];
  /** Whether an error must name the input. */
  readonly names: boolean;
  /** Whether its inputs are so large that it takes a turn less often. */
  readonly isSlow?: true;
  read(input: Uint8Array, name: string): unknown;
}

type Source = Parameters<typeof readTable>[0];

/** Every reader of data, files of a run, configurations and messages. @param home folder for the run that gives seeds */
export async function fuzzTargets(home: string): Promise<Target[]> {
  const data = await dataSeeds();
  const files = await runFiles(home);
  const config = (await filesIn('media/samples', '.sequence-lab.json')).map(({ bytes }) => bytes);
  return [
    ...dataTargets(data),
    {
      name: 'configuration',
      seeds: config,
      names: false,
      read: (input, name) => parseRunConfig(parseJson(text(input), name)),
    },
    ...[
      [
        'filter',
        ['cell = gru and best < 1.6', 'not (tags in ("a", b)) or created > 2024-01-02', 'name ~ "x y"'],
      ] as const,
      [
        'report',
        ['# A\n\n```sequence-lab\nplot: validation loss\nruns: cell = gru\n```\n\nText [run](run:abc).'],
      ] as const,
    ].map(([name, seeds]) => ({
      name,
      seeds: seeds.map((seed) => Buffer.from(seed)),
      names: false,
      read: (input: Uint8Array) => (name === 'filter' ? parseFilter(text(input)) : splitReport(text(input))),
    })),
    ...runTargets(files),
    ...modelTargets(),
    messages(),
    ...importTargets(),
    ...packedTargets(),
  ];
}

function dataTargets(seeds: readonly Uint8Array[]): Target[] {
  const target = (name: string, read: (source: Source) => unknown): Target => ({
    name,
    seeds,
    names: true,
    read: async (input, named) => read({ kind: 'text', text: text(input), name: named }),
  });
  return [
    {
      name: 'bytes of a text',
      seeds,
      names: true,
      read: async (input, name) => new TextReader(name, [input], { totalBytes: input.length }).readToEnd(),
    },
    target('text', async (source) => loadCorpus(source, { validationShare: 0.1, sequenceLength: 8 })),
    target('words', async (source) =>
      loadCorpus(source, { validationShare: 0.1, sequenceLength: 8, words: { minCount: 1, maxSize: 100 } }),
    ),
    target('table', async (source) => readTable(source)),
    target('labeled texts', async (source) => labeledTexts(await readLabeledTable(source))),
    target('pairs', async (source) => textPairs(await readTable(source))),
    target('tagged sentences', async (source) => readTagged(source)),
    target('series', async (source) => readSeries(source)),
    target('word vectors', async (source) => readWordVectors(source, ['the', 'a', '1'])),
    target('inspection', async (source) =>
      inspectDataSet(source, { validationShare: 0.1, seed: 1 } as Parameters<typeof inspectDataSet>[1]),
    ),
  ];
}

/** Readers of the files of a run, each with one file that is damaged. */
function runTargets(files: ReadonlyMap<string, Uint8Array>): Target[] {
  const folder = '/run';
  const whole = (name: string): Uint8Array => files.get(name) ?? new Uint8Array();
  const target = (name: string, file: string, read: (store: Files) => unknown): Target => ({
    name,
    seeds: [whole(file)],
    names: true,
    read: async (input) => read(memory(folder, new Map([...files, [file, input]]))),
  });
  const [checkpoint = ''] = [...files.keys()].filter((name) => name.endsWith('checkpoint.json')).slice(-1);
  const [probe = ''] = [...files.keys()].filter((name) => name.startsWith('probes/')).slice(-1);
  const step = Number(/step-(\d+)/.exec(checkpoint)?.[1]);
  const readCheckpoint = async (store: Files) => new Checkpoints(folder, z.looseObject({}), store).read(step);
  const model = (name: 'model.json' | 'weights.bin' | 'task.json'): Target => ({
    name: `model/${name}`,
    seeds: [whole(`model/${name}`)],
    names: false,
    read: (input) =>
      storedWeights({
        'model.json': text(whole('model/model.json')),
        'weights.bin': new Uint8Array(whole('model/weights.bin')),
        'task.json': text(whole('model/task.json')),
        [name]: name === 'weights.bin' ? new Uint8Array(input) : text(input),
      }),
  });
  return [
    target('run.json', 'run.json', async (store) => readRecord(folder, store)),
    target('metrics.jsonl', 'metrics.jsonl', async (store) => readMetrics(folder, store)),
    target('checkpoint.json', checkpoint, readCheckpoint),
    target('tensors.bin', checkpoint.replace('checkpoint.json', 'tensors.bin'), readCheckpoint),
    target('probe', probe, async (store) => readProbes(folder, store)),
    {
      ...target('report.json', 'report.json', async (store) => readReport(folder, store)),
      seeds: [Buffer.from('{"step":1,"blocks":[]}')],
    },
    {
      ...target('annotations.json', 'annotations.json', async (store) => readableAnnotations(folder, store)),
      seeds: [Buffer.from('{"starred":true,"tags":["a"],"name":"b"}')],
    },
    {
      ...target('lock', 'lock', async (store) => lockHolder(folder, store)),
      seeds: [Buffer.from(`${process.pid} 123456 pid:[4026531836]`), Buffer.from('1')],
    },
    target('integrity.json', 'model/integrity.json', async (store) =>
      (await CheckedFolder.open(`${folder}/model`, store)).read('weights.bin'),
    ),
    model('model.json'),
    model('weights.bin'),
    {
      name: 'vocabulary.json',
      seeds: [whole('model/vocabulary.json')],
      names: false,
      read: (input) => Vocabulary.fromJSON(parseJson(text(input), 'vocabulary.json')),
    },
    {
      name: 'sentiment model',
      seeds: [whole('sentiment')],
      names: false,
      isSlow: true,
      read: (input) => decodeModel(input),
    },
  ];
}

/** Messages of the training thread as the host reads them: a malformed one is reported, and reaches no function. */
function messages(): Target {
  const valid = [
    { m: 'event', a: [[{ event: 'checkpoint', step: 3 }]], t: 'q' },
    { m: 'onEvents', a: [[{ event: 'paused', paused: true, step: 1 }]], t: 'q', i: 'x' },
    { t: 's', i: 'y', r: 1, e: { name: 'Error', message: 'no' } },
  ];
  return {
    name: 'messages',
    seeds: valid.map((each) => Buffer.from(JSON.stringify(each))),
    names: false,
    read: async (input) => {
      const listeners: ((message: unknown) => void)[] = [];
      const port: Port = {
        post: () => undefined,
        onMessage: (listener) => void listeners.push(listener),
        close: () => undefined,
      };
      const functions = Object.fromEntries(Object.keys(ownerContract).map((name) => [name, () => undefined]));
      const connection = connect({
        port,
        serves: ownerContract,
        functions: functions as unknown as Parameters<
          typeof connect<typeof ownerContract, typeof ownerContract>
        >[0]['functions'],
        calls: {},
        onError: () => undefined,
      });
      const message: unknown = parseJson(text(input), 'message');
      for (const listener of listeners) listener(message);
      await Promise.resolve();
      connection.close(new Error('closed'));
    },
  };
}

function text(input: Uint8Array): string {
  return Buffer.from(input).toString('utf8');
}

async function dataSeeds(): Promise<Uint8Array[]> {
  const named = [
    ...(await filesIn('test/fixtures/tagged', '')),
    ...(await filesIn('media/samples', '.tsv')),
    ...(await filesIn('media/samples', '.csv')),
    ...(await filesIn('media/samples', '.txt')),
  ];
  const written = [
    'text,label\n"a, b",x\n"c ""d""",y\ne,x\nf,y\ng,x\nh,y\n',
    '__label__good A film to see.\n__label__bad __label__long Too long.\n',
    'time;value\n2024-01-01;1,5\n2024-01-02;1,7\n2024-01-03;1,9\n2024-01-04;2,0\n',
    '3 2\nthe 0.1 0.2\na 0.3 0.4\n1 0.5 0.6\n',
    '{"text":"a","label":"x"}\n{"text":"b","label":"y"}\n[1,2]\n',
    'go\tva\nrun\tcours\nwait\tattends\n',
  ];
  // A short input is mutated in more of its places.
  return [...named.map(({ bytes }) => bytes.subarray(0, 1500)), ...written.map((each) => Buffer.from(each))];
}

async function filesIn(folder: string, ending: string): Promise<{ name: string; bytes: Uint8Array }[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && entry.name.endsWith(ending)).map(({ name }) => name);
  return Promise.all(names.sort().map(async (name) => ({ name, bytes: await readFile(join(root, folder, name)) })));
}

/** The files of a short run, by their paths in its folder, and the bundled sentiment model as `sentiment`. */
async function runFiles(home: string): Promise<Map<string, Uint8Array>> {
  const run = { model: { units: 4 }, training: { steps: 20 }, probes: { every: 10 } };
  const session = await Session.start(request(home, run), () => undefined);
  await session.train();
  const files = new Map<string, Uint8Array>();
  for (const entry of await readdir(session.folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(session.folder.length + 1).replaceAll('\\', '/'), await readFile(path));
  }
  const sentiment = await filesIn('media/sentiment', '.bin');
  files.set('sentiment', sentiment[0]?.bytes ?? new Uint8Array());
  return files;
}

/** Files in memory, to be read only. */
function memory(folder: string, files: ReadonlyMap<string, Uint8Array>): Files {
  const read = async (path: string): Promise<Uint8Array> => {
    const bytes = files.get(path.slice(folder.length + 1).replaceAll('\\', '/'));
    if (!bytes) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT', syscall: 'open', path });
    return bytes;
  };
  return {
    ...disk,
    read,
    readText: async (path) => text(await read(path)),
    list: async (path) => {
      const inside = path === folder ? '' : `${path.slice(folder.length + 1).replaceAll('\\', '/')}/`;
      const names = [...files.keys()]
        .filter((name) => name.startsWith(inside))
        .map((name) => name.slice(inside.length));
      return [...new Set(names.map((name) => name.split('/')[0] ?? ''))].map((name) => ({
        name,
        isFile: names.includes(name),
        isFolder: !names.includes(name),
        isLink: false,
      }));
    },
  };
}
