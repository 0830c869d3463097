import { basename } from 'node:path';
import { PhrasedError } from '../../src/phrases/phrase.ts';
import { Generator } from '../../src/random/generator.ts';
import { mutated } from './mutate.ts';
import type { Target } from './targets.ts';

/** An input for which a reader does not do what it promises. */
export interface Finding {
  readonly target: string;
  readonly input: Uint8Array;
  readonly problem: string;
}

/** What a reader gets as the name of its input. */
const NAME = '/data/input-7f3a.txt';
/** Seconds after which a reader counts as hanging, on a busy computer too. */
const HANG_SECONDS = 20;
/** Number of turns of which a slow target takes one. */
const SLOW_TURNS = 50;
/** Bytes of a mutated input of a short seed. */
const LONGEST_INPUT = 20_000;

/**
 * Reads one input. A reader returns a value, or it throws an error of its own whose message names the input.
 * @returns the problem; undefined if there is none
 */
export async function problemOf(target: Target, input: Uint8Array): Promise<string | undefined> {
  const started = process.cpuUsage();
  try {
    await target.read(input, NAME);
  } catch (error) {
    if (!(error instanceof PhrasedError))
      return error instanceof Error ? `${error.name}: ${error.stack ?? error.message}` : String(error);
    if (target.names && !error.message.includes(basename(NAME)) && !error.message.includes('/run'))
      return `the message does not name the input: ${error.message}`;
  }
  const { user, system } = process.cpuUsage(started);
  const seconds = (user + system) / 1e6;
  return seconds > HANG_SECONDS ? `took ${seconds.toFixed(0)} s` : undefined;
}

/**
 * Mutates the seeds of each target in turn, the same way for the same seed.
 * @param goOn whether to read one more input, given how many were read
 */
export async function fuzz(
  targets: readonly Target[],
  { seed, goOn }: { readonly seed: number; readonly goOn: (read: number) => boolean },
): Promise<{ readonly read: number; readonly findings: readonly Finding[] }> {
  const random = Generator.forPurpose(seed, 'fuzz');
  const findings = new Map<string, Finding>();
  let read = 0;
  let turn = 0;
  while (goOn(read)) {
    const target = targets[turn % targets.length];
    if (!target) break;
    turn++;
    if (target.isSlow && random.nextBelow(SLOW_TURNS) > 0) continue;
    read++;
    const start = target.seeds[random.nextBelow(target.seeds.length)] ?? new Uint8Array();
    const input = mutated(start, target.seeds, random).subarray(0, Math.max(LONGEST_INPUT, 2 * start.length));
    const problem = await problemOf(target, input);
    if (problem === undefined) continue;
    // One finding for each place that fails: a message without the input, or a line of the code.
    const place = /\/src\/\S+/.exec(problem)?.[0] ?? problem.split(':')[0] ?? '';
    const key = `${target.name}: ${place}`;
    const known = findings.get(key);
    if (!known || known.input.length > input.length) findings.set(key, { target: target.name, input, problem });
  }
  return { read, findings: [...findings.values()] };
}
