import * as z from 'zod';
import { chartSettings } from '../charts/storedSettings.ts';
import type { VsCodeApi } from '../vscodeApi.ts';

/** What the view keeps while it is hidden, and over a reload of the window. */
const viewState = z.object({
  /** The run shown. */
  run: z.string().nullable().catch(null),
  /** Step of the probe that was chosen; null follows the newest. */
  step: z.number().nullable().catch(null),
  chart: chartSettings.nullable().catch(null),
});

export type ViewState = z.output<typeof viewState>;

/** The state of the view, written to VS Code at every change. */
export class ViewStateStore {
  readonly #api: VsCodeApi;
  #state: ViewState;

  constructor(api: VsCodeApi) {
    this.#api = api;
    const { success, data } = viewState.safeParse(api.getState());
    this.#state = success ? data : viewState.parse({});
  }

  get current(): ViewState {
    return this.#state;
  }

  change(changed: Partial<ViewState>): void {
    this.#state = { ...this.#state, ...changed };
    this.#api.setState(this.#state);
  }
}
