import type { RunEvent } from '../protocol/events.ts';

/** Interval in milliseconds during which step events are collected; small models take thousands of steps per second. */
const GATHER = 50;

/** Batches events into messages. Any event except a step is sent immediately, with the steps before it. */
export class EventBatch {
  readonly #send: (events: RunEvent[]) => void;
  #gathered: RunEvent[] = [];
  #sentAt = 0;

  constructor(send: (events: RunEvent[]) => void) {
    this.#send = send;
  }

  add(event: RunEvent): void {
    this.#gathered.push(event);
    if (event.event !== 'step' || performance.now() - this.#sentAt >= GATHER) this.flush();
  }

  flush(): void {
    if (this.#gathered.length === 0) return;
    this.#send(this.#gathered);
    this.#gathered = [];
    this.#sentAt = performance.now();
  }
}
