import { integer, pointer } from './arguments';
import { columnStart } from './columns';
import { addInto } from './loops';
import { clearRow, copyRow } from './rows';
import { shareStart } from './share';

/** Gathers rows of a table by ids. */
export function embedding(thread: i32, threads: i32): void {
  const width = integer(4);
  const bytes = (<usize>width) << 2;
  const last = shareStart(integer(3), thread + 1, threads);
  for (let i = shareStart(integer(3), thread, threads); i < last; i++) {
    const id = <usize>load<i32>(pointer(1) + ((<usize>i) << 2));
    copyRow(pointer(2) + (<usize>i) * bytes, pointer(0) + id * bytes, width);
  }
}

/** Gradient of the table: scatters and adds the rows of dy by ids. Each thread handles a range of columns. */
export function embeddingGradient(thread: i32, threads: i32): void {
  const gradient = pointer(2);
  const width = integer(4);
  const first = columnStart(width, thread, threads);
  const last = columnStart(width, thread + 1, threads);
  const bytes = (<usize>width) << 2;
  const offset = (<usize>first) << 2;
  for (let row = 0; row < integer(5); row++) clearRow(gradient + (<usize>row) * bytes + offset, last - first);
  for (let i: usize = 0; i < <usize>integer(3); i++) {
    const id = <usize>load<i32>(pointer(1) + (i << 2));
    addInto(gradient + id * bytes + offset, pointer(0) + i * bytes + offset, last - first);
  }
}
