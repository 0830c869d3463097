import type * as z from 'zod';
import type { VsCodeApi } from './vscodeApi.ts';

/**
 * State of a page that VS Code keeps across tab switches, reloads of the window and updates of the extension. The
 * schema has a fallback for every field, so that a field which an older version stored in another form falls back to its
 * default and the others are kept.
 */
export class StoredState<State extends object> {
  readonly #api: VsCodeApi;
  #state: State;

  constructor(schema: z.ZodType<State>, api: VsCodeApi) {
    this.#api = api;
    const { success, data } = schema.safeParse(api.getState());
    this.#state = success ? data : schema.parse({});
  }

  get current(): State {
    return this.#state;
  }

  /** Changes fields and stores the whole state. */
  change(changed: Partial<State>): void {
    this.#state = { ...this.#state, ...changed };
    this.#api.setState(this.#state);
  }
}
