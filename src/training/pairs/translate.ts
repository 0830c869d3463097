import { byLength } from '../../data/pairs/pairBatches.ts';
import type { MarkedVocabulary } from '../../data/pairs/markedVocabulary.ts';
import type { EncoderDecoder } from '../../models/encoderDecoder/encoderDecoder.ts';
import { Translator, type Written } from './translator.ts';
import type { YieldNow } from '../trainingTask.ts';

/** Number of texts translated at once. */
const BATCH = 128;
/** Number of hypotheses of beam searches that are advanced at once. */
const HYPOTHESES = 512;

/** Model with its source and target vocabularies. */
export interface PairModel {
  readonly model: EncoderDecoder;
  readonly source: MarkedVocabulary;
  readonly target: MarkedVocabulary;
  /** Maximum length of a translation in tokens. */
  readonly maxLength: number;
}

/**
 * Translates texts, in their order.
 * @param sources ids
 * @param beam hypotheses of the beam search; 1 is greedy decoding, which also returns the alignment
 */
export async function translate(
  pairModel: PairModel,
  sources: readonly Int32Array[],
  beam: number,
  yieldNow: YieldNow,
): Promise<Written[]> {
  const translator = translatorOf(pairModel);
  const written: Written[] = [];
  if (beam > 1) {
    const together = Math.max(1, Math.floor(HYPOTHESES / beam));
    for (const { items, places } of byLength(sources, ({ length }) => length, together)) {
      const texts = await translator.beams(items, beam, yieldNow);
      texts.forEach(([best], at) => (written[places[at]!] = { ids: best?.ids ?? [], alignment: [] }));
    }
    return written;
  }
  for (const { items, places } of byLength(sources, ({ length }) => length, BATCH)) {
    (await translator.greedy(items)).forEach((text, at) => (written[places[at]!] = text));
    await yieldNow();
  }
  return written;
}

/** A translator with the marks of the vocabularies. */
export function translatorOf({ model, source, target, maxLength }: PairModel): Translator {
  return new Translator(model, { unwritten: target.unwritten, sourcePadding: source.paddingId, maxLength });
}

/** True if an output equals the target, ignoring white space. */
export function isExact(written: string, expected: string): boolean {
  const plain = (text: string) => text.replaceAll(/\s+/gu, ' ').trim();
  return plain(written) === plain(expected);
}
