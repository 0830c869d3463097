import * as z from 'zod';
import { chartSettings } from '../charts/storedSettings.ts';
import type { VsCodeApi } from '../vscodeApi.ts';

/** State that the view keeps while it is hidden and across a reload of the window. */
const viewState = z.object({
  /** Id of the run. */
  run: z.string().nullable().catch(null),
  /** Step of the selected probe; null to follow the newest. */
  step: z.number().nullable().catch(null),
  chart: chartSettings.nullable().catch(null),
});

export type ViewState = z.output<typeof viewState>;

/** Holds the state of the view and stores it in VS Code at every change. */
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
