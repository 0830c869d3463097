import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { root } from '../../../scripts/lib/paths.ts';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { weightFiles } from '../../../src/interop/tfjs/layersModelBuilder.ts';
import { needsOwnLayers, tfjsFiles } from '../../../src/interop/tfjs/tfjsFiles.ts';
import { recognizeLayers } from '../../../src/interop/layerList/recognizeLayers.ts';
import { readLayersModel } from '../../../src/interop/tfjs/layersModelFile.ts';
import { RecurrentClassifier } from '../../../src/models/recurrentClassifier.ts';
import {
  portableClassifier,
  portableModel,
  type PortableNetwork,
} from '../../../src/worker/portable/portableNetwork.ts';
import { randomNetworks } from '../../fixtures/randomNetworks.ts';
import { temporaryFolder } from '../runs/temporary.ts';

interface Topology {
  readonly modelTopology: { readonly config: { readonly layers: readonly { readonly class_name: string }[] } };
}

/** `sequence-lab-model.mjs`. */
interface Program {
  load(
    folder: string,
    library: typeof tf,
  ): Promise<{
    run(inputs: unknown, options?: object): tf.Tensor;
    step(ids: number[][], states?: tf.Tensor[]): { probabilities: tf.Tensor; states: tf.Tensor[] };
    initialStates(labels: number[]): tf.Tensor[];
  }>;
}

/** Writes a network as it is exported. */
async function written(network: PortableNetwork, folder: string): Promise<string> {
  const files = tfjsFiles(await portableModel(network));
  await mkdir(folder);
  const config = JSON.stringify({ weights: Object.keys(files), ...network.shape });
  for (const [name, content] of Object.entries({ ...files, 'config.json': config }))
    await writeFile(join(folder, name), content);
  return folder;
}

/** Classes of layers that the package has. */
const STOCK = new Set(Object.keys(tf.serialization.SerializationMap.getMap().classNameMap));

describe('LayersModels that are exported', () => {
  const home = temporaryFolder();
  before(async () => {
    await referenceBackend.load({ home: '', tensorflowPath: '', threads: 1 });
  });

  it('have layers of TensorFlow.js only, except where own ones are exported with them', async () => {
    let stock = 0;
    for (const { name, network } of randomNetworks()) {
      const files = tfjsFiles(await portableModel(network));
      const classes = Object.entries(files)
        .filter(([file]) => file.endsWith('.json'))
        .flatMap(([, bytes]) => JSON.stringify((JSON.parse(new TextDecoder().decode(bytes)) as Topology).modelTopology))
        .flatMap((text) => [...text.matchAll(/"class_name":"(\w+)"/g)].map(([, found = '']) => found));
      const own = classes.filter((found) => !STOCK.has(found));
      assert.equal(own.length > 0, needsOwnLayers(network.shape), `${name}: ${own.join(', ')}`);
      stock += own.length === 0 ? 1 : 0;
    }
    assert.ok(stock > 40);
  });

  it('are recognized without their config.json where their layers are a chain', async () => {
    let compared = 0;
    for (const { name, network } of randomNetworks()) {
      const { shape } = network;
      const isChain =
        (shape.network === 'every-step' || (shape.network === 'last-step' && shape.pooling !== 'attention')) &&
        shape.projection === 0 &&
        shape.recurrence === 'hidden' &&
        !shape.tied;
      if (!isChain) continue;
      const model = await portableModel(network);
      const files: Readonly<Record<string, Uint8Array>> = tfjsFiles(model);
      const file = 'model.json';
      // As Keras names the layer.
      const bytes = Buffer.from(new TextDecoder().decode(files[file]).replaceAll('GRUResetAfter', 'GRU'));
      const layers = await readLayersModel({ name: file, bytes, neighbor: (other) => Promise.resolve(files[other]) });
      // One-hot vectors look like other vectors.
      const kind = shape.inputs === shape.outputs ? 'language-model' : 'tagger';
      const isOneHot = shape.embedding === 0 && shape.inputKind === 'ids';
      const found = recognizeLayers(layers, file, isOneHot ? kind : undefined);
      // Fields that other cells do not read have their defaults.
      const facts = { ...shape, recurrence: 'hidden', activation: shape.cell === 'rnn' ? shape.activation : 'tanh' };
      assert.deepEqual(found.shape, facts, name);
      const byName = new Map(found.tensors.map((tensor) => [tensor.name, tensor]));
      for (const tensor of model.tensors) assert.deepEqual(byName.get(tensor.name), tensor, `${name}, ${tensor.name}`);
      compared++;
    }
    assert.ok(compared > 25);
  });

  it('can be run step by step from the states of the step before, with the same probabilities', async () => {
    const { load } = (await import(
      pathToFileURL(join(root, 'media/javascript/sequence-lab-model.mjs')).href
    )) as Program;
    let compared = 0;
    for (const { name, network } of randomNetworks()) {
      const { shape } = network;
      if (!['every-step', 'conditioned'].includes(shape.network) || shape.bidirectional) continue;
      const folder = await written(network, join(home(), String(compared)));
      const model = await load(folder, tf);
      const ids = [[1, 5, 2, 7]];
      const isConditioned = shape.network === 'conditioned';
      const logits = model.run(ids, isConditioned ? { labels: [1] } : {});
      const expected = (await tf.softmax(logits).array()) as number[][][];
      let states = isConditioned ? model.initialStates([1]) : undefined;
      for (const [t, id] of ids[0]!.entries()) {
        const { probabilities, states: after } = model.step([[id]], states);
        const [[row = []] = []] = (await probabilities.array()) as number[][][];
        row.forEach((value, symbol) =>
          assert.ok(Math.abs(value - expected[0]![t]![symbol]!) < 1e-6, `${name}, step ${t}`),
        );
        states = after;
      }
      compared++;
    }
    assert.ok(compared > 10);
  });

  it('are opened from an address, too, as in a page', async () => {
    const { load } = (await import(
      pathToFileURL(join(root, 'media/javascript/sequence-lab-model.mjs')).href
    )) as Program;
    const { network } = randomNetworks().find(({ network: { shape } }) => shape.network === 'encoder-decoder')!;
    const folder = await written(network, join(home(), 'served'));
    const server = createServer((request, response) => {
      void readFile(join(folder, basename(request.url ?? ''))).then((bytes) => response.end(bytes));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const [here, there] = await Promise.all([load(folder, tf), load(`http://127.0.0.1:${port}/`, tf)]);
      const answers = [here, there].map((model) => model.run([[1, 2]], { targets: [[3, 0, 1]] }));
      assert.deepEqual(await answers[0]?.array(), await answers[1]?.array());
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  it('take vectors of zeros for padding, where tokens are one-hot vectors and the last state is read', async () => {
    const { load } = (await import(
      pathToFileURL(join(root, 'media/javascript/sequence-lab-model.mjs')).href
    )) as Program;
    for (const bidirectional of [false, true]) {
      const recurrent = { cell: 'lstm', layers: 2, units: 3, bidirectional, bias: true } as const;
      const others = {
        projection: 0,
        activation: 'tanh',
        recurrence: 'hidden',
        resetAfter: false,
        dropout: 0,
      } as const;
      const sizes = { embedding: 0, vocabularySize: 6, classes: 2, pooling: 'last' } as const;
      const classifier = new RecurrentClassifier({ ...recurrent, ...others, ...sizes });
      const network = portableClassifier(classifier);
      for (const { variable } of network.parameters) variable.assign(tf.randomNormal(variable.shape, 0, 0.5));
      const model = await load(await written(network, join(home(), `padded-${bidirectional}`)), tf);
      const short = tf.oneHot(tf.tensor2d([[4, 1, 2]], [1, 3], 'int32'), 6).toFloat();
      const padded = tf.pad(short, [
        [0, 0],
        [0, 4],
        [0, 0],
      ]);
      const [alone, together] = [model.run(short), model.run(padded)];
      assert.ok((await tf.max(tf.abs(tf.sub(alone, together))).data())[0]! < 1e-6);
    }
  });

  it('have their weights in files of bounded size, which together are the values', () => {
    const weights = [3, 5, 1].map((length, at) => ({
      name: `w${at}`,
      shape: [length],
      values: Float32Array.from({ length }, (_, place) => 10 * at + place),
    }));
    const bytes = weights.flatMap(({ values }) => [...new Uint8Array(values.buffer)]);
    assert.deepEqual(Object.keys(weightFiles('weights', weights)), ['weights.bin']);
    for (let size = 1; size <= bytes.length; size++) {
      const files = Object.values(weightFiles('weights', weights, size));
      assert.ok(files.every(({ length }) => length <= size));
      assert.deepEqual(
        files.flatMap((file) => [...file]),
        bytes,
      );
    }
  });
});
