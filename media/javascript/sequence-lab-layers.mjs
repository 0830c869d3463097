/**
 * Layers that models of Sequence Lab need and TensorFlow.js lacks. Call `register(tf)` before `tf.loadLayersModel`.
 * MIT License.
 */

/** Registers the layers with an instance of TensorFlow.js, once. */
export function register(tf) {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  if ('GRUResetAfter' in classNameMap) return;

  class GRUResetAfterCell extends tf.layers.RNNCell {
    static className = 'GRUResetAfterCell';

    constructor(config) {
      super(config);
      this.units = config.units;
      this.useBias = config.useBias ?? true;
      this.stateSize = this.units;
    }

    build(inputShape) {
      const width = 3 * this.units;
      const add = (name, shape) => this.addWeight(name, shape, 'float32', tf.initializers.zeros());
      this.kernel = add('kernel', [inputShape.at(-1), width]);
      this.recurrentKernel = add('recurrent_kernel', [this.units, width]);
      if (this.useBias) this.bias = add('bias', [2, width]);
      this.built = true;
    }

    call([x, h]) {
      return tf.tidy(() => {
        let read = tf.matMul(x, this.kernel.read());
        let recurrent = tf.matMul(h, this.recurrentKernel.read());
        if (this.useBias) {
          const [first, second] = tf.unstack(this.bias.read());
          [read, recurrent] = [tf.add(read, first), tf.add(recurrent, second)];
        }
        const [readUpdate, readReset, readCandidate] = tf.split(read, 3, 1);
        const [update, reset, candidate] = tf.split(recurrent, 3, 1);
        const z = tf.sigmoid(tf.add(readUpdate, update));
        const r = tf.sigmoid(tf.add(readReset, reset));
        const g = tf.tanh(tf.add(readCandidate, tf.mul(r, candidate)));
        const after = tf.add(tf.mul(z, h), tf.mul(tf.sub(1, z), g));
        return [after, after];
      });
    }

    getConfig() {
      return { ...super.getConfig(), units: this.units, useBias: this.useBias };
    }
  }

  /** A GRU that applies its reset gate after the recurrent product, as PyTorch, cuDNN and Keras do (`reset_after`). */
  class GRUResetAfter extends tf.RNN {
    static className = 'GRUResetAfter';

    constructor(config) {
      super({ ...config, cell: new GRUResetAfterCell(config) });
    }

    static fromConfig(cls, config) {
      return new cls(config);
    }
  }

  /** Scores of additive attention, `[batch, time, sourceTime]`, of queries and keys `[batch, (source) time, units]`. */
  class AdditiveScores extends tf.layers.Layer {
    static className = 'AdditiveScores';

    build(inputShape) {
      this.kernel = this.addWeight('kernel', [inputShape[0].at(-1), 1], 'float32', tf.initializers.zeros());
      this.built = true;
    }

    computeOutputShape([query, key]) {
      return [query[0], query[1], key[1]];
    }

    call([query, key]) {
      return tf.tidy(() => {
        const sums = tf.tanh(tf.add(tf.expandDims(query, 2), tf.expandDims(key, 1)));
        const [batch, time, sourceTime, units] = sums.shape;
        return tf.reshape(tf.matMul(tf.reshape(sums, [-1, units]), this.kernel.read()), [batch, time, sourceTime]);
      });
    }
  }

  for (const layer of [GRUResetAfterCell, GRUResetAfter, AdditiveScores]) tf.serialization.registerClass(layer);
}
