import type { AlignedText } from './alignedText.ts';
import { CharacterMap } from './characterMap.ts';
import { type NormalizerSpec, PATTERNS } from './tokenizerJson.ts';

/** Parts that are normalized together: a character with the marks and letters that it may be composed with. */
const CLUSTERS = new Intl.Segmenter('und', { granularity: 'grapheme' });
const CHARACTERS = /[^]/gu;
const MARKS = /\p{M}+/gu;
const CHINESE =
  /[\u4E00-\u9FFF\u3400-\u4DBF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B920}-\u{2CEAF}\uF900-\uFAFF\u{2F800}-\u{2FA1F}]/gu;
const ASCII = /^[\0-\x7f]*$/;

type Form = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/** Applies one step of a normalizer. */
export function normalized(text: AlignedText, spec: NormalizerSpec): AlignedText {
  switch (spec.type) {
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
      return inForm(text, spec.type);
    case 'Lowercase':
      return text.replaced(CHARACTERS, (character) => character.toLowerCase());
    case 'StripAccents':
      return text.replaced(MARKS, () => '');
    case 'Precompiled':
      return mapped(text, mapOf(spec));
    case 'Strip': {
      const start = spec.strip_left ? (/^\p{White_Space}+/u.exec(text.text)?.[0].length ?? 0) : 0;
      const end = spec.strip_right ? trimmedEnd(text.text) : text.text.length;
      return text.slice(start, Math.max(start, end));
    }
    case 'Prepend':
      return text.text === '' ? text : text.after(spec.prepend);
    case 'Replace':
      return text.replaced(
        'String' in spec.pattern ? literal(spec.pattern.String) : PATTERNS[spec.pattern.Regex]!,
        () => spec.content,
      );
    case 'BertNormalizer': {
      let changed = text;
      if (spec.clean_text)
        changed = changed.replaced(/[\0\uFFFD]|(?![\t\n\r])\p{C}/gu, () => '').replaced(/\p{White_Space}/gu, () => ' ');
      if (spec.handle_chinese_chars) changed = changed.replaced(CHINESE, (character) => ` ${character} `);
      if (spec.strip_accents ?? spec.lowercase) changed = inForm(changed, 'NFD').replaced(/\p{Mn}+/gu, () => '');
      return spec.lowercase ? normalized(changed, { type: 'Lowercase' }) : changed;
    }
  }
}

/** Bytes of the longest cluster of characters that is replaced at once. */
const LONGEST_CLUSTER = 5;
const ENCODER = new TextEncoder();
const maps = new WeakMap<object, CharacterMap>();

/** The map of characters of a step, which is parsed once. */
function mapOf(spec: Extract<NormalizerSpec, { type: 'Precompiled' }>): CharacterMap {
  let map = maps.get(spec);
  if (!map) maps.set(spec, (map = CharacterMap.fromBase64(spec.precompiled_charsmap)));
  return map;
}

/** Replaces short clusters of characters as a whole, and others character by character. */
function mapped(text: AlignedText, map: CharacterMap): AlignedText {
  const parts: string[] = [];
  const changed: string[] = [];
  for (const { segment } of CLUSTERS.segment(text.text)) {
    const whole = ENCODER.encode(segment).length <= LONGEST_CLUSTER ? map.get(segment) : undefined;
    for (const part of whole === undefined ? segment : [segment]) {
      parts.push(part);
      changed.push(whole ?? map.get(part) ?? part);
    }
  }
  let at = 0;
  return text.inParts(parts, () => changed[at++]!);
}

/** A regular expression that matches a text. */
export function literal(text: string): RegExp {
  return new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`), 'gu');
}

/** Length of a text without the white space at its end; in linear time. */
function trimmedEnd(text: string): number {
  let end = text.length;
  while (end > 0 && /^\p{White_Space}$/u.test(text[end - 1]!)) end--;
  return end;
}

/** A text in a normal form of Unicode. */
function inForm(text: AlignedText, form: Form): AlignedText {
  if (ASCII.test(text.text)) return text;
  const whole = text.text.normalize(form);
  if (whole === text.text) return text;
  const clusters = Array.from(CLUSTERS.segment(text.text), ({ segment }) => segment);
  const changed = text.inParts(clusters, (cluster) => cluster.normalize(form));
  // Where clusters are composed with each other, which no language does, places are those of the same index.
  return changed.text === whole ? changed : changed.withText(whole);
}
