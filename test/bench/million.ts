/**
 * `npm run bench -- million [--rows 10000,100000] [--only plan,index,folders,table,starts]`: what grows with the number of
 * trials. Each part and size runs in a separate process, one after the other, which prints a line for each figure:
 *
 * - `plan`: the plan of a sweep of each method: write, decide, append, reopen, and the analysis at its end;
 * - `index`: a run store of that many trials: the first list, the list of a new process, one more run, the table;
 * - `folders`: empty run folders side by side, and the same folders in parts of a thousand: create, list, open, remove;
 * - `table`: rows of a sweep as the page of the runs receives, filters, sorts and groups them;
 * - `starts`: twenty runs that start at once in a store of that many.
 *
 * The files are made up, but valid, and are written into the temporary folder of the system.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000,100000' },
    only: { type: 'string', default: 'plan,index,folders,table,starts' },
  },
});

/** Megabytes of the heap of a part; Node.js takes at most 4 GB by itself, as the extension host does. */
const HEAP = 4096;

for (const part of values.only.split(','))
  for (const rows of values.rows.split(',')) {
    const script = fileURLToPath(new URL(`million/${part}.ts`, import.meta.url));
    const child = spawn(process.execPath, [`--max-old-space-size=${HEAP}`, '--expose-gc', script, rows], {
      stdio: 'inherit',
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) console.log(`| ${part}, ${rows} rows | ended with exit code ${code} | | |`);
  }
