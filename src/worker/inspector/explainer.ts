import { type BackwardPass, backwardPass, type Loss, lossAt } from '../../probes/explain/backwardPass.ts';
import { explainGradient } from '../../probes/explain/explainGradient.ts';
import { explainStep, type UnitAtStep } from '../../probes/explain/explainStep.ts';
import { type ForwardPass, forwardPass } from '../../probes/explain/forwardPass.ts';
import type {
  ExplainedGradient,
  ExplainedStep,
  ExplainGradientRequest,
  ExplainStepRequest,
} from '../../protocol/explain.ts';
import type { TextReading } from '../../training/trainingTask.ts';
import type { KeptInspection } from './keptInspections.ts';

/** Forward pass over the text of an inspection, with the correct output of each step. */
interface Explained {
  readonly kept: KeptInspection;
  readonly pass: ForwardPass;
  readonly targets: readonly (number | undefined)[];
}

/** The backward pass of a loss over the explained text. */
interface KeptLoss {
  readonly of: Explained;
  readonly at: number | null;
  readonly loss: Loss;
  readonly backward: BackwardPass;
}

/** Explains units on the text of an inspection. Keeps the passes over the last text, for steps along it. */
export class Explainer {
  #explained: Explained | undefined;
  #loss: KeptLoss | undefined;

  /** @throws RangeError for a layer, a unit or a token that does not exist */
  async step(kept: KeptInspection, reading: TextReading, request: ExplainStepRequest): Promise<ExplainedStep> {
    const { pass, targets } = await this.#over(kept, reading);
    const at = unitAtStep(pass, request);
    return explainStep(pass, at, reading.outputs, targets[at.step]);
  }

  /** @throws RangeError as `step` does, for a loss at a token without a known answer, and for a token after the loss */
  async gradient(
    kept: KeptInspection,
    reading: TextReading,
    request: ExplainGradientRequest,
  ): Promise<ExplainedGradient> {
    const explained = await this.#over(kept, reading);
    const at = unitAtStep(explained.pass, request);
    const { loss, backward } = this.#lossAt(explained, request.lossAt);
    return explainGradient({ pass: explained.pass, loss, backward, tokens: reading.outputs }, at, request);
  }

  async #over(kept: KeptInspection, { model, predicts }: TextReading): Promise<Explained> {
    if (this.#explained?.kept === kept) return this.#explained;
    const pass = await forwardPass(model, kept.ids, kept.before);
    const targets = predicts === 'next-token' ? [...kept.ids.slice(1), undefined] : pass.probabilities.map(likeliest);
    this.#explained = { kept, pass, targets };
    return this.#explained;
  }

  #lossAt(of: Explained, at: number | null): KeptLoss {
    if (this.#loss?.of === of && this.#loss.at === at) return this.#loss;
    if (at !== null && of.targets[at] === undefined)
      throw new RangeError(`There is no loss after token ${at}: what follows it is not known.`);
    const loss = lossAt(of.pass, of.targets, at);
    this.#loss = { of, at, loss, backward: backwardPass(of.pass, loss) };
    return this.#loss;
  }
}

function unitAtStep({ layers, ids }: ForwardPass, { layer, direction, unit, token }: ExplainStepRequest): UnitAtStep {
  const index = layers.findIndex(
    (each) => each.layer.name === layer && (each.layer.cell.goBackwards ? 'backward' : 'forward') === direction,
  );
  const found = layers[index];
  if (!found) throw new RangeError(`The model has no ${direction} layer "${layer}".`);
  const { units } = found.layer.weights;
  if (unit >= units) throw new RangeError(`Unit ${unit} does not exist; the layer ${layer} has ${units} units.`);
  if (token >= ids.length)
    throw new RangeError(`The text that was read has ${ids.length} tokens; there is no token ${token}.`);
  return { layer: index, unit, step: token };
}

/** The most likely answer, in place of the correct one, which is not known. */
function likeliest(probabilities: Float64Array): number {
  return probabilities.indexOf(Math.max(...probabilities));
}
