import assert from 'node:assert/strict';
import { BackendThread } from '../gradients/backendThread.ts';

/** Software in place of a GPU is what these tests are about: where a GPU answers there is none to be refused. */
describe('the backend webgpu without a GPU', function () {
  this.timeout(60_000);
  let thread: BackendThread;
  let device: string | undefined;

  beforeEach(async function () {
    thread = new BackendThread();
    const refused = await thread.calculator.load('webgpu', false);
    device = /^(.*) is no GPU but software/.exec(refused ?? '')?.[1];
    if (device !== undefined) return;
    if (this.currentTest) this.currentTest.title += ` (skipped: ${refused ?? 'a GPU answers'})`;
    this.skip();
  });

  afterEach(() => thread.stop());

  it('is refused unless it was chosen by hand, so that "auto" never takes it', async () => {
    assert.match(device ?? '', /\w/);
    assert.equal(await thread.calculator.load('webgpu', true), undefined);
  });

  it('says that the device was lost, and how to go on, to all who wait for a number', async () => {
    assert.equal(await thread.calculator.load('webgpu', true), undefined);
    for (const heard of await thread.calculator.loseGpu()) {
      assert.match(heard, /GpuLostError: The GPU was lost \(.+\)\. The run can be resumed from its last checkpoint, on another backend too\./);
    }
  });
});
