import { elementwise, Matrix } from './matrix.ts';

export interface AdamSettings {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Adam (Kingma & Ba 2015, Algorithm 1): bias-corrected first and second moments by name. */
export class Adam {
  readonly #settings: AdamSettings;
  readonly #first = new Map<string, Matrix>();
  readonly #second = new Map<string, Matrix>();
  #steps = 0;

  constructor(settings: AdamSettings) {
    this.#settings = settings;
  }

  /** Changes the weights in place. */
  step(weights: ReadonlyMap<string, Matrix>, gradients: ReadonlyMap<string, Matrix>): void {
    const { learningRate, beta1, beta2, epsilon } = this.#settings;
    this.#steps++;
    for (const [name, weight] of weights) {
      const gradient = gradients.get(name);
      if (!gradient) throw new RangeError(`${name} has no gradient.`);
      const zero = new Matrix(weight.rows, weight.columns);
      const first = elementwise((m, g) => beta1 * m + (1 - beta1) * g, this.#first.get(name) ?? zero, gradient);
      const second = elementwise((v, g) => beta2 * v + (1 - beta2) * g * g, this.#second.get(name) ?? zero, gradient);
      this.#first.set(name, first);
      this.#second.set(name, second);

      const step = this.#steps;
      const updated = elementwise(
        (w, m, v) => w - (learningRate * (m / (1 - beta1 ** step))) / (Math.sqrt(v / (1 - beta2 ** step)) + epsilon),
        weight,
        first,
        second,
      );
      weight.values.set(updated.values);
    }
  }
}
