/**
 * `npm run bench -- faults` lets a short run of each kind of task meet every accident at each of its file operations,
 * while it trains, while it is resumed and while its damaged model is restored: the process is killed, the operation
 * fails with each of four errors, or the power is cut, with three choices of what has reached the disk. After each it
 * checks that the run is listed and continues as if nothing had happened. `--kind NAME` and `--action NAME` try one kind
 * or action only, `--sample` one accident at each operation, each in turn, as the unit tests do for most kinds, and
 * `--stride N` every N-th operation.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ACTIONS, shortRuns, tryFaults } from '../fixtures/faultCases.ts';

const { values } = parseArgs({
  options: {
    kind: { type: 'string' },
    action: { type: 'string' },
    sample: { type: 'boolean', default: false },
    stride: { type: 'string', default: '1' },
  },
});

let failed = 0;
for (const [kind, short] of Object.entries(shortRuns)) {
  for (const action of ACTIONS) {
    if ((values.kind ?? kind) !== kind || (values.action ?? action) !== action) continue;
    const home = await mkdtemp(join(tmpdir(), 'sequence-lab-faults-'));
    const start = performance.now();
    try {
      const { operations, cases, states, resumed, failures } = await tryFaults(home, short, {
        action,
        whole: !values.sample,
        stride: Number(values.stride),
      });
      for (const failure of failures) console.log(`${kind}, ${action}: ${failure}`);
      failed += failures.length;
      const seconds = ((performance.now() - start) / 1000).toFixed(0);
      console.log(
        `${kind}, ${action}: ${operations} operations, ${cases} cases, ${states} states, ${resumed} resumed, ${seconds} s`,
      );
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  }
}
process.exitCode = failed > 0 ? 1 : 0;
