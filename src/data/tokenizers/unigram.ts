import { UnusableError } from '../../phrases/causes.ts';
import { phrase } from '../../phrases/phrase.ts';
import { byteToken } from './byteLevel.ts';
import type { ModelSpec } from './tokenizerJson.ts';
import { bytesInUtf8, type TokenModel } from './tokenModel.ts';

/** Distance of the score of an unknown character below the smallest score. */
const UNKNOWN_PENALTY = 10;
/** Longest token, which bounds the time for a character of a text; those of SentencePiece have at most 16 characters. */
const LONGEST_TOKEN = 512;

/**
 * The likeliest split of a text by the scores of its tokens (Kudo 2018), as SentencePiece finds it. Unknown characters next
 * to each other are one token.
 */
export function unigramModel(spec: Extract<ModelSpec, { type: 'Unigram' }>, name: string): TokenModel {
  const { vocab, byte_fallback: falls } = spec;
  const unknown = spec.unk_id ?? undefined;
  if (unknown !== undefined && unknown >= vocab.length)
    throw new UnusableError(
      phrase(
        'The tokenizer "{0}" cannot be used: {1}.',
        name,
        phrase('its unknown token {0} is outside of the vocabulary', unknown),
      ),
    );
  const ids = new Map(vocab.map(([token], id) => [token, id]));
  const scores = vocab.map(([, score]) => score);
  const unknownScore = scores.reduce((least, score) => Math.min(least, score), Infinity) - UNKNOWN_PENALTY;
  const longest = vocab.reduce((most, [token]) => Math.max(most, token.length), 1);
  if (longest > LONGEST_TOKEN)
    throw new UnusableError(
      phrase(
        'The tokenizer "{0}" cannot be used: {1}.',
        name,
        phrase('it has a token of {0} characters; at most {1} are known', longest, LONGEST_TOKEN),
      ),
    );

  return {
    split(word) {
      const size = word.length;
      const score = new Float64Array(size + 1);
      const from = new Int32Array(size + 1).fill(-1);
      const idAt = new Int32Array(size + 1).fill(-1);
      const offer = (start: number, end: number, id: number, own: number) => {
        const candidate = own + score[start]!;
        if (from[end]! >= 0 && candidate <= score[end]!) return;
        score[end] = candidate;
        from[end] = start;
        idAt[end] = id;
      };
      for (let start = 0; start < size;) {
        const width = (word.codePointAt(start) ?? 0) > 0xffff ? 2 : 1;
        let hasCharacter = false;
        for (let end = start + 1; end <= Math.min(size, start + longest); end++) {
          const id = ids.get(word.slice(start, end));
          if (id === undefined) continue;
          offer(start, end, id, scores[id]!);
          if (end - start === width) hasCharacter = true;
        }
        if (!hasCharacter) offer(start, start + width, unknown ?? -1, unknownScore);
        start += width;
      }
      const found: { ids: number[]; ends: number[] } = { ids: [], ends: [] };
      for (const { start, end, isUnknown } of pathOf(size, from, idAt, unknown)) {
        const id = isUnknown ? ids.get(word.slice(start, end)) : idAt[end]!;
        if (id !== undefined && id >= 0) {
          found.ids.push(id);
          found.ends.push(end);
          continue;
        }
        const bytes = falls ? bytesInUtf8(word.slice(start, end)).map((byte) => ids.get(byteToken(byte))) : [];
        if (bytes.length > 0 && bytes.every((byte) => byte !== undefined)) {
          bytes.forEach((byte, index) => {
            found.ids.push(byte);
            found.ends.push(index === bytes.length - 1 ? end : start);
          });
        } else if (unknown !== undefined) {
          found.ids.push(unknown);
          found.ends.push(end);
        }
      }
      return found;
    },
  };
}

/** A token of the best path; unknown ones next to each other are one. */
interface Step {
  start: number;
  readonly end: number;
  readonly isUnknown: boolean;
}

function pathOf(size: number, from: Int32Array, idAt: Int32Array, unknown: number | undefined): Step[] {
  const path: Step[] = [];
  for (let end = size; end > 0; end = from[end]!) {
    const isUnknown = idAt[end] === (unknown ?? -1);
    const last = path.at(-1);
    if (isUnknown && last?.isUnknown) last.start = from[end]!;
    else path.push({ start: from[end]!, end, isUnknown });
  }
  return path.reverse();
}
