import type { ModelSpec } from './tokenizerJson.ts';
import type { TokenModel } from './tokenModel.ts';

/** Each part of a text is a token. */
export function wordLevelModel({ vocab, unk_token }: Extract<ModelSpec, { type: 'WordLevel' }>): TokenModel {
  const ids = new Map(Object.entries(vocab));
  const unknown = unk_token == null ? undefined : ids.get(unk_token);
  return {
    split(word) {
      const id = ids.get(word) ?? unknown;
      return id === undefined ? { ids: [], ends: [] } : { ids: [id], ends: [word.length] };
    },
  };
}

/** The longest token at each place of a word (Wu et al. 2016). */
export function wordPieceModel(spec: Extract<ModelSpec, { type: 'WordPiece' }>): TokenModel {
  const { unk_token, continuing_subword_prefix: prefix, max_input_chars_per_word: most } = spec;
  const ids = new Map(Object.entries(spec.vocab));
  const unknown = ids.get(unk_token);
  const longest = Object.keys(spec.vocab).reduce((length, token) => Math.max(length, token.length), 1);
  return {
    split(word) {
      const whole = unknown === undefined ? { ids: [], ends: [] } : { ids: [unknown], ends: [word.length] };
      if (Array.from(word).length > most) return whole;
      const found: { ids: number[]; ends: number[] } = { ids: [], ends: [] };
      for (let start = 0; start < word.length;) {
        let end = Math.min(word.length, start + longest);
        let id: number | undefined;
        for (; end > start; end--) {
          id = ids.get((start > 0 ? prefix : '') + word.slice(start, end));
          if (id !== undefined) break;
        }
        if (id === undefined) return whole;
        found.ids.push(id);
        found.ends.push(end);
        start = end;
      }
      return found;
    },
  };
}
