import type { ImportedKind } from '../config/recognitionChoices.ts';
import { phrase } from '../phrases/phrase.ts';
import type { PortableShape } from './portable.ts';
import { notRecognized } from './recognized.ts';

/** What a graph or a list of layers tells of what a model is for. */
export interface GraphFacts {
  /** Vectors may be one-hot vectors of tokens; nothing in the file tells. */
  readonly reads: 'ids' | 'vectors';
  /** Whether it has an output at each step, and not one for a sequence. */
  readonly isStepwise: boolean;
  readonly end: 'linear' | 'softmax' | 'sigmoid';
  readonly inputs: number;
  /** Numbers that the output layer computes. */
  readonly outputs: number;
  readonly bidirectional: boolean;
  readonly pooling: PortableShape['pooling'];
  /** Name of the output layer, for errors. */
  readonly output: string;
}

/** What a model is for, and the fields of its structure that depend on it. */
export interface GraphKind extends Pick<PortableShape, 'inputKind'> {
  /** Undefined if only the user can tell, and for numbers at each step, which no kind of a run has. */
  readonly kind: ImportedKind | undefined;
  /** What it can be for, the most likely first; several or none if the structure does not tell. */
  readonly kinds: readonly ImportedKind[];
  readonly network: 'every-step' | 'last-step';
  /** Whether its only output is the logit of the second of two classes. */
  readonly isBinary: boolean;
}

/**
 * What a model with a structure is for: what the user says, where the structure allows it, and otherwise what the structure
 * says. Vectors may be one-hot vectors of tokens, which only the user can tell.
 * @param name name of the file, for errors
 * @throws UnusableError for another choice and for outputs that no kind has
 */
export function graphKind(facts: GraphFacts, name: string, chosen: ImportedKind | undefined): GraphKind {
  const { reads, isStepwise, end, outputs, output } = facts;
  if (end === 'sigmoid' && (outputs !== 1 || isStepwise))
    throw notRecognized(
      name,
      phrase(
        'its output "{0}" has {1} separate probabilities (sigmoid); one is known, for two classes of a text',
        output,
        outputs,
      ),
    );
  if (outputs === 1 && (end === 'softmax' || (isStepwise && (reads === 'ids' || chosen !== undefined))))
    throw notRecognized(
      name,
      phrase('its output "{0}" is one number, and classes or tags have one each (softmax)', output),
    );
  const fitting = fittingKinds(facts);
  if (chosen !== undefined && !fitting.includes(chosen))
    throw notRecognized(
      name,
      phrase(
        'its layers are not those of the kind "{0}". They fit: {1}. Choose one of these, or none',
        chosen,
        fitting.join(', '),
      ),
    );
  const { kind, kinds } = chosen === undefined ? ownKinds(facts, fitting) : { kind: chosen, kinds: [chosen] };
  return {
    ...{ kind, kinds },
    inputKind: kind === undefined || kind === 'forecaster' ? 'vectors' : 'ids',
    // A language model that returns only its last step is one of every step.
    network: isStepwise || kind === 'language-model' ? 'every-step' : 'last-step',
    isBinary: kind === 'classifier' && outputs === 1,
  };
}

/** The kinds that a structure allows. */
function fittingKinds(facts: GraphFacts): readonly ImportedKind[] {
  const { reads, isStepwise, end, inputs, outputs, bidirectional, pooling } = facts;
  const isLanguageModel = inputs === outputs && outputs > 1 && !bidirectional && pooling === 'last';
  return [
    ...(isLanguageModel ? (['language-model'] as const) : []),
    isStepwise ? 'tagger' : 'classifier',
    ...(reads === 'vectors' && end === 'linear' && !isStepwise ? (['forecaster'] as const) : []),
  ];
}

/** What the structure tells of the kind. */
function ownKinds(
  { reads, isStepwise, end, outputs }: GraphFacts,
  fitting: readonly ImportedKind[],
): Pick<GraphKind, 'kind' | 'kinds'> {
  if (reads === 'ids') return { kind: fitting[0], kinds: fitting.slice(0, 1) };
  if (end !== 'linear') return { kind: undefined, kinds: fitting };
  // One number at each step is no class, no tag and no token.
  if (isStepwise) return { kind: undefined, kinds: outputs === 1 ? [] : fitting };
  return { kind: 'forecaster', kinds: ['forecaster', ...fitting.filter((each) => each !== 'forecaster')] };
}

/** The kinds that fit weights without a structure, the most likely first. */
export function weightKinds({
  isLanguageModel,
  embeds,
  outputs,
}: {
  /** Whether it reads in one direction and has an output for each token or number that it reads. */
  readonly isLanguageModel: boolean;
  /** Whether it reads tokens by an embedding, so that it cannot read numbers. */
  readonly embeds: boolean;
  readonly outputs: number;
}): readonly Exclude<ImportedKind, 'sequence-to-sequence'>[] {
  // As many outputs as tokens that are embedded are the next tokens.
  if (isLanguageModel && embeds) return ['language-model'];
  return [
    ...(isLanguageModel ? (['language-model'] as const) : []),
    'classifier',
    ...(outputs > 1 ? (['tagger'] as const) : []),
    ...(embeds ? [] : (['forecaster'] as const)),
  ];
}
