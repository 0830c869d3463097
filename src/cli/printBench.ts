import * as z from 'zod';

import { bench, type BenchOptions, type BenchRow } from './bench.ts';
import { UsageError } from './exitCodes.ts';
import { readSmallText } from './lines.ts';

/** What is compared of the rows that `--json` printed before. */
const storedRows = z.array(
  z.object({
    cell: z.string(),
    T: z.int(),
    B: z.int(),
    H: z.int(),
    V: z.int(),
    threads: z.int(),
    backend: z.string(),
    taps: z.boolean(),
    wideSimd: z.boolean(),
    medianMs: z.number().positive(),
  }),
);
type StoredRow = z.output<typeof storedRows>[number];

/** A row, and its time ratio to a stored one; null if there is none of the same contender, threads and sizes. */
interface ComparedRow extends BenchRow {
  readonly ratioToStored?: number | null;
}

/**
 * `sequence-lab bench`: prints a table shape by shape, or all rows as one JSON array at the end.
 * @param compare path of a file with the array of an earlier run
 * @throws UsageError for a file that holds none
 */
export async function printBench({
  json,
  compare,
  ...options
}: BenchOptions & { readonly json: boolean; readonly compare?: string | undefined }): Promise<void> {
  const stored = compare === undefined ? undefined : await readStored(compare);
  const all: ComparedRow[] = [];
  const report = (rows: BenchRow[]) => {
    const compared = stored ? rows.map((row) => ({ ...row, ratioToStored: ratioTo(stored, row) })) : rows;
    all.push(...compared);
    if (!json) process.stdout.write(`${table(compared)}\n`);
  };
  await bench(options, report, (text) => process.stderr.write(`Skipped: ${text}.\n`));
  if (json) process.stdout.write(`${JSON.stringify(all)}\n`);
}

async function readStored(path: string): Promise<StoredRow[]> {
  const text = await readSmallText(path);
  try {
    return storedRows.parse(JSON.parse(text));
  } catch {
    throw new UsageError(`--compare: ${path} is not an array that "sequence-lab bench --json" has printed.`);
  }
}

function ratioTo(stored: readonly StoredRow[], row: BenchRow): number | null {
  const same = ['cell', 'T', 'B', 'H', 'V', 'threads', 'backend', 'taps', 'wideSimd'] as const;
  const before = stored.find((each) => same.every((field) => each[field] === row[field]));
  return before ? row.medianMs / before.medianMs : null;
}

function table(rows: readonly ComparedRow[]): string {
  const [first] = rows;
  const title = first ? `${first.cell} T=${first.T} B=${first.B} H=${first.H} V=${first.V}`.padEnd(30) : '';
  const head = `${title}taps  wide  threads        ms   GFLOP/s  of peak  to torch  to torch+taps  to stock${first?.ratioToStored === undefined ? '' : '  to stored'}`;
  const lines = rows.map(
    ({
      backend,
      device,
      taps,
      wideSimd,
      threads,
      medianMs,
      gigaflops,
      shareOfPeak,
      ratioToTorch,
      ratioToInstrumentedTorch,
      ratioToStock,
      ratioToStored,
    }) =>
      [
        `  ${backend}${device.endsWith('(software)') ? ' (software)' : ''}`.padEnd(30),
        (taps ? 'on' : 'off').padEnd(6),
        (wideSimd ? 'on' : 'off').padEnd(6),
        String(threads).padStart(7),
        medianMs.toFixed(2).padStart(10),
        gigaflops.toFixed(1).padStart(10),
        (shareOfPeak === null ? '-' : `${Math.round(100 * shareOfPeak)} %`).padStart(9),
        inDigits(ratioToTorch).padStart(10),
        inDigits(ratioToInstrumentedTorch).padStart(15),
        inDigits(ratioToStock).padStart(10),
        ratioToStored === undefined ? '' : inDigits(ratioToStored).padStart(11),
      ].join(''),
  );
  return [head, ...lines].join('\n');
}

function inDigits(ratio: number | null): string {
  return ratio === null ? '-' : ratio.toFixed(2);
}
