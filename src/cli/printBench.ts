import { bench, type BenchOptions, type BenchRow } from './bench.ts';

/** `sequence-lab bench`: prints a table shape by shape, or all rows as one JSON array at the end. */
export async function printBench({ json, ...options }: BenchOptions & { readonly json: boolean }): Promise<void> {
  const all: BenchRow[] = [];
  const report = (rows: BenchRow[]) => {
    all.push(...rows);
    if (!json) process.stdout.write(`${table(rows)}\n`);
  };
  await bench(options, report, (text) => process.stderr.write(`Skipped: ${text}.\n`));
  if (json) process.stdout.write(`${JSON.stringify(all)}\n`);
}

function table(rows: readonly BenchRow[]): string {
  const [first] = rows;
  const title = first ? `${first.cell} T=${first.T} B=${first.B} H=${first.H} V=${first.V}`.padEnd(30) : '';
  const head = `${title}taps  wide  threads        ms   GFLOP/s  of peak  to torch  to torch+taps  to stock`;
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
      ].join(''),
  );
  return [head, ...lines].join('\n');
}

function inDigits(ratio: number | null): string {
  return ratio === null ? '-' : ratio.toFixed(2);
}
