import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assertClose } from '../../oracle/compare.ts';
import { CONVOLUTION_FIXTURES } from '../../oracle/convolutionFixture.ts';
import { ENCODER_DECODER_FIXTURES } from '../../oracle/encoderDecoderFixture.ts';
import { LAYER_FIXTURES } from '../../oracle/layerFixture.ts';
import { OPTIMIZER_FIXTURES } from '../../oracle/optimizerFixture.ts';
import { PROBE_FIXTURES } from '../../oracle/probeFixture.ts';
import { PROJECTION_FIXTURES } from '../../oracle/projectionFixture.ts';
import { FIXTURES } from '../../oracle/torchFixture.ts';

const scripts = {
  'torchFixtures.py': FIXTURES,
  'torchLayers.py': LAYER_FIXTURES,
  'torchProbes.py': PROBE_FIXTURES,
  'torchConvolutions.py': CONVOLUTION_FIXTURES,
  'torchEncoderDecoder.py': ENCODER_DECODER_FIXTURES,
  'torchOptimizers.py': OPTIMIZER_FIXTURES,
  'torchProjections.py': PROJECTION_FIXTURES,
  'torchLstmShapes.py': fileURLToPath(new URL('../../fixtures/lstmShapes', import.meta.url)),
};

/** Python with PyTorch: the name or path in SEQUENCE_LAB_TORCH. */
const python = process.env['SEQUENCE_LAB_TORCH'] ?? '';

/** Compares two JSON values, with lists of numbers as tensors. */
function assertSameNumbers(path: string, actual: unknown, expected: unknown, tolerance: number): void {
  if (isTensor(expected) && isTensor(actual)) {
    assertClose(path, actual, expected, tolerance);
  } else if (isObject(expected) && isObject(actual)) {
    assert.deepEqual(Object.keys(actual), Object.keys(expected), `${path}: fields`);
    for (const [key, value] of Object.entries(expected)) {
      assertSameNumbers(`${path} ${key}`, actual[key], value, tolerance);
    }
  } else if (typeof expected === 'number') {
    assertClose(path, [Number(actual)], [expected], tolerance);
  } else {
    assert.deepEqual(actual, expected, path);
  }
}

function isTensor(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'number');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

describe(`fixtures of PyTorch${python ? '' : ' (skipped: SEQUENCE_LAB_TORCH is not set to a Python with torch)'}`, () => {
  let folder = '';

  before(function () {
    if (!python) this.skip();
    folder = mkdtempSync(join(tmpdir(), 'sequence-lab-torch-'));
  });

  after(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  for (const [script, fixtures] of Object.entries(scripts)) {
    it(`equal the output of ${script}`, function () {
      this.timeout(120_000);
      const written = join(folder, script);
      const path = fileURLToPath(new URL(`../../fixtures/${script}`, import.meta.url));
      execFileSync(python, ['-B', path, written], { stdio: ['ignore', 'inherit', 'inherit'] });
      const names = readdirSync(fixtures).sort();
      assert.deepEqual(readdirSync(written).sort(), names);
      for (const name of names) {
        const [actual, expected] = [written, fixtures].map((from): unknown =>
          JSON.parse(readFileSync(join(from, name), 'utf8')),
        );
        assertSameNumbers(name, actual, expected, name.includes('float32') ? 1e-5 : 1e-6);
      }
    });
  }
});
