import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { sweepFormHostContract, sweepFormRequest } from '../../../src/protocol/sweepForm.ts';
import { sweepDraftOf } from '../../../webview/sweep/sweepDraft.ts';

const request = sweepFormRequest.parse({
  id: '1',
  title: 'Sweep from a run',
  run: { id: 'run-a', name: 'a.txt' },
  base: {},
  start: parseRunConfig({}),
  workers: 2,
  hasSlurm: false,
});
const [started] = sweepFormHostContract.start.args.def.items;

describe('the draft of a sweep', () => {
  it('has a number of trials at a time that the host takes, unless the form refuses what was typed', () => {
    const typed = fc.oneof(fc.constantFrom('', ' ', '0', '1', '999', '1000', '-1', '1.5', 'x'), fc.string());
    fc.assert(
      fc.property(typed, (workers) => {
        const { sweep, workers: read, problems } = sweepDraftOf(request, {}, { workers });
        assert.ok(problems.has('workers') || started.safeParse({ sweep, workers: read }).success, String(read));
      }),
    );
  });

  it('has the default without a number, and no number for jobs of a cluster', () => {
    assert.equal(sweepDraftOf(request, {}, { workers: '' }).workers, null);
    assert.equal(sweepDraftOf(request, {}, {}).workers, 2);
    assert.equal(sweepDraftOf({ ...request, hasSlurm: true }, {}, { place: 'slurm', workers: '3' }).workers, null);
  });
});
