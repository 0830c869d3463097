/** Folders of runs, side by side and in parts of a thousand: `node test/bench/million/folders.ts FOLDERS`. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../../oracle/random.ts';
import { fact, figure, heading } from './figures.ts';

const count = Number(process.argv[2] ?? 10_000);
/** Folders of a part. */
const PART = 1000;
const OPENED = 2000;

const LAYOUTS: Readonly<Record<string, (i: number) => string>> = {
  'side by side': () => '',
  [`in parts of ${PART}`]: (i) => String(Math.floor(i / PART)).padStart(4, '0'),
};

heading(`${count} folders with one file each`);
for (const [layout, partOf] of Object.entries(LAYOUTS)) {
  const home = mkdtempSync(join(tmpdir(), 'sequence-lab-folders-'));
  try {
    await measure(home, layout, (i) =>
      join(home, partOf(i), `20260101-000000-sweep-0a1b-${String(i).padStart(7, '0')}`),
    );
  } finally {
    await figure(`${layout}: remove all`, () => rmSync(home, { recursive: true }));
  }
}

async function measure(home: string, layout: string, folderOf: (i: number) => string): Promise<void> {
  const free = () => {
    const { bavail, bsize } = statfsSync(home);
    return bavail * bsize;
  };
  const before = free();
  const first = Math.max(0, count - OPENED);
  const make = (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      mkdirSync(folderOf(i), { recursive: true });
      writeFileSync(join(folderOf(i), 'run.json'), '{}');
    }
  };
  await figure(`${layout}: create all but the last ${OPENED}`, () => make(0, first));
  await figure(`${layout}: create one of the last ${OPENED}`, () => make(first, count), count - first);
  fact(`${layout}: bytes on disk of one (approximate, with other work)`, ((before - free()) / count).toFixed(0));
  const random = new Random(1);
  const some = Array.from({ length: OPENED }, () => folderOf(Math.floor(random.next() * count)));
  const open = () => {
    for (const folder of some) readFileSync(join(folder, 'run.json'));
  };
  await figure(`${layout}: open one`, open, OPENED);
  await figure(`${layout}: list all`, () => list(home));
}

function list(home: string): void {
  let found = 0;
  for (const { name } of readdirSync(home, { withFileTypes: true }))
    found += name.length > 4 ? 1 : readdirSync(join(home, name), { withFileTypes: true }).length;
  if (found !== count) throw new Error(`${found} folders of ${count}.`);
}
