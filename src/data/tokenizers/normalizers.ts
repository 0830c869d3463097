import type { AlignedText } from './alignedText.ts';
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
