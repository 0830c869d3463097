import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { catalogRow } from '../../../src/host/runs/catalogRow.ts';
import { LiveRun } from '../../../src/host/runs/liveRun.ts';
import { TrainerClient, type TrainerListener } from '../../../src/host/trainerClient/trainerClient.ts';
import type { Contract, Port } from '../../../src/protocol/rpc.ts';
import { ownerContract, trainerContract } from '../../../src/protocol/trainer.ts';
import { Generator } from '../../../src/random/generator.ts';
import { readRecord } from '../../../src/runs/record.ts';
import { Session } from '../../../src/worker/session.ts';
import { TrainerServer } from '../../../src/worker/trainerServer.ts';
import { type Message, mutatedMessage, validMessage } from '../../fuzz/messages.ts';
import { newModel } from '../host/examples.ts';
import { AT_ONCE } from '../host/fakeTrainer.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request } from '../worker/fixture.ts';

/** Messages to a trainer, whose functions do much, and to its owner; `SEQUENCE_LAB_TRAINER_MESSAGES` sends more. */
const MESSAGES = Number(process.env['SEQUENCE_LAB_TRAINER_MESSAGES'] ?? 500);
const EVENTS = 20 * MESSAGES;

/** Functions whose valid messages are left out: they train, try every backend, or write where the message says. */
const LEFT_OUT = new Set([
  'start',
  'repeat',
  'resume',
  'importModel',
  'exportPortable',
  'listBackends',
  'estimateHmm',
  'probeUntrainedModel',
]);

/** Messages that are sent before the test waits for the answers. */
const GROUP = 20;

/** A port whose other end the test plays. */
function playedPort() {
  const listeners: ((message: unknown) => void)[] = [];
  const posted: {
    readonly t?: unknown;
    readonly i?: unknown;
    readonly e?: { readonly name: string; readonly message: unknown };
  }[] = [];
  const port: Port = {
    post: (message) => void posted.push(structuredClone(message) as (typeof posted)[number]),
    onMessage: (listener) => void listeners.push(listener),
    close: () => undefined,
  };
  return { port, posted, receive: (message: Message) => listeners.forEach((listener) => listener(message)) };
}

/** A valid or mutated message for a function of a contract. */
function nextMessage(contract: Contract, random: Generator, change: (message: Message) => Message): Message {
  const names = Object.keys(contract);
  const name = names[random.nextBelow(names.length)] ?? '';
  const valid = change(validMessage(contract, name, random));
  return random.nextBelow(2) === 0 ? valid : mutatedMessage(valid, random);
}

/** The same message, with a folder for each text of that name, so that it is not refused as unknown. */
function withFolders(value: unknown, folder: string): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => withFolders(each, folder));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      (name === 'folder' || name === 'run') && typeof each === 'string' ? folder : withFolders(each, folder),
    ]),
  );
}

/** The same message; a text to explain is short, since the explanation of a long one takes minutes. */
function withShortText(message: Message): Message {
  const { m, a } = Object(message) as { m?: unknown; a?: unknown };
  if (m !== 'explain' || !Array.isArray(a)) return message;
  return {
    ...(message as object),
    a: a.map((each: unknown) => (typeof each === 'string' ? each.slice(0, 200) : each)),
  };
}

/** Whether an error is one of the product: not in the words of the language, which say nothing to a user. */
function isOurs({ name, message }: { readonly name: string; readonly message: unknown }): boolean {
  if (name !== 'TypeError' && name !== 'ReferenceError') return true;
  return typeof message !== 'string' || message.startsWith('Message "');
}

async function names(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).sort();
}

describe('messages to the functions of a trainer and of its owner', function () {
  this.timeout(3_600_000);
  const home = temporaryFolder();
  const rejections: unknown[] = [];
  const reject = (reason: unknown) => void rejections.push(reason);
  let folder: string;
  const cwd = process.cwd();

  beforeEach(async () => {
    const short = { training: { steps: 2 }, model: { units: 2 } };
    const session = await Session.start(request(home(), short), () => undefined);
    await session.train();
    folder = session.folder;
    // Relative paths in messages lead to an empty folder.
    const empty = join(home(), 'empty');
    await mkdir(empty);
    process.chdir(empty);
    rejections.length = 0;
    process.on('unhandledRejection', reject);
  });
  afterEach(() => {
    process.off('unhandledRejection', reject);
    process.chdir(cwd);
  });

  it(`${MESSAGES} to a trainer that has opened a run are answered once each, and write nothing`, async () => {
    const { port, posted, receive } = playedPort();
    new TrainerServer(port);
    const backends = { home: home(), tensorflowPath: '', wideSimd: false };
    const random = Generator.forPurpose(4, 'trainer');
    const before = await names(home());
    const problems = new Set<string>();
    const answersTo = async (ids: readonly string[]) => {
      const waiting = new Set(ids);
      while (waiting.size > 0) {
        await turn();
        for (const { t, i, e } of posted.splice(0)) {
          if (t !== 's') continue;
          assert.ok(waiting.delete(String(i)), `${String(i)} was answered twice`);
          if (e && !isOurs(e)) problems.add(JSON.stringify(e));
        }
      }
    };
    const open = async () => {
      receive({ m: 'openRun', a: [{ folder, backends }], t: 'q', i: 'open' });
      receive({ m: 'describeWriter', a: [], t: 'q', i: 'describe' });
      await answersTo(['open', 'describe']);
    };
    await open();
    for (let sent = 0; sent < MESSAGES;) {
      const ids: string[] = [];
      for (let k = 0; k < GROUP; k++) {
        const message = withShortText(
          nextMessage(trainerContract, random, (each) =>
            random.nextBelow(2) === 0 ? withFolders(each, folder) : each,
          ),
        );
        const { a, m, t } = Object(message) as Record<string, unknown>;
        if (typeof m === 'string' && LEFT_OUT.has(m) && trainerContract[m as 'start'].args.safeParse(a).success)
          continue;
        const id = `sent-${sent++}`;
        try {
          if (t === 'q' && typeof m === 'string' && Array.isArray(a)) ids.push(id);
          receive(t === 'q' ? { ...(message as object), i: id } : message);
        } catch (error) {
          // What is no message at all ends the trainer, whose owner says so.
          assert.ok(error instanceof TypeError && !ids.includes(id), String(error));
        }
      }
      await answersTo(ids);
    }
    await open();
    assert.deepEqual([...problems], []);
    assert.deepEqual(rejections.map(String), []);
    assert.deepEqual(await names(home()), before);
    assert.equal(Reflect.get({}, 'harmed'), undefined);
  });

  it(`${EVENTS} to the owner of a trainer leave runs that can be shown and listed`, async () => {
    const random = Generator.forPurpose(5, 'owner');
    let [ended, refused] = [0, 0];
    const begin = async () => {
      const { port, posted, receive } = playedPort();
      let exit: (reason: string) => void = () => undefined;
      const holder = {
        port,
        pid: undefined,
        onExit: (listener: typeof exit) => void (exit = listener),
        kill: () => exit('The trainer was ended.'),
      };
      const listener = {
        changed: () => undefined,
        ended: () => void ended++,
        error: () => void refused++,
      };
      const startTrainer = (owner: TrainerListener) => new TrainerClient(holder, owner);
      const live = new LiveRun(newModel({ folder }), startTrainer, listener, AT_ONCE);
      const backends = { home: home(), tensorflowPath: '', wideSimd: false };
      const begun = live.begin((remote) => remote.resume({ folder, changes: {}, backends }));
      const [call] = posted as unknown as [{ readonly i: string }];
      receive({ t: 's', i: call.i, r: { run: 'r', folder } });
      await begun;
      return { live, receive };
    };
    let now = await begin();
    for (let sent = 0; sent < EVENTS; sent++) {
      now.receive(nextMessage(ownerContract, random, (each) => each));
      if (sent % GROUP > 0) continue;
      await turn();
      assert.ok(now.live.model.view.id);
      JSON.stringify([catalogRow(now.live.model), now.live.model.progress]);
      // A run that has failed or ended takes no more messages.
      if (!now.live.ending) continue;
      await now.live.over;
      now = await begin();
    }
    await now.live.kill('The end.');
    assert.ok(ended > 10 && refused > EVENTS / 10, `${ended} ended, ${refused} refused`);
    assert.deepEqual(rejections.map(String), []);
    assert.equal((await readRecord(folder)).id, basename(folder));
    assert.equal(Reflect.get({}, 'harmed'), undefined);
  });
});
