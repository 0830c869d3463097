import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Python with the packages that read exported files: the path in SEQUENCE_LAB_READERS. */
export const python = process.env['SEQUENCE_LAB_READERS'] ?? '';

/** Text for the title of tests that need the packages. */
export const ifReadable = python ? '' : ' (skipped: SEQUENCE_LAB_READERS is not set to a Python with the readers)';

const script = fileURLToPath(new URL('../../fixtures/readExports.py', import.meta.url));

/** What a Python package reads from files, or from folders of event files. */
export async function readWithPython(
  kind: 'parquet' | 'npz' | 'tensorboard',
  paths: readonly string[],
): Promise<unknown[]> {
  const { stdout } = await promisify(execFile)(python, [script, kind, ...paths], { maxBuffer: 2 ** 28 });
  return JSON.parse(stdout, (_, value: unknown) =>
    typeof value === 'object' && value !== null && 'number' in value ? numberOf(String(value.number)) : value,
  ) as unknown[];
}

/** A number, or a BigInt if it is an integer that a number cannot hold. */
function numberOf(text: string): number | bigint {
  const value = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}
