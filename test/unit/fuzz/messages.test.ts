import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type * as z from 'zod';
import { type Contract, connect, type Functions } from '../../../src/protocol/rpc.ts';
import { Generator } from '../../../src/random/generator.ts';
import { ends } from '../../fuzz/boundaries.ts';
import { answerMessage, type Message, mutatedMessage, validMessage } from '../../fuzz/messages.ts';

const MESSAGES = 100_000;
/** Messages between which the loop of events gets its turn. */
const TURN = 500;

/** An end of a boundary that keeps what reaches its functions. */
function opened(contract: Contract) {
  const reached: { readonly name: string; readonly args: readonly unknown[] }[] = [];
  const errors: Error[] = [];
  const answers: unknown[] = [];
  const listeners: ((message: unknown) => void)[] = [];
  const served = Object.keys(contract).map((name) => [name, (...args: unknown[]) => void reached.push({ name, args })]);
  connect({
    port: {
      post: (message) => void answers.push(message),
      onMessage: (listener) => void listeners.push(listener),
      close: () => undefined,
    },
    serves: contract,
    functions: Object.fromEntries(served) as Functions<Contract>,
    calls: {},
    onError: (error) => void errors.push(error),
  });
  const receive = (message: Message) => listeners.forEach((listener) => listener(message));
  return { receive, reached, errors, answers };
}

function isEqual(left: unknown, right: unknown): boolean {
  try {
    assert.deepEqual(left, right);
    return true;
  } catch {
    return false;
  }
}

describe('messages across boundaries', function () {
  this.timeout(600_000);

  for (const [end, contract] of ends)
    it(`${end} receives every kind of valid message`, async () => {
      const random = Generator.forPurpose(1, end);
      for (const [name, { args }] of Object.entries(contract)) {
        const { receive, reached, errors } = opened(contract);
        // A sample may break a rule that spans several fields.
        const samples = Array.from({ length: 200 }, () => validMessage(contract, name, random));
        const valid = samples.find((message) => args.safeParse((message as { a: unknown }).a).success);
        assert.ok(valid, `no valid message "${name}" was made`);
        receive(valid);
        await turn();
        assert.deepEqual([reached.map((each) => each.name), errors], [[name], []]);
      }
    });

  it(`reach a function only if its schema accepts them, and are reported or answered otherwise, for ${MESSAGES}`, async () => {
    const random = Generator.forPurpose(2, 'messages');
    const kinds = [...ends].flatMap(([, contract]) =>
      Object.entries(contract).map(([name, { args }]) => ({ contract, name, args })),
    );
    const rejections: unknown[] = [];
    const reject = (reason: unknown) => void rejections.push(reason);
    process.on('unhandledRejection', reject);
    let [passed, refused] = [0, 0];
    try {
      const open = new Map([...ends.values()].map((contract) => [contract, opened(contract)]));
      for (let i = 0; i < MESSAGES; i += TURN) {
        const sent = new Map<Contract, number>();
        for (let k = 0; k < TURN; k++) {
          const kind = kinds[random.nextBelow(kinds.length)]!;
          const isAnswer = random.nextBelow(50) === 0;
          const valid = isAnswer ? answerMessage(random) : validMessage(kind.contract, kind.name, random);
          const message = mutatedMessage(valid, random);
          open.get(kind.contract)!.receive(message);
          // An answer to a call that nobody has made is ignored, and so are calls of functions without a caller.
          if (isRequest(message)) sent.set(kind.contract, 1 + (sent.get(kind.contract) ?? 0));
        }
        await turn();
        for (const [contract, { reached, errors, answers }] of open) {
          for (const { name, args } of reached) assert.ok(accepts(contract[name]!.args, args), name);
          const failed = answers.filter((answer) => (answer as { e?: unknown }).e !== undefined).length;
          assert.ok(reached.length + errors.length + failed >= (sent.get(contract) ?? 0), 'a message was lost');
          passed += reached.length;
          refused += errors.length + failed;
          for (const list of [reached, errors, answers]) list.length = 0;
        }
      }
      await turn();
    } finally {
      process.off('unhandledRejection', reject);
    }
    assert.deepEqual(rejections, []);
    assert.equal(Reflect.get({}, 'harmed'), undefined);
    assert.deepEqual(Object.keys(Object.prototype), []);
    assert.ok(passed > MESSAGES / 20 && refused > MESSAGES / 5, `${passed} passed, ${refused} refused`);
  });
});

/** Whether a schema accepts what it has made itself of a message. */
function accepts(schema: z.ZodTuple, args: readonly unknown[]): boolean {
  const result = schema.safeParse(args);
  return result.success && isEqual(result.data, args);
}

function isRequest(message: Message): boolean {
  return typeof message === 'object' && message !== null && (message as { t?: unknown }).t === 'q';
}
