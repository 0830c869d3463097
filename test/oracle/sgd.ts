import { elementwise, zerosLike } from './matrix.ts';
import type { Matrix } from './matrix.ts';

export interface SgdSettings {
  readonly learningRate: number;
  /** 0 keeps no state between steps. */
  readonly momentum: number;
}

/** Stochastic gradient descent with momentum in the form of PyTorch: v = momentum v + g, w = w - learningRate v. */
export class Sgd {
  readonly #settings: SgdSettings;
  readonly #velocities = new Map<string, Matrix>();

  constructor(settings: SgdSettings) {
    this.#settings = settings;
  }

  /** Changes the weights in place. */
  step(weights: ReadonlyMap<string, Matrix>, gradients: ReadonlyMap<string, Matrix>): void {
    const { learningRate, momentum } = this.#settings;
    for (const [name, weight] of weights) {
      const gradient = gradients.get(name);
      if (!gradient) throw new RangeError(`${name} has no gradient.`);
      const velocity = elementwise(
        (v, g) => momentum * v + g,
        this.#velocities.get(name) ?? zerosLike(weight),
        gradient,
      );
      this.#velocities.set(name, velocity);
      weight.values.set(elementwise((w, v) => w - learningRate * v, weight, velocity).values);
    }
  }
}
