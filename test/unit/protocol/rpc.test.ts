import assert from 'node:assert/strict';
import { MessageChannel } from 'node:worker_threads';
import { z } from 'zod';
import { connect, type Functions } from '../../../src/protocol/rpc.ts';
import { workerPort } from '../../../src/worker/workerThread.ts';
import { assertNames, errorWith } from '../../harness/facts.ts';

const contract = {
  add: { args: z.tuple([z.number(), z.number()]), result: z.number() },
  wrongResult: { args: z.tuple([]), result: z.number() },
  fail: { args: z.tuple([z.string()]), result: z.void() },
  never: { args: z.tuple([]), result: z.void() },
  note: { args: z.tuple([z.string()]) },
} as const;

class CodedError extends Error {
  override readonly name = 'CodedError';
  readonly code = 'binary';
}

function open(overrides: Partial<Functions<typeof contract>> = {}) {
  const { port1, port2 } = new MessageChannel();
  const errors: Error[] = [];
  const notes: string[] = [];
  const server = connect({
    port: workerPort(port1),
    serves: contract,
    functions: {
      add: (a, b) => a + b,
      wrongResult: () => 'text' as unknown as number,
      fail: (message) => {
        throw new CodedError(message);
      },
      never: () => new Promise<void>(() => undefined),
      note: (text) => void notes.push(text),
      ...overrides,
    },
    calls: {},
    onError: (error) => errors.push(error),
  });
  const client = connect({
    port: workerPort(port2),
    serves: {},
    functions: {},
    calls: contract,
    onError: (error) => errors.push(error),
  });
  const close = () => {
    port1.close();
    port2.close();
  };
  return { server, client, remote: client.remote, errors, notes, close, port: port2 };
}

describe('rpc', () => {
  it('calls and returns results', async () => {
    const { remote, close } = open();
    assert.equal(await remote.add(1, 2), 3);
    close();
  });

  it('rejects at the caller with the name, message and code of the error', async () => {
    const { remote, errors, close } = open();
    await assert.rejects(remote.fail('no'), { name: 'CodedError', message: 'no', code: 'binary' });
    assert.deepEqual(errors, [], 'an error that the caller receives is not reported again');
    close();
  });

  it('rejects malformed arguments and results, with the message and the path', async () => {
    const { remote, close } = open();
    await assert.rejects(remote.add(1, 'two' as unknown as number), errorWith({ name: 'TypeError' }, '"add"', 1));
    await assert.rejects(remote.wrongResult(), errorWith({ name: 'TypeError' }, '"wrongResult"'));
    close();
  });

  it('delivers events in order, and reports those that fail or are malformed', async () => {
    const { remote, notes, errors, close } = open();
    await remote.note('a');
    await remote.note(3 as unknown as string);
    await remote.note('b');
    await remote.add(0, 0);
    assert.deepEqual(notes, ['a', 'b']);
    assert.equal(errors.length, 1);
    assertNames(errors[0]?.message, '"note"');
    close();
  });

  it('reports a result that cannot be sent, and rejects at the caller', async () => {
    const { remote, errors, close } = open({ add: () => (() => 1) as unknown as number });
    await assert.rejects(remote.add(1, 2), /could not be cloned/);
    assert.equal(errors.length, 1);
    close();
  });

  it('reports a message of another protocol', async () => {
    const { errors, close, port } = open();
    port.postMessage('noise');
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(
      errors.map(({ name }) => name),
      ['TypeError'],
    );
    assertNames(errors[0]?.message, 'string');
    close();
  });

  it('rejects pending calls with the reason when the other end dies', async () => {
    const { remote, client, close } = open();
    const pending = remote.never();
    await new Promise((resolve) => setImmediate(resolve));
    client.close(new Error('the trainer died: out of memory'));
    await assert.rejects(pending, /the trainer died: out of memory/);
    close();
  });
});
