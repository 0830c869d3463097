import type { Generator } from '../../src/random/generator.ts';

/** Pieces that readers treat in a special way. */
const PIECES = [
  '\0',
  '"',
  "'",
  ',',
  ';',
  '\t',
  '\n',
  '\r',
  '\r\n\r\n',
  '\\',
  '\\u0000',
  '{',
  '}',
  '[',
  ']',
  ':',
  'null',
  'NaN',
  '-1',
  '1e999',
  '99999999999999999999',
  '__proto__',
  'constructor',
  '\u{feff}',
  '\u{202e}',
  '\u{d800}',
  '__label__',
  '\u{1f600}',
  '2024-02-30T25:61:00Z',
] as const;

/** Most repetitions of a part of the input. */
const MOST_REPEATS = 200;

/** Returns an input that differs from another one by up to four changes. */
export function mutated(input: Uint8Array, others: readonly Uint8Array[], random: Generator): Uint8Array {
  let bytes = input;
  const changes = 1 + random.nextBelow(4);
  for (let change = 0; change < changes; change++) bytes = changed(bytes, others, random);
  return bytes;
}

function changed(input: Uint8Array, others: readonly Uint8Array[], random: Generator): Uint8Array {
  const start = random.nextBelow(input.length + 1);
  const end = Math.min(input.length, start + random.nextBelow(40));
  const [before, part, after] = [input.subarray(0, start), input.subarray(start, end), input.subarray(end)];
  const changes: readonly (() => readonly Uint8Array[])[] = [
    // A flipped bit, a deleted part, the beginning, the end.
    () => [before, part.map((byte, index) => (index === 0 ? byte ^ (1 << random.nextBelow(8)) : byte)), after],
    () => [before, after],
    () => [before],
    () => [after],
    // A special piece, a repeated part, a part of another input, random bytes.
    () => [before, Buffer.from(PIECES[random.nextBelow(PIECES.length)] ?? ''), after],
    () => [before, ...Array.from({ length: random.nextBelow(MOST_REPEATS) }, () => part), after],
    () => [before, partOf(others[random.nextBelow(others.length)] ?? input, random), after],
    () => [before, Uint8Array.from({ length: random.nextBelow(8) }, () => random.nextBelow(256)), after],
  ];
  return Buffer.concat(changes[random.nextBelow(changes.length)]?.() ?? [input]);
}

function partOf(input: Uint8Array, random: Generator): Uint8Array {
  const start = random.nextBelow(input.length + 1);
  return input.subarray(start, start + random.nextBelow(200));
}
