import type { RecurrentLayer, UnitTraces } from '../../../src/protocol/inspection.ts';
import type { RemotePanelHost } from '../../../src/protocol/panel.ts';
import { LatestOnly } from '../../latestOnly.ts';

type Traces = UnitTraces['traces'];

interface Question {
  readonly inspection: number;
  readonly layer: RecurrentLayer;
  readonly unit: number;
}

const same = (a: Question, b: Question) => a.inspection === b.inspection && a.layer === b.layer && a.unit === b.unit;

/** The traces of the units that were read or chosen, each asked of the host once for an inspection and layer. */
export class UnitTraceStore {
  readonly #host: Pick<RemotePanelHost, 'unitTraces'>;
  readonly #ask: (request: () => Promise<void>) => Promise<void>;
  readonly #arrived: (unit: number) => void;
  readonly #known = new Map<number, Traces>();
  /** A pointer that runs over many units asks for the last of them; a unit that was chosen waits for none of these. */
  readonly #glances = new LatestOnly<Question>((question) => this.#fetch(question), same);
  readonly #choices = new LatestOnly<Question>((question) => this.#fetch(question), same);
  #inspection = -1;
  #layer: RecurrentLayer | null = null;

  /** `ask` shows a refusal; `arrived` hears that the traces of a unit are there. */
  constructor(
    host: Pick<RemotePanelHost, 'unitTraces'>,
    ask: (request: () => Promise<void>) => Promise<void>,
    arrived: (unit: number) => void,
  ) {
    this.#host = host;
    this.#ask = ask;
    this.#arrived = arrived;
  }

  /** Another text or layer: what was known is not about it. */
  restart(inspection: number, layer: RecurrentLayer): void {
    if (inspection === this.#inspection && layer === this.#layer) return;
    this.#inspection = inspection;
    this.#layer = layer;
    this.#known.clear();
  }

  /** The traces of a unit that is glanced at; null while they are not there, and on their way. */
  glance(unit: number): Traces | null {
    return this.#get(unit, this.#glances);
  }

  /** The traces of the unit that was chosen. */
  chosen(unit: number): Traces | null {
    return this.#get(unit, this.#choices);
  }

  #get(unit: number, questions: LatestOnly<Question>): Traces | null {
    const known = this.#known.get(unit);
    if (!known && this.#layer) questions.request({ inspection: this.#inspection, layer: this.#layer, unit });
    return known ?? null;
  }

  async #fetch({ inspection, layer, unit }: Question): Promise<void> {
    await this.#ask(async () => {
      const { traces } = await this.#host.unitTraces({
        inspection,
        layer: layer.layer,
        direction: layer.direction,
        unit,
      });
      if (inspection !== this.#inspection || layer !== this.#layer) return;
      this.#known.set(unit, traces);
      this.#arrived(unit);
    });
  }
}
