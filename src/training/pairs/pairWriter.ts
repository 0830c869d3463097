import { MarkedVocabulary } from '../../data/pairs/markedVocabulary.ts';
import { perToken } from '../../models/encoderDecoder/beamSearch.ts';
import type { TextWriter } from '../textWriter.ts';
import type { WrittenPiece } from '../writing.ts';
import { type PairModel, translatorOf } from './translate.ts';

/**
 * Converts texts with a sequence-to-sequence model: greedily, token by token.
 * @param beam beam width of the run
 */
export function pairWriter(pairModel: PairModel, beam: number): TextWriter {
  const { source, target } = pairModel;
  const translator = translatorOf(pairModel);
  return {
    form: { kind: 'converts', tokenKind: target.granularity, labels: [], beam },
    tokens: target.tokens,
    unwritten: target.unwritten,
    unknown: (prompt) => source.unknown(prompt),
    async *write({ prompt }): AsyncGenerator<WrittenPiece, void, void> {
      for await (const draw of translator.draws(source.encode(prompt))) {
        yield { text: draw.id === MarkedVocabulary.endId ? '' : target.tokensOf([draw.id]).join(''), draw };
      }
    },
    async beam({ prompt, width }) {
      const texts = await translator.beam(source.encode(prompt), width);
      return texts.map((each) => ({ text: target.decode(each.ids), logProbability: perToken(each) }));
    },
  };
}
