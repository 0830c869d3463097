import { UnusableError } from '../../phrases/causes.ts';
import { phrase } from '../../phrases/phrase.ts';
import { byteToken } from './byteLevel.ts';
import type { ModelSpec } from './tokenizerJson.ts';
import { bytesInUtf8, type Split, type TokenModel } from './tokenModel.ts';

type BytePairSpec = Extract<ModelSpec, { type: 'BPE' }>;

/** A pair of neighbors in the order in which pairs are joined. */
interface Pair {
  readonly rank: number;
  readonly at: number;
  readonly left: number;
  readonly right: number;
  readonly joined: number;
}

/**
 * Byte-pair encoding (Sennrich et al. 2016): a word begins as its characters, and the pair that was learned first is joined
 * until there is none.
 * @throws UnusableError for a merge of tokens that the vocabulary lacks
 */
export function bytePairModel(spec: BytePairSpec, name: string): TokenModel {
  const { byte_fallback: falls, fuse_unk: fuses, ignore_merges: takesWhole } = spec;
  const ids = new Map(Object.entries(spec.vocab));
  const prefix = spec.continuing_subword_prefix ?? '';
  const suffix = spec.end_of_word_suffix ?? '';
  const unknown = spec.unk_token == null ? undefined : ids.get(spec.unk_token);
  const merges = new Map<string, { readonly rank: number; readonly joined: number }>();
  spec.merges.forEach((merge, rank) => {
    const [left = '', right = ''] = typeof merge === 'string' ? halves(merge) : merge;
    const [a, b] = [ids.get(left), ids.get(right)];
    const joined = ids.get(left + right.slice(right.startsWith(prefix) ? prefix.length : 0));
    if (a === undefined || b === undefined || joined === undefined)
      throw new UnusableError(
        phrase(
          'The tokenizer "{0}" cannot be used: {1}.',
          name,
          phrase('it joins {0}, and the vocabulary lacks one of the tokens', JSON.stringify([left, right])),
        ),
      );
    const key = keyOf(a, b);
    if (!merges.has(key)) merges.set(key, { rank, joined });
  });

  const pieces = (word: string): { readonly ids: number[]; readonly ends: number[] } => {
    const found: { ids: number[]; ends: number[] } = { ids: [], ends: [] };
    let [end, isUnknown] = [0, false];
    const add = (id: number, at: number) => {
      found.ids.push(id);
      found.ends.push(at);
    };
    for (const character of word) {
      const start = end;
      end += character.length;
      const form = (start > 0 ? prefix : '') + character + (end === word.length ? suffix : '');
      const id = ids.get(form);
      if (id !== undefined) {
        add(id, end);
        isUnknown = false;
        continue;
      }
      const bytes = falls ? bytesInUtf8(form).map((byte) => ids.get(byteToken(byte))) : [];
      if (bytes.length > 0 && bytes.every((byte) => byte !== undefined)) {
        bytes.forEach((byte, index) => add(byte, index === bytes.length - 1 ? end : start));
        isUnknown = false;
        continue;
      }
      if (unknown === undefined) continue;
      if (isUnknown && fuses) found.ends[found.ends.length - 1] = end;
      else add(unknown, end);
      isUnknown = true;
    }
    return found;
  };

  return {
    split(word): Split {
      if (takesWhole) {
        const whole = ids.get(word);
        if (whole !== undefined) return { ids: [whole], ends: [word.length] };
      }
      return joinedPairs(pieces(word), (left, right) => merges.get(keyOf(left, right)));
    },
  };
}

function keyOf(left: number, right: number): string {
  return `${left} ${right}`;
}

/** The two tokens of a merge such as `Ġt he`. */
function halves(merge: string): readonly string[] {
  const at = merge.indexOf(' ');
  return at < 0 ? [] : [merge.slice(0, at), merge.slice(at + 1)];
}

/** Joins pairs, the first by rank and then by place, until there is none; n log n. */
function joinedPairs(
  { ids, ends }: { readonly ids: number[]; readonly ends: number[] },
  mergeOf: (left: number, right: number) => { readonly rank: number; readonly joined: number } | undefined,
): Split {
  const size = ids.length;
  const next = ids.map((_, at) => at + 1);
  const before = ids.map((_, at) => at - 1);
  const queue: Pair[] = [];
  const offer = (at: number) => {
    const other = next[at]!;
    if (at < 0 || other >= size) return;
    const [left, right] = [ids[at]!, ids[other]!];
    const merge = mergeOf(left, right);
    if (merge) push(queue, { ...merge, at, left, right });
  };
  for (let at = 0; at < size - 1; at++) offer(at);
  for (let pair = pop(queue); pair; pair = pop(queue)) {
    const { at, left, right, joined } = pair;
    const other = next[at]!;
    // One of its tokens may have been joined with another one.
    if (ids[at] !== left || other >= size || ids[other] !== right) continue;
    ids[at] = joined;
    ids[other] = -1;
    ends[at] = ends[other]!;
    next[at] = next[other]!;
    if (next[at]! < size) before[next[at]!] = at;
    offer(before[at]!);
    offer(at);
  }
  const kept = ids.flatMap((id, at) => (id < 0 ? [] : [at]));
  return { ids: kept.map((at) => ids[at]!), ends: kept.map((at) => ends[at]!) };
}

const isBefore = (a: Pair, b: Pair): boolean => a.rank < b.rank || (a.rank === b.rank && a.at < b.at);

/** Adds to a binary heap. */
function push(heap: Pair[], pair: Pair): void {
  let at = heap.length;
  heap.push(pair);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(pair, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = pair;
}

/** Removes the first of a binary heap. */
function pop(heap: Pair[]): Pair | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (!first || !last || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
    if (!isBefore(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
  return first;
}
