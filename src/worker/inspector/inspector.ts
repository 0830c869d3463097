import * as tf from '@tensorflow/tfjs';
import { type EncodedTokens, firstReported } from '../../data/encodedTokens.ts';
import type { LayerState } from '../../layers/sequenceLayer.ts';
import { mapState } from '../../layers/states.ts';
import { activationMap } from '../../probes/inspection/activationMap.ts';
import { type Activations, unitValues } from '../../probes/inspection/activations.ts';
import { connectivity } from '../../probes/inspection/connectivity.ts';
import { type Expectation, expectation } from '../../probes/inspection/predictions.ts';
import { unitRoles } from '../../probes/inspection/unitRoles.ts';
import { strongest } from '../../probes/inspection/strongest.ts';
import { measured, measuredAll } from '../../judgment/numbers.ts';
import { MAX_COURSE_STEPS, MAX_INSPECTED_STEPS } from '../../protocol/inspection.ts';
import type {
  ActivationMap,
  ActivationRequest,
  Connectivity,
  ConnectivityRequest,
  Course,
  CourseRequest,
  FiringRequest,
  Firings,
  Inspection,
  InspectRequest,
  RecurrentLayer,
  RowAtCursor,
  RowRequest,
  TableText,
  UnitRequest,
  UnitRoles,
  UnitRolesRequest,
  UnitTraces,
} from '../../protocol/inspection.ts';
import type {
  ExplainedGradient,
  ExplainedStep,
  ExplainGradientRequest,
  ExplainStepRequest,
} from '../../protocol/explain.ts';
import { INSPECTION_SUPERSEDED } from '../../protocol/inspector.ts';
import type { BegunGeneration, GenerationPart, GenerationRequest, WriterForm } from '../../protocol/generation.ts';
import type { Probe, ProbeStart } from '../../protocol/probes.ts';
import type { TextReading } from '../../training/trainingTask.ts';
import { Explainer } from './explainer.ts';
import { Generations, type Writing } from './generations.ts';
import { activationsOfLayer, type KeptInspection, KeptInspections } from './keptInspections.ts';
import { OpenRows } from './openRows.ts';
import type { Ask } from './questions.ts';
import { type PartRead, readInParts } from './readInParts.ts';
import { phrase, PhrasedError } from '../../phrases/phrase.ts';

/** A run as the inspector sees it. */
export interface Inspected extends Writing {
  /** @throws Error with the reason if the model does not read text */
  reading(): TextReading;
  /** Probes gradients and gates, on a text or on the run's own batch. @throws Error with the reason if it cannot */
  probe(text: string | null, start: ProbeStart): Promise<Probe>;
  /** Gates on a text that another program has logged; absent for a run with a model. */
  logged?(): Promise<LoggedReading>;
}

/** A text with the gates that another program has logged. */
export interface LoggedReading extends Pick<Inspection, 'step' | 'tokens' | 'surprisal'> {
  readonly activations: readonly Activations[];
}

/** Answers queries about the model of a training or an opened run; see `protocol/inspector.ts`. */
export class Inspector {
  readonly #inspected: Inspected;
  readonly #ask: Ask;
  readonly #kept = new KeptInspections();
  readonly #latest = new LatestRequests();
  readonly #rows = new OpenRows();
  readonly #explainer = new Explainer();
  readonly #generations: Generations;

  constructor(inspected: Inspected, ask: Ask) {
    this.#inspected = inspected;
    this.#ask = ask;
    this.#generations = new Generations(inspected, ask);
  }

  async probe({ text, start = 'zero' }: { text: string | null; start?: ProbeStart | undefined }): Promise<Probe> {
    return this.#ask(() => this.#inspected.probe(text, start));
  }

  async inspect({ reader, text, from, top }: InspectRequest): Promise<Inspection> {
    const wanted = this.#latest.register(reader);
    const { model, encode, outputs, predicts } = this.#inspected.reading();
    const encoded = encode(text);
    const first = firstReported(encoded, from, MAX_INSPECTED_STEPS);
    const reported = partOf(encoded, first);
    const expected = new Expected(predicts);
    let answer: Inspection | undefined;
    for await (const part of readInParts(this.#ask, model, encoded.ids, {
      keepFrom: first,
      keepActivations: true,
      wanted,
    })) {
      const expectations = expected.ofPart(part);
      if (part.start < first) continue;
      // Everything reported is in one part.
      const kept: KeptInspection = { ...reported, before: copyStates(part.before), activations: part.activations };
      answer = {
        id: this.#kept.add(kept),
        step: this.#inspected.step,
        predicts,
        tokens: [...reported.tokens],
        offsets: [...reported.offsets],
        unknown: unknownTokens(reported),
        surprisal: expectations.map((each, t) => surprisal(expected.surprisalOf(each, reported.ids[t]!))),
        top: expectations.map((each) => each?.top(top, outputs) ?? []),
        layers: part.activations.map(describeLayer),
      };
    }
    if (!answer) throw new PhrasedError(phrase('There is no text to read.'));
    return answer;
  }

  async readLogged(): Promise<Inspection> {
    const logged = await this.#inspected.logged?.();
    if (!logged) throw new PhrasedError(phrase('This run has a model, which reads texts itself.'));
    const { step, tokens, surprisal: surprisals, activations } = logged;
    const starts = tokens.reduce((offsets, token) => [...offsets, (offsets.at(-1) ?? 0) + token.length], [0]);
    return {
      id: this.#kept.add({ tokens, ids: new Int32Array(), before: [], activations }),
      step,
      predicts: 'next-token',
      tokens,
      offsets: starts.slice(0, -1),
      unknown: [],
      surprisal: surprisals,
      top: tokens.map(() => []),
      layers: activations.map(describeLayer),
    };
  }

  activationMap({ inspection, layer, direction, activation, sort }: ActivationRequest): ActivationMap {
    const { activations, tokens } = this.#kept.get(inspection);
    return activationMap(activationsOfLayer(activations, layer, direction), activation, sort, tokens);
  }

  unitRoles({ inspection, layer, direction, activation }: UnitRolesRequest): UnitRoles {
    const { activations, tokens } = this.#kept.get(inspection);
    return unitRoles(activationsOfLayer(activations, layer, direction), activation, tokens);
  }

  unitTraces({ inspection, layer, direction, unit }: UnitRequest): UnitTraces {
    const activations = activationsOfLayer(this.#kept.get(inspection).activations, layer, direction);
    const traces = activations.cell.kind.activations.map(({ name }) => ({
      activation: name,
      values: Array.from(unitValues(activations, name, unit), (value) => (Number.isFinite(value) ? value : null)),
    }));
    return { traces };
  }

  /**
   * While a run is training, this uses the current weights with the initial state saved at inspection time.
   */
  async connectivity({ inspection, token }: ConnectivityRequest): Promise<Connectivity> {
    const { ids, before } = this.#kept.get(inspection);
    if (token >= ids.length)
      throw new PhrasedError(
        phrase('The text that was read has {0} tokens; there is no token {1}.', ids.length, token),
      );
    const { model } = this.#inspected.reading();
    return { norms: measuredAll(await this.#ask(() => connectivity(model, ids.slice(0, token + 1), before))) };
  }

  async explainStep(request: ExplainStepRequest): Promise<ExplainedStep> {
    const kept = this.#kept.get(request.inspection);
    return this.#ask(() => this.#explainer.step(kept, this.#inspected.reading(), request));
  }

  async explainGradient(request: ExplainGradientRequest): Promise<ExplainedGradient> {
    const kept = this.#kept.get(request.inspection);
    return this.#ask(() => this.#explainer.gradient(kept, this.#inspected.reading(), request));
  }

  async course({ reader, text, from, unit }: CourseRequest): Promise<Course> {
    const wanted = this.#latest.register(reader);
    const { model, encode, predicts } = this.#inspected.reading();
    const encoded = encode(text);
    const first = firstReported(encoded, from, MAX_COURSE_STEPS);
    const reported = partOf(encoded, first);
    const expected = new Expected(predicts);
    const surprisals: (number | null)[] = [];
    const values: number[] = [];
    for await (const part of readInParts(this.#ask, model, encoded.ids, {
      keepFrom: first,
      keepActivations: unit !== null,
      wanted,
    })) {
      const expectations = expected.ofPart(part);
      if (part.start < first) continue;
      expectations.forEach((each, t) =>
        surprisals.push(surprisal(expected.surprisalOf(each, encoded.ids[part.start + t]!))),
      );
      if (unit)
        values.push(
          ...unitValues(activationsOfLayer(part.activations, unit.layer, unit.direction), unit.activation, unit.unit),
        );
    }
    return {
      step: this.#inspected.step,
      offsets: [...reported.offsets],
      unknown: unknownTokens(reported).length,
      surprisal: surprisals,
      values,
    };
  }

  async firings({ text, layer, direction, activation, unit, limit, apart }: FiringRequest): Promise<Firings> {
    const { model, encode } = this.#inspected.reading();
    const { ids, offsets, tokens } = encode(text);
    const values = new Float32Array(ids.length);
    for await (const part of readInParts(this.#ask, model, ids, { keepFrom: 0, keepActivations: true })) {
      values.set(unitValues(activationsOfLayer(part.activations, layer, direction), activation, unit), part.start);
    }
    const contexts = strongest(values, limit, apart).map(({ token, value }) => ({
      offset: offsets[token]!,
      token: tokens[token]!,
      value,
    }));
    return { contexts, tokens: ids.length };
  }

  describeWriter(): WriterForm {
    return this.#inspected.writer().form;
  }

  async beginGeneration(request: GenerationRequest): Promise<BegunGeneration> {
    return this.#generations.begin(request);
  }

  async nextGenerated(id: number): Promise<GenerationPart> {
    return this.#generations.next(id);
  }

  cancelGenerated(id: number): void {
    this.#generations.cancel(id);
  }

  async openRows(table: TableText): Promise<number> {
    return this.#rows.open(table);
  }

  rowAt(request: RowRequest): RowAtCursor {
    return this.#rows.rowAt(request);
  }

  dispose(): void {
    this.#generations.cancel();
    this.#kept.dispose();
  }
}

function partOf({ tokens, ids, offsets }: EncodedTokens, first: number): EncodedTokens {
  return { tokens: tokens.slice(first), ids: ids.slice(first), offsets: offsets.slice(first) };
}

/** A surprisal for a message: null for infinity, which JSON does not have. */
function surprisal(nats: number | null): number | null {
  return nats === null ? null : measured(nats);
}

/** Indices of the tokens that are not in the vocabulary: their id is that of `<unk>`. */
function unknownTokens({ ids }: EncodedTokens): number[] {
  return Array.from(ids.keys()).filter((index) => ids[index] === 0);
}

function describeLayer({ layer, direction, cell }: Activations): RecurrentLayer {
  return {
    layer,
    direction,
    cell: cell.kind.name,
    units: cell.units,
    activations: cell.kind.activations.map(({ name }) => name),
  };
}

/** Thrown when the same reader has sent a newer request. */
class InspectionSupersededError extends PhrasedError {
  override readonly name = INSPECTION_SUPERSEDED;
  readonly code = 'inspection-superseded';
  constructor(reader: string) {
    super(phrase('The reader "{0}" has sent a newer request.', reader));
  }
}

/** The newest request of each reader; older pending requests are dropped. */
class LatestRequests {
  readonly #newest = new Map<string, number>();

  /** Registers a request. @returns a check that throws InspectionSupersededError once there is a newer request */
  register(reader: string): () => void {
    const request = (this.#newest.get(reader) ?? 0) + 1;
    this.#newest.set(reader, request);
    return () => {
      if (this.#newest.get(reader) !== request) throw new InspectionSupersededError(reader);
    };
  }
}

/**
 * The expectations of a model at each token of a text, part by part. Those of a next-token model come from the step
 * before the token, those of other models from the step of the token itself.
 */
class Expected {
  readonly #looksAhead: boolean;
  #next: Float32Array | undefined;

  constructor(predicts: Inspection['predicts']) {
    this.#looksAhead = predicts === 'next-token';
  }

  /**
   * One expectation per token of a part. A next-token model has none for the first token of a text: it is undefined.
   */
  ofPart({ logits, count }: PartRead): (Expectation | undefined)[] {
    const width = logits.length / count;
    const row = (t: number) => logits.subarray(t * width, (t + 1) * width);
    if (!this.#looksAhead) return Array.from({ length: count }, (_, t) => expectation(row(t)));
    const before = Array.from({ length: count }, (_, t) => (t === 0 ? this.#next : row(t - 1)));
    this.#next = row(count - 1);
    return before.map((each) => each && expectation(each));
  }

  /** Surprisal -ln p of a token in nats; null if the model did not predict it. */
  surprisalOf(each: Expectation | undefined, id: number): number | null {
    return each && this.#looksAhead ? each.surprisal(id) : null;
  }
}

/** Copies of states; the caller disposes them. */
function copyStates(states: readonly LayerState[]): LayerState[] {
  return states.map((state) => mapState(state, (_, tensor) => tf.clone(tensor)));
}
