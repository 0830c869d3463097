import type { GenerationChange } from '../../../src/protocol/generateTab.ts';
import type { GenerationRequest } from '../../../src/protocol/generation.ts';
import type { liveModelContract } from '../../../src/protocol/liveModel.ts';
import type { Remote } from '../../../src/protocol/rpc.ts';

/** Fetches the texts that the model of the page writes, part by part. A new text cancels the one before. */
export class LiveGeneration {
  readonly #model: Remote<typeof liveModelContract>;
  readonly #send: (change: GenerationChange) => void;
  #lastId = 0;
  /** Id of the text at the model; null while none is written. */
  #writing: number | null = null;

  constructor(model: Remote<typeof liveModelContract>, send: (change: GenerationChange) => void) {
    this.#model = model;
    this.#send = send;
  }

  async begin(request: GenerationRequest): Promise<void> {
    await this.stop();
    const text = { id: ++this.#lastId, request, trainingWaits: false, beam: [] };
    try {
      const { id, ...begun } = await this.#model.beginGeneration(request);
      this.#writing = id;
      await this.#read(id, { ...text, begun });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#send({ ...text, begun: null, state: 'failed', from: 0, pieces: [], message });
    }
  }

  async stop(): Promise<void> {
    if (this.#writing !== null) await this.#model.cancelGenerated(this.#writing);
  }

  async #read(
    id: number,
    text: Pick<GenerationChange, 'id' | 'request' | 'trainingWaits' | 'begun' | 'beam'>,
  ): Promise<void> {
    for (let from = 0; ;) {
      const { pieces, end } = await this.#model.nextGenerated(id);
      const beam = end?.beam ?? [];
      this.#send({ ...text, beam, state: end?.reason ?? 'writing', from, pieces, message: null });
      from += pieces.length;
      if (!end) continue;
      if (this.#writing === id) this.#writing = null;
      return;
    }
  }
}
