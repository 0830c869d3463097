import type { ImportedKind } from '../config/recognitionChoices.ts';
import { phrase } from '../phrases/phrase.ts';
import type { PortableShape } from './portable.ts';
import { AmbiguousError, notRecognized } from './recognized.ts';

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
  /** Undefined for numbers at each step, which no kind of a run has. */
  readonly kind: ImportedKind | undefined;
  readonly network: 'every-step' | 'last-step';
  /** Whether its only output is the logit of the second of two classes. */
  readonly isBinary: boolean;
}

/**
 * What a model with a structure is for: what the user says, where the structure allows it, and otherwise what the structure
 * says. Vectors whose outputs are probabilities are those of tokens only if the user says so.
 * @param name name of the file, for errors
 * @throws UnusableError for another choice and for outputs that no kind has, AmbiguousError if only the user can tell
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
  const kind = chosen ?? ownKind(facts, fitting, name);
  return {
    kind,
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

function ownKind(
  { reads, isStepwise, end, output }: GraphFacts,
  fitting: readonly ImportedKind[],
  name: string,
): ImportedKind | undefined {
  if (reads === 'ids') return fitting[0];
  if (end === 'linear') return isStepwise ? undefined : 'forecaster';
  throw new AmbiguousError(
    phrase(
      '"{0}" reads vectors, and its output "{1}" ends in a {2}: a model that classifies numbers cannot be imported. If the vectors are one-hot vectors of tokens, choose what it is for: {3}.',
      name,
      output,
      end,
      fitting.join(', '),
    ),
    'kind',
    fitting,
  );
}
