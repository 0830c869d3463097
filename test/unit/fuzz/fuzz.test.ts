import assert from 'node:assert/strict';
import { corpusOf } from '../../fuzz/corpus.ts';
import { fuzz, problemOf } from '../../fuzz/fuzz.ts';
import { fuzzTargets, type Target } from '../../fuzz/targets.ts';
import { temporaryFolder } from '../runs/temporary.ts';

/** Number of inputs. `npm run fuzz` reads more. */
const INPUTS = 100_000;

describe('readers of damaged and hostile inputs', function () {
  this.timeout(1_200_000);
  const home = temporaryFolder();
  let targets: readonly Target[] = [];
  beforeEach(async () => {
    targets = await fuzzTargets(home());
  });

  it('read the inputs that they are made for', async () => {
    for (const target of targets)
      for (const input of target.seeds) {
        const problem = await problemOf(target, input);
        assert.equal(problem, undefined, `${target.name}: ${problem ?? ''}`);
      }
  });

  it('read every input that once showed a fault', async () => {
    for (const target of targets)
      for (const input of await corpusOf(target.name)) assert.equal(await problemOf(target, input), undefined);
  });

  it(`return a value or an error that names the input, for ${INPUTS} mutated inputs`, async () => {
    const { read, findings } = await fuzz(targets, { seed: 1, goOn: (count) => count < INPUTS });
    assert.equal(read, INPUTS);
    assert.deepEqual(
      findings.map(({ target, problem }) => `${target}: ${problem}`),
      [],
    );
  });
});
