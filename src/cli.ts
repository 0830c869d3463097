#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import type { BenchOptions } from './cli/bench.ts';
import { CELL_NAMES } from './config/cells.ts';
import { ExitCode, exitCodeOf } from './cli/exitCodes.ts';
import type { ClassifyFlags, EvaluateFlags } from './cli/sentiment.ts';
import type { InspectFlags } from './cli/inspect.ts';
import type { InstallFlags } from './cli/native.ts';
import type { TrainFlags } from './cli/train.ts';

/** The command line: the same machine without VS Code. Commands load what they need, so that --help is quick. */

const program = new Command('sequence-lab')
  .description('Train recurrent networks on a text file or on generated tasks, and let them write.')
  .version(packageJson.version)
  .showHelpAfterError('(run with --help for all options)')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? ExitCode.ok : ExitCode.badInput))
  .addHelpText(
    'after',
    `
Environment:
  SEQUENCE_LAB_HOME              folder of the runs, backend choices and native TensorFlow (default: ~/.sequence-lab)
  SEQUENCE_LAB_TENSORFLOW_PATH   folder of an installed @tensorflow/tfjs-node
  SEQUENCE_LAB_WIDE_SIMD         0 leaves V8's experimental 256-bit vectors off (backend wasm)

Exit codes:
  0  done
  1  something went wrong that the message names
  2  bad input: options, configuration, file or run
  3  the run diverged; its last good weights are kept
  130  interrupted; what was trained is kept and can be resumed`,
  );

program
  .command('train')
  .description(
    'Train a language model on a text file, train for the task that a configuration names, or go on with a run.',
  )
  .argument('[file]', 'text to train on; none for a task that generates its data')
  .option('--config <file>', 'configuration (*.sequence-lab.json)')
  .option(
    '--set <field=value>',
    'set one field of the configuration, such as model.units=128; may be repeated',
    collect,
    [],
  )
  .addOption(
    new Option('--steps <n>', 'end after so many steps; with --resume the total')
      .argParser(positiveInteger)
      .conflicts('seconds'),
  )
  .option('--seconds <n>', 'end after so many seconds of training; with --resume the total', positiveNumber)
  .option(
    '--backend <name>',
    'compute backend: auto, wasm, tensorflow, webgpu or reference; with --resume another than before',
  )
  .option('--resume <run>', 'go on with a run from its last checkpoint (its folder, or its id in the run store)')
  .option('--out <folder>', 'folder of the new run (default: a new one in the run store)')
  .option('--json', 'print one JSON object a line for every event', false)
  .action(async (file: string | undefined, options: TrainFlags) => {
    const { train } = await import('./cli/train.ts');
    process.exitCode = await train(file, options);
  });

program
  .command('generate')
  .description("Continue a text with a run's model.")
  .argument('<run>', "the run's folder, or its id in the run store")
  .option('--prompt <text>', 'text to continue; how each text begins, where there are labels', '')
  .option('--label <name>', 'what to write, for a run that was trained with labels (default: each of them in turn)')
  .option('--length <n>', 'characters to write', positiveInteger, 500)
  .option('--temperature <t>', '0 takes the likeliest character, 1 samples the model as it is', nonNegativeNumber, 0.8)
  .option('--seed <n>', 'seed of the sampling', nonNegativeInteger, 1)
  .action(
    async (
      run: string,
      options: { prompt: string; label?: string; length: number; temperature: number; seed: number },
    ) => {
      const { generateText } = await import('./cli/generate.ts');
      await generateText(run, options);
    },
  );

program
  .command('translate')
  .description(
    "Turn a text, or each line of a file or of the standard input, into what a run's model of sequence to sequence makes of it.",
  )
  .argument('<run>', "the run's folder, or its id in the run store")
  .argument('[file]', 'texts, one a line (default: the standard input)')
  .option('--text <text>', 'translate this text')
  .action(async (run: string, file: string | undefined, options: { text?: string }) => {
    const { translateTexts } = await import('./cli/translate.ts');
    await translateTexts(run, file, options);
  });

program
  .command('evaluate')
  .description("Score data under a run's model, or a table of texts and labels under the bundled model of sentiment.")
  .argument('<run>', `the run's folder, or its id in the run store; or "sentiment"`)
  .argument(
    '<file>',
    'what to score, of the kind that the run was trained on; for sentiment a table (CSV, TSV or JSON Lines)',
  )
  .option('--predictions <out>', 'write the answer to every row there; of classes label, tab and probability')
  .option('--text-column <name>', 'column of the texts in a table, by its name or number (default: the longest cells)')
  .option('--label-column <name>', 'column of the labels (default: the fewest different cells)')
  .option('--json', 'print one JSON object', false)
  .action(async (run: string, file: string, options: EvaluateFlags) => {
    if (run === 'sentiment') {
      const { evaluateSentiment } = await import('./cli/sentiment.ts');
      return evaluateSentiment(file, options);
    }
    const { evaluateFile } = await import('./cli/evaluate.ts');
    await evaluateFile(run, file, options);
  });

program
  .command('classify')
  .description(
    'Classify a text, or each line of a file or of the standard input: its sentiment, or what a run was trained to tell.',
  )
  .argument('[file]', 'texts, one a line (default: the standard input)')
  .option('--text <text>', 'classify this text')
  .option('--model <file>', 'a run that was trained to classify, or "sentiment" for the bundled model', 'sentiment')
  .option('--explain', 'say what each word contributes, and the opinion after each word', false)
  .option('--json', 'print one JSON object a text', false)
  .action(async (file: string | undefined, options: ClassifyFlags) => {
    const { classify } = await import('./cli/sentiment.ts');
    await classify(file, options);
  });

program
  .command('inspect')
  .description(
    'Look at a data set before training: columns, labels, lengths, unknown words, repetitions, and what training would do.',
  )
  .argument('<file>', 'a table (CSV, TSV, JSON Lines), tagged sentences (CoNLL), a folder of texts, or a plain text')
  .option(
    '--roles <list>',
    'what each column is: text, label, source, target, word, tag or unused, with commas between',
  )
  .option('--validation <file>', 'file to validate on (default: the one beside a "train" file, else a share)')
  .option('--json', 'print one JSON object', false)
  .action(async (file: string, options: InspectFlags) => {
    const { inspect } = await import('./cli/inspect.ts');
    await inspect(file, options);
  });

program
  .command('probe')
  .description('Measure gradient flow and gates of a run, and say what is wrong with them.')
  .argument('<run>', "the run's folder, or its id in the run store")
  .option('--text <file>', "probe on the first 500 characters of this text, in place of the run's probe batch")
  .option('--json', 'print one JSON object', false)
  .action(async (run: string, options: { text?: string; json: boolean }) => {
    const { printProbe } = await import('./cli/probe.ts');
    await printProbe(run, options);
  });

program
  .command('backends')
  .description('List the compute backends: whether each loads or why not, its device and thread count.')
  .option('--json', 'print a JSON array', false)
  .action(async (options: { json: boolean }) => {
    const { printBackends } = await import('./cli/backends.ts');
    await printBackends(options);
  });

const native = program
  .command('native')
  .description('Native TensorFlow (the backend "tensorflow"), which the package does not bring along.');

native
  .command('install')
  .description('Install it into the folder native/ of the home, with npm, and train on it to prove that it works.')
  .option('--gpu', 'the package for NVIDIA GPUs (CUDA)', false)
  .option(
    '--from-wheel [wheel]',
    "take TensorFlow's library out of a Python wheel (tensorflow-cpu, or tensorflow for a GPU), which pip fetches if none is named",
  )
  .action(async (options: InstallFlags) => {
    const { installNativeTensorflow } = await import('./cli/native.ts');
    await installNativeTensorflow(options);
  });

native
  .command('status')
  .description('Train on the one that is found, and say which it is.')
  .option('--json', 'print one JSON object', false)
  .action(async (options: { json: boolean }) => {
    const { printNativeStatus } = await import('./cli/native.ts');
    await printNativeStatus(options);
  });

native
  .command('remove')
  .description('Remove what "native install" installed.')
  .action(async () => {
    const { removeNativeTensorflow } = await import('./cli/native.ts');
    await removeNativeTensorflow();
  });

program
  .command('bench')
  .description(
    'Time whole training steps on every backend, beside the stock layers of TensorFlow.js and, where there is one, PyTorch.',
  )
  .addOption(new Option('--cell <name>', 'recurrent cell').choices(CELL_NAMES).default(CELL_NAMES[0]))
  .option('--torch <python>', 'a Python with PyTorch, to be timed in the same run')
  .option('--only <T,B,H,V>', 'one shape: time steps, sequences, hidden units, classes', stepSizes)
  .option('--threads <n>', 'threads of every contender (default: one for each processor)', positiveInteger)
  .option('--probes', 'time probes of gradients and gates beside the training steps between them', false)
  .option(
    '--gpu',
    'check every kernel on WebGPU, and time it and whole steps on the GPU, beside PyTorch on CUDA',
    false,
  )
  .option('--quick', 'leave out what takes long: native TensorFlow and the reference', false)
  .option('--json', 'print one JSON array', false)
  .action(
    async ({
      probes,
      gpu,
      ...options
    }: BenchOptions & { readonly json: boolean; readonly probes: boolean; readonly gpu: boolean }) => {
      if (gpu) {
        const { printGpuBench } = await import('./cli/gpuBench.ts');
        process.exitCode = await printGpuBench(options);
        return undefined;
      }
      if (probes) {
        const { printProbeBench } = await import('./cli/probeBench.ts');
        return printProbeBench(options);
      }
      const { printBench } = await import('./cli/printBench.ts');
      await printBench(options);
    },
  );

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function stepSizes(text: string): BenchOptions['only'] {
  const [T = 0, B = 0, H = 0, V = 0, ...rest] = text.split(',').map(positiveInteger);
  if (V === 0 || rest.length > 0) throw new InvalidArgumentError('Allowed are four numbers, such as 64,32,128,65.');
  return { T, B, H, V };
}

function positiveInteger(text: string): number {
  return parseNumber(text, 'a whole number of at least 1', (value) => Number.isSafeInteger(value) && value >= 1);
}

function nonNegativeInteger(text: string): number {
  return parseNumber(text, 'a whole number of at least 0', (value) => Number.isSafeInteger(value) && value >= 0);
}

function positiveNumber(text: string): number {
  return parseNumber(text, 'a number above 0', (value) => Number.isFinite(value) && value > 0);
}

function nonNegativeNumber(text: string): number {
  return parseNumber(text, 'a number of at least 0', (value) => Number.isFinite(value) && value >= 0);
}

function parseNumber(text: string, allowed: string, isAllowed: (value: number) => boolean): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!isAllowed(value)) throw new InvalidArgumentError(`Allowed is ${allowed}.`);
  return value;
}

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = exitCodeOf(error);
});
