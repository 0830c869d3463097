import type { RecurrentLayer, UnitTraces } from '../../../src/protocol/inspection.ts';
import type { RemotePanelHost } from '../../../src/protocol/panel.ts';
import { LatestOnly } from '../../latestOnly.ts';

/** Values of a gate or state of a unit, by token; NaN for one that is not finite. */
export interface UnitTrace {
  readonly activation: UnitTraces['traces'][number]['activation'];
  readonly values: readonly number[];
}

type Traces = readonly UnitTrace[];

interface TraceRequest {
  readonly inspection: number;
  readonly layer: RecurrentLayer;
  readonly unit: number;
}

const same = (a: TraceRequest, b: TraceRequest) =>
  a.inspection === b.inspection && a.layer === b.layer && a.unit === b.unit;

/** Loads and caches the traces of units that were hovered over or selected, for one inspection and layer. */
export class UnitTraceStore {
  readonly #host: Pick<RemotePanelHost, 'unitTraces'>;
  readonly #callHost: (request: () => Promise<void>) => Promise<void>;
  readonly #onLoad: (unit: number) => void;
  readonly #cache = new Map<number, Traces>();
  /** Hovering over many units requests only the last one. The selected unit has its own requests, so it never waits. */
  readonly #hoverRequests = new LatestOnly<TraceRequest>((request) => this.#fetch(request), same);
  readonly #choiceRequests = new LatestOnly<TraceRequest>((request) => this.#fetch(request), same);
  #inspection = -1;
  #layer: RecurrentLayer | null = null;

  /**
   * @param callHost runs a request and shows its error if it fails
   * @param onLoad called when the traces of a unit are loaded
   */
  constructor(
    host: Pick<RemotePanelHost, 'unitTraces'>,
    callHost: (request: () => Promise<void>) => Promise<void>,
    onLoad: (unit: number) => void,
  ) {
    this.#host = host;
    this.#callHost = callHost;
    this.#onLoad = onLoad;
  }

  /** Discards the traces of another text or layer. */
  restart(inspection: number, layer: RecurrentLayer): void {
    if (inspection === this.#inspection && layer === this.#layer) return;
    this.#inspection = inspection;
    this.#layer = layer;
    this.#cache.clear();
  }

  /** Returns the traces of a unit under the pointer; null while they load. */
  hovered(unit: number): Traces | null {
    return this.#get(unit, this.#hoverRequests);
  }

  /** Returns the traces of the selected unit; null while they load. */
  selected(unit: number): Traces | null {
    return this.#get(unit, this.#choiceRequests);
  }

  #get(unit: number, requests: LatestOnly<TraceRequest>): Traces | null {
    const known = this.#cache.get(unit);
    if (!known && this.#layer) requests.request({ inspection: this.#inspection, layer: this.#layer, unit });
    return known ?? null;
  }

  async #fetch({ inspection, layer, unit }: TraceRequest): Promise<void> {
    await this.#callHost(async () => {
      const { traces } = await this.#host.unitTraces({
        inspection,
        layer: layer.layer,
        direction: layer.direction,
        unit,
      });
      if (inspection !== this.#inspection || layer !== this.#layer) return;
      const withNumbers = traces.map(({ values, ...trace }) => ({
        ...trace,
        values: values.map((value) => value ?? NaN),
      }));
      this.#cache.set(unit, withNumbers);
      this.#onLoad(unit);
    });
  }
}
