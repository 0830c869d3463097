import type { TextVocabulary } from '../data/textVocabulary.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import type { RecurrentNetwork } from '../models/recurrentNetwork.ts';
import type { TextModel } from '../probes/inspection/textModel.ts';
import { lastWindow, probedLanguageModel } from './probedLanguageModel.ts';
import type { TextReading } from './trainingTask.ts';

/** Creates the text reading of a language model. */
export function textReading(model: LanguageModel, vocabulary: TextVocabulary): TextReading {
  return {
    predicts: 'next-token',
    outputs: vocabulary.tokens,
    encode: (text) => vocabulary.tokenize(text),
    model: textModel(model),
    probedOn: (text) => probedLanguageModel(model, lastWindow(vocabulary.encode(text))),
  };
}

/** A network with an output at each step, for inspection. */
export function textModel(network: RecurrentNetwork): TextModel {
  return {
    layers: network.layers,
    embeds: network.embeds,
    outputLayer: () => network.outputLayer,
    inputVectors: (ids) => network.inputVectors(ids),
    logits(x, states, tapsOf) {
      const { h, state } = network.hiddenStates(x, states, { tapsOf });
      return { logits: network.outputsOf(h), states: state };
    },
  };
}
