import { formatBytes } from '../../format/bytes.ts';
import { phrase } from '../../phrases/phrase.ts';
import { heapLimit, memoryLimit } from '../../platform/system.ts';
import { InputError } from '../inputError.ts';

/** What a table is read for. */
export type TableNeed = keyof typeof FACTORS;

/**
 * Memory for each byte of the file of a table: of the process, and of its JavaScript objects and strings. They are above
 * what was measured: inspecting delimited tables of 500 MB took 9 times their size, training on one of numbers 14 times
 * (see the readers in docs/benchmarks.md), and JSON Lines, each row of which is an object, took 11 times, of it 10 in objects.
 * The shares of the objects of delimited tables are estimates.
 */
const FACTORS = {
  rows: [10, 3],
  series: [15, 4],
  objects: [12, 11],
} as const;

/**
 * Checks before reading that a table fits into the memory.
 * @throws InputError with the size of the file, what reading it needs, and what there is
 */
export function checkTableMemory(
  name: string,
  bytes: number,
  {
    need = 'rows',
    memory = memoryLimit(),
    heap = heapLimit(),
  }: { readonly need?: TableNeed; readonly memory?: number; readonly heap?: number } = {},
): void {
  const [ofProcess, ofObjects] = FACTORS[need];
  const [factor, limit] = memory / ofProcess < heap / ofObjects ? [ofProcess, memory] : [ofObjects, heap];
  if (factor * bytes <= limit) return;
  throw new InputError(
    'unreadable',
    phrase(
      '"{0}" has {1}. Reading it as a table needs about {2} of memory, but this process may use {3}. Split it into smaller files.',
      name,
      formatBytes(bytes),
      formatBytes(factor * bytes),
      formatBytes(limit),
    ),
  );
}
