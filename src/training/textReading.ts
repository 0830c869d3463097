import type { TextVocabulary } from '../data/textVocabulary.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import { lastWindow, probedLanguageModel } from './probedLanguageModel.ts';
import type { TextReading } from './trainingTask.ts';

/** Creates the text reading of a language model. */
export function textReading(model: LanguageModel, vocabulary: TextVocabulary): TextReading {
  return {
    predicts: 'next-token',
    outputs: vocabulary.tokens,
    encode: (text) => vocabulary.tokenize(text),
    model: {
      layers: model.layers,
      inputVectors: (ids) => model.inputVectors(ids),
      logits(x, states, tapsOf) {
        const { h, state } = model.hiddenStates(x, states, { tapsOf });
        return { logits: model.outputsOf(h), states: state };
      },
    },
    probedOn: (text) => probedLanguageModel(model, lastWindow(vocabulary.encode(text))),
  };
}
