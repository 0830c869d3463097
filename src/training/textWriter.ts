import type { TextVocabulary } from '../data/textVocabulary.ts';
import type { LanguageModel } from '../models/languageModel.ts';
import type { WriterForm } from '../protocol/generation.ts';
import { beamTexts } from './beamTexts.ts';
import { UNWRITTEN, writePieces, type WritingOptions, type WrittenPiece } from './writing.ts';

/** How to write a text. Models without labels ignore `label`; models that convert texts read the prompt only. */
export interface TextWriterOptions extends WritingOptions {
  /** Label to write for; null for each label in turn. */
  readonly label: string | null;
}

/** A text that a beam search has found. */
export interface BeamText {
  readonly text: string;
  /** Log probability per token, with an end mark, in nats. */
  readonly logProbability: number;
}

/** What a beam search looks for. A model that converts texts ends them itself, and reads the prompt and the width only. */
export interface BeamOptions extends Pick<WritingOptions, 'prompt' | 'length' | 'stop'> {
  /** Number of texts kept at each step. */
  readonly width: number;
  /** Called before each step; true once the search must end early, whose result is then empty. */
  readonly isOver: () => Promise<boolean>;
}

/** Writes texts token by token, each with the logits that it was drawn from. */
export interface TextWriter {
  readonly form: WriterForm;
  /** Tokens by id: one for each logit. */
  readonly tokens: readonly string[];
  /** Ids that are never written. */
  readonly unwritten: readonly number[];
  /** Tokens of a prompt that are not in the vocabulary, each once. */
  unknown(prompt: string): readonly string[];
  /** @throws Error for an unknown label */
  write(options: TextWriterOptions): AsyncGenerator<WrittenPiece, void, void>;
  /** Texts of a beam search, best first; absent for a model that writes for labels. */
  beam?(options: BeamOptions): Promise<readonly BeamText[]>;
}

/** Continues texts with a language model. */
export function languageModelWriter(model: LanguageModel, vocabulary: TextVocabulary): TextWriter {
  return {
    form: { kind: 'continues', tokenKind: vocabulary.granularity, labels: [], beam: 1 },
    tokens: vocabulary.tokens,
    unwritten: UNWRITTEN,
    unknown(prompt) {
      if (prompt === '') return [];
      const { tokens, ids } = vocabulary.tokenize(prompt);
      return [...new Set(tokens.filter((_, at) => ids[at] === 0))];
    },
    write: (options) => writePieces(model, vocabulary, options),
    beam: (options) => beamTexts(model, vocabulary, options),
  };
}
