import { formatBytes } from '../../format/bytes.ts';
import { phrase } from '../../phrases/phrase.ts';
import { heapLimit, memoryLimit } from '../../platform/system.ts';
import { InputError } from '../inputError.ts';

/**
 * Memory for each byte of the file of a table: of the process, and of its JavaScript objects and strings. A process that
 * inspected delimited tables of 100 MB took at most 7.1 times their size, and tables of numbers of 500 MB take more (see
 * the readers in docs/benchmarks.md); the share of the objects is an estimate. JSON needs more, as each row is an object.
 */
const [PROCESS_FACTOR, HEAP_FACTOR] = [7, 3];

/**
 * Checks before reading that a table fits into the memory.
 * @throws InputError with the size of the file, what reading it needs, and what there is
 */
export function checkTableMemory(
  name: string,
  bytes: number,
  { memory = memoryLimit(), heap = heapLimit() }: { readonly memory?: number; readonly heap?: number } = {},
): void {
  const [factor, limit] = memory / PROCESS_FACTOR < heap / HEAP_FACTOR ? [PROCESS_FACTOR, memory] : [HEAP_FACTOR, heap];
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
