import { Command, InvalidArgumentError, Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import type { BenchOptions } from './bench.ts';
import { CELL_NAMES } from '../config/cells.ts';
import { MODEL_EXTENSION_LIST, PORTABLE_FORMATS } from '../config/portableFormats.ts';
import { IMPORTED_KINDS } from '../config/recognitionChoices.ts';
import type { MarkFlags } from './annotate.ts';
import type { CompareFlags } from './compare.ts';
import { endWithReader } from './endWithReader.ts';
import { ExitCode, exitCodeOf, UsageError } from './exitCodes.ts';
import { CONTENTS, EXPORT_FORMATS, type ExportFlags, exportRuns } from './export.ts';
import { showControls } from './terminal.ts';
import type { ClassifyFlags, EvaluateFlags } from './sentiment.ts';
import type { ForecastFlags } from './forecast.ts';
import type { GenerateFlags } from './generate.ts';
import type { ImportFlags } from './import.ts';
import type { InspectFlags } from './inspect.ts';
import type { InstallFlags } from './native.ts';
import type { McpFlags } from './mcp/mcp.ts';
import type { RemoveFlags } from './remove.ts';
import type { ArchiveFlags } from './runArchive.ts';
import type { RunsFlags } from './runs.ts';
import type { SweepFlags } from './sweep/sweep.ts';
import type { TrainFlags } from './train.ts';
import type { VerifyFlags } from './verify.ts';
import { defaultRequest, MAX_BEAM, MAX_SAMPLES } from '../protocol/generation.ts';
import { textOf, UnusableError } from '../phrases/causes.ts';
import { say } from '../phrases/phrase.ts';

/** The command line: training and inference without VS Code. Commands import their code lazily, so that --help is fast. */

const program = new Command('sequence-lab')
  .description('Train recurrent networks on text files, data sets and generated tasks, and use the trained models.')
  .version(packageJson.version)
  .enablePositionalOptions()
  .showHelpAfterError('(run with --help for all options)')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? ExitCode.ok : ExitCode.badInput))
  .addHelpText(
    'after',
    `
Environment:
  SEQUENCE_LAB_HOME              folder of runs, backend choices and native TensorFlow (default: ~/.sequence-lab)
  SEQUENCE_LAB_TENSORFLOW_PATH   folder of an installed @tensorflow/tfjs-node
  SEQUENCE_LAB_WIDE_SIMD         0 disables V8's experimental 256-bit vectors (backend wasm)

Exit codes:
  0    success
  1    failure; the message names the cause. verify: the run is not equal to its record
  2    bad input: options, configuration, file or run
  3    the run diverged; its last finite weights are kept
  130  interrupted, or its terminal was closed; a run is kept and can be resumed
  141  the reader of the output, such as head, has closed it, or the output of a run cannot be written; a run is kept
       and can be resumed`,
  );

program
  .command('train')
  .description(
    'Train a language model on a text file or the documents of a folder, train the task of a configuration, or resume a run.',
  )
  .argument(
    '[file]',
    'training data: a file, a folder, or a quoted path with wildcards ("src/**/*.md"); omit it if the task generates its data or the configuration names it',
  )
  .option('--config <file>', 'configuration (*.sequence-lab.json)')
  .option('--set <field=value>', 'set a field of the configuration, such as model.units=128; repeatable', collect, [])
  .addOption(
    new Option('--steps <n>', 'number of steps; with --resume, the total')
      .argParser(positiveInteger)
      .conflicts('seconds'),
  )
  .option('--seconds <n>', 'seconds of training; with --resume, the total', positiveNumber)
  .addOption(
    new Option(
      '--range-test',
      'train a learning rate range test instead: a run of 200 steps (or --steps) whose learning rate grows from 0.00001 to 10 (or --set training.lastLearningRate), and print the loss by rate. --set and --config change what is tested; the schedule, the first rate and the limits are those of the test',
    )
      .default(false)
      .conflicts('seconds'),
  )
  .option(
    '--backend <name>',
    'compute backend: auto, wasm, tensorflow, webgpu or reference; with --resume, switches the run to it',
  )
  .option('--resume <run>', 'resume a run from its last checkpoint (its folder, or its id in the run store)')
  .option(
    '--from <run>',
    'with a file: begin with the weights and the configuration of a run; without: repeat the run from its first step, with the same data and backend, and compare each step with it, or, with --set, --steps, --seconds or --backend, start a new run with its data and configuration',
  )
  .addOption(
    new Option(
      '--vocabulary <what>',
      'with a file and --from: extend the vocabulary of a language model by the new tokens of the file (default), or keep it',
    ).choices(['extend', 'keep']),
  )
  .option('--out <folder>', 'folder of the new run (default: a new folder in the run store)')
  .option(
    '--tensorboard [folder]',
    "write TensorBoard events while the run trains, in a folder of the run's id (default: tensorboard in the run's folder)",
  )
  .option('--json', 'print every event as one line of JSON', false)
  .action(async (file: string | undefined, options: TrainFlags) => {
    const { train } = await import('./train.ts');
    process.exitCode = await train(file, options);
  });

program
  .command('trial', { hidden: true })
  .description('Train one trial of a sweep, as a job of a cluster does.')
  .argument('<folder>', 'folder of the sweep')
  .argument('<item>', 'number of the trial and its steps, such as 3-500')
  .action(async (folder: string, item: string) => {
    const { trainTrial } = await import('./sweep/trainTrial.ts');
    process.exitCode = await trainTrial(folder, item);
  });

program
  .command('sweep')
  .description(
    'Train the trials of a sweep: a configuration with several values of its fields. Exit code 0: every trial has ended; 1: some failed.',
  )
  .argument('<file>', 'sweep (*.sequence-lab-sweep.json)')
  .option(
    '--workers <n>',
    'number of trials that train at a time, which share the processors (default: one per processor)',
    positiveInteger,
  )
  .option('--resume', 'go on with the last sweep of the file: trials that have ended do not run again', false)
  .option('--dry-run', 'list the trials and train none', false)
  .option('--slurm', 'train the trials as jobs of a Slurm cluster, which go on if this command ends', false)
  .option('--cancel', 'cancel the jobs of the last sweep of the file', false)
  .option('--partition <name>', 'with --slurm: partition of the jobs')
  .option('--time <limit>', 'with --slurm: time limit of a job, such as 1:30:00; a trial goes on in the next job')
  .option('--mem <size>', 'with --slurm: memory of a job, such as 4G')
  .option('--gpus <n>', 'with --slurm: GPUs of a job, such as 1 or a100:1')
  .option('--cpus <n>', 'with --slurm: processors of a job, and threads of a trial (default: 1)', positiveInteger)
  .option('--account <name>', 'with --slurm: account of the jobs')
  .option('--constraint <features>', 'with --slurm: features that the nodes must have')
  .option('--at-once <n>', 'with --slurm: most jobs of an array that run at the same time', positiveInteger)
  .option('--trials-per-task <n>', 'with --slurm: trials that a job trains one after the other', positiveInteger)
  .option(
    '--sbatch <option>',
    'with --slurm: further option of sbatch, such as --sbatch=--qos=long; repeatable',
    collect,
    [],
  )
  .option(
    '--setup <line>',
    "with --slurm: line of bash that a job runs first, such as 'module load nodejs'; repeatable",
    collect,
    [],
  )
  .option('--node <program>', 'with --slurm: program of Node.js on the nodes (default: the one that runs this command)')
  .option('--json', 'print each event as one line of JSON', false)
  .action(async (file: string, options: SweepFlags) => {
    const { sweep } = await import('./sweep/sweep.ts');
    process.exitCode = await sweep(file, options);
  });

program
  .command('verify')
  .description(
    'Train a run again in memory, and compare each step, validation, checkpoint and saved model bit for bit with its record. Exit code 0: equal; 1: not, with the first difference.',
  )
  .argument('<run>', "the run's folder, or its id in the run store")
  .option('--steps <n>', 'number of steps to replay (default: all)', positiveInteger)
  .option(
    '--from-step <n>',
    'begin with the stored checkpoint of this step; 0: with the initial weights',
    nonNegativeInteger,
    0,
  )
  .option('--json', 'print one JSON object', false)
  .action(async (run: string, options: VerifyFlags) => {
    const { verify } = await import('./verify.ts');
    process.exitCode = await verify(run, options);
  });

program
  .command('restore')
  .description('Restore the damaged or missing model of a run from its newest whole checkpoint.')
  .argument('<run>', "the run's folder, or its id in the run store")
  .action(async (run: string) => {
    const { restore } = await import('./restore.ts');
    await restore(run);
  });

program
  .command('generate')
  .description('Generate text with the model of a run.')
  .argument('<run>', "the run's folder, or its id in the run store")
  .option('--prompt <text>', 'text to continue; with labels, the beginning of each text', '')
  .option('--label <name>', 'label to generate for, if the run was trained with labels (default: each label in turn)')
  .option(
    '--length <n>',
    'number of characters, or of words if the model reads words',
    positiveInteger,
    defaultRequest.length,
  )
  .option(
    '--temperature <t>',
    'sampling temperature; 0 always takes the most likely character or word',
    nonNegativeNumber,
    defaultRequest.temperature,
  )
  .option(
    '--top-k <n>',
    'number of most likely characters or words to draw from; 0: all',
    nonNegativeInteger,
    defaultRequest.topK,
  )
  .option(
    '--top-p <p>',
    'draw from the most likely ones whose probabilities add up to at least this',
    share,
    defaultRequest.topP,
  )
  .option(
    '--min-p <p>',
    'draw from those that are at least this fraction as likely as the most likely one',
    fraction,
    defaultRequest.minP,
  )
  .option(
    '--repetition-penalty <x>',
    'makes the last 64 characters or words less likely to be repeated; 1: off',
    penalty,
    defaultRequest.repetitionPenalty,
  )
  .option(
    '--stop <text>',
    'ends a text before this string, in which \\n is a line break; can be repeated',
    (text: string, others: readonly string[]) => [...others, text],
    [],
  )
  .option('--samples <n>', 'number of texts that continue the prompt', sampleCount, defaultRequest.samples)
  .addOption(
    new Option('--beam <n>', 'beam width: lists the most likely texts, without drawing; 1: off')
      .argParser(beamWidth)
      .default(defaultRequest.beam)
      .conflicts('samples'),
  )
  .option('--seed <n>', 'random seed of the sampling', nonNegativeInteger, defaultRequest.seed)
  .option('--json', 'print an object per text, with the probabilities of each character or word', false)
  .action(async (run: string, options: GenerateFlags) => {
    const { generateText } = await import('./generate.ts');
    await generateText(run, options);
  });

program
  .command('translate')
  .description(
    'Translate a text, or each line of a file or of standard input, with the sequence-to-sequence model of a run.',
  )
  .argument('<run>', "the run's folder, or its id in the run store")
  .argument('[file]', 'texts, one per line (default: standard input)')
  .option('--text <text>', 'translate this text')
  .action(async (run: string, file: string | undefined, options: { text?: string }) => {
    const { translateTexts } = await import('./translate.ts');
    await translateTexts(run, file, options);
  });

program
  .command('evaluate')
  .description('Score data with the model of a run, or a table of texts and labels with the bundled sentiment model.')
  .argument('<run>', `the run's folder, or its id in the run store; or "sentiment"`)
  .argument('<file>', 'data of the kind that the run was trained on; for sentiment, a table (CSV, TSV or JSON Lines)')
  .option('--predictions <out>', 'file for the prediction of every row; for classes: label, tab, probability')
  .option(
    '--text-column <name>',
    'text column of a table, by name or number (default: the column with the longest cells)',
  )
  .option('--label-column <name>', 'label column (default: the column with the fewest distinct cells)')
  .option(
    '--streams <n>',
    'number of parallel parts in which a language model reads the text, each from a zero state; 1 carries the state through the whole text (default: up to training.batchSize, of at least 1024 tokens each)',
    positiveInteger,
  )
  .option(
    '--set <field=value>',
    'set how the file is read, such as data.delimiter=tab or data.encoding=gb18030; repeatable',
    collect,
    [],
  )
  .option('--json', 'print one JSON object', false)
  .action(async (run: string, file: string, options: EvaluateFlags) => {
    if (run === 'sentiment') {
      const { evaluateSentiment } = await import('./sentiment.ts');
      return evaluateSentiment(file, options);
    }
    const { evaluateFile } = await import('./evaluate.ts');
    await evaluateFile(run, file, options);
  });

program
  .command('forecast')
  .description('Forecast the steps after the last row of a series with the model of a run.')
  .argument('<run>', "the run's folder, or its id in the run store")
  .argument('[file]', 'series of the kind that the run was trained on (default: the data of the run)')
  .option('--horizon <n>', 'number of steps (default: as many as the model was trained for)', positiveInteger)
  .option(
    '--back-test',
    'also forecast after earlier rows, one horizon apart, and compare with the true values; of the data of the run, in its validation part',
    false,
  )
  .option(
    '--set <field=value>',
    'set how the file is read, such as data.delimiter=tab or data.decimal=,; repeatable',
    collect,
    [],
  )
  .addOption(new Option('--csv', 'print comma-separated values').default(false).conflicts('json'))
  .option('--json', 'print one JSON object', false)
  .action(async (run: string, file: string | undefined, options: ForecastFlags) => {
    const { forecastSeries } = await import('./forecast.ts');
    await forecastSeries(run, file, options);
  });

program
  .command('classify')
  .description(
    'Classify a text, or each line of a file or of standard input, with the bundled sentiment model or with a run.',
  )
  .argument('[file]', 'texts, one per line (default: standard input)')
  .option('--text <text>', 'classify this text')
  .option('--model <file>', 'run of a classifier, or "sentiment" for the bundled model', 'sentiment')
  .option(
    '--explain',
    'print the contribution of each word to the log odds, their sum, and the prediction after each word',
    false,
  )
  .option('--set <field=value>', 'set how the file is read: data.encoding, such as data.encoding=gb18030', collect, [])
  .option('--json', 'print one JSON object per text', false)
  .action(async (file: string | undefined, options: ClassifyFlags) => {
    const { classify } = await import('./sentiment.ts');
    await classify(file, options);
  });

program
  .command('inspect')
  .description(
    'Inspect a data set before training: columns, labels, lengths, unknown words, duplicates, and the run that fits.',
  )
  .argument(
    '<file>',
    'a table (CSV, TSV, JSON Lines), tagged sentences (CoNLL), a folder of texts, a quoted path with wildcards, or a plain text',
  )
  .option(
    '--roles <list>',
    'role of each column, separated by commas: text, label, source, target, word, tag, time, value, group or unused; of a series, value is read, and target is read and forecast',
  )
  .option('--validation <file>', 'validation file (default: the one next to a "train" file, else a held-out part)')
  .option(
    '--set <field=value>',
    'set how the file is read, such as data.delimiter=tab or data.encoding=gb18030; repeatable',
    collect,
    [],
  )
  .option('--json', 'print one JSON object', false)
  .action(async (file: string, options: InspectFlags) => {
    const { inspect } = await import('./inspect.ts');
    await inspect(file, options);
  });

program
  .command('probe')
  .description('Measure gradient flow and gate activations of a run, and print a verdict.')
  .argument('<run>', "the run's folder, or its id in the run store")
  .option(
    '--text <file>',
    'probe the beginning of this text (at most 500 tokens) instead of sequences spread over the validation part',
  )
  .option(
    '--carried',
    'start each sequence from the state carried over the text before it, not from the zero state',
    false,
  )
  .option('--json', 'print one JSON object', false)
  .action(async (run: string, options: { text?: string; carried: boolean; json: boolean }) => {
    const { printProbe } = await import('./probe.ts');
    await printProbe(run, options);
  });

const exportCommand = program
  .command('export')
  .description('Export curves, results, probes and gates of runs as a file, or the model of a run, for other programs.')
  .argument('[run...]', 'runs: their folders, or their ids in the run store; or one report (*.sequence-lab.md)');
for (const [name, { about }] of Object.entries(EXPORT_FORMATS)) exportCommand.option(`--${name}`, about, false);
exportCommand
  .option('--all', 'export all runs of the run store', false)
  .option('--filter <expression>', "export the runs that match, such as 'cell = gru and best < 1.6'")
  .addOption(new Option('--what <content>', 'content (default: curves; with --npz, probes)').choices(CONTENTS))
  .option(
    '--text <file>',
    "with --npz --what gates: text that the model reads (default: the end of the run's validation text)",
  )
  .addOption(
    new Option('--to <format>', 'write the model of one run into a folder, for PyTorch or onnxruntime').choices(
      PORTABLE_FORMATS,
    ),
  )
  .option('--live', 'with --html: the page also runs the model of the run on texts that its reader types', false)
  .requiredOption(
    '--out <file>',
    'file to write; its extension chooses the format; with --tensorboard and --to, a folder',
  )
  .option('--force', 'replace an existing file', false)
  .action(async (runs: string[], options: ExportFlags) => exportRuns(runs, options));

program
  .command('import')
  .description(
    'Import a model of PyTorch (safetensors, or a state_dict of torch.save), Keras, ONNX or TensorFlow.js (a LayersModel), or an export of any run, as a run.',
  )
  .argument('<file>', `model: ${MODEL_EXTENSION_LIST} (model.json of a LayersModel)`)
  .option(
    '--vocabulary <file>',
    'tokens by id: a JSON list or object, tokenizer.json, or a text with a token in each line (default: vocabulary.json, vocab.json, tokenizer.json or vocab.txt next to the weights)',
  )
  .option(
    '--target-vocabulary <file>',
    'tokens that a decoder writes (default: target-vocabulary.json next to the weights, or the tokens that it reads)',
  )
  .option('--labels <list>', 'names of the classes or tags in the order of the outputs, separated by commas, or @FILE')
  .option('--columns <list>', 'names of the columns that a forecaster reads, or @FILE (default: 1, 2, 3, ...)')
  .option(
    '--targets <list>',
    'names of the columns that it forecasts (default: the last, or all if it has as many outputs)',
  )
  .option('--window <steps>', 'steps that a forecaster reads (default: 24)', positiveInteger)
  .addOption(
    new Option('--kind <kind>', 'what the model is for, where its weights fit several kinds').choices(IMPORTED_KINDS),
  )
  .option('--recurrent <module>', 'module of the recurrent layers, if there are several')
  .option('--output <module>', 'module of the output layer, if several fit')
  .addOption(new Option('--activation <name>', 'activation of an nn.RNN (default: tanh)').choices(['tanh', 'relu']))
  .addOption(
    new Option('--pooling <kind>', 'how a classifier reads its hidden states (default: last)').choices([
      'last',
      'mean',
      'max',
    ]),
  )
  .option('--out <folder>', 'folder of the run (default: a new one in the run store)')
  .option('--json', 'print one JSON object', false)
  .action(async (file: string, options: ImportFlags) => {
    const { importModel } = await import('./import.ts');
    await importModel(file, options);
  });

const runsCommand = program
  .command('runs')
  // Options after the name of a command below are those of that command.
  .enablePositionalOptions()
  .description('List the runs of the run store, as a table or as one JSON object a line.')
  .option(
    '--filter <expression>',
    "only these runs: fields with = != < <= > >= ~ (contains), in (...), is missing, joined by and, or, not; other words are searched for in names, data, tags and notes. Example: 'cell = gru and best < 1.6'",
  )
  .option('--sort <field>', 'sort by a field, or with a minus (-best) in descending order; repeatable', collect, [])
  .option('--group <field>', 'one line per value of a field, with means and standard deviations; "setup": over seeds')
  .option('--columns <list>', 'fields to print, separated by commas')
  .option('--archived', 'include archived runs', false)
  .option('--json', 'print one JSON object a line', false)
  .action(async (options: RunsFlags) => {
    const { printRuns } = await import('./runs.ts');
    await printRuns(options);
  });

runsCommand
  .command('export')
  .description(
    'Write whole runs into a ZIP archive, from which another run store can take them. A run in training is written up to its last checkpoint.',
  )
  .argument('[run...]', 'folders, ids, beginnings of ids, or names of runs')
  .option('--all', 'all runs of the run store', false)
  .option('--filter <expression>', "the runs that match, such as 'cell = gru and best < 1.6'")
  .requiredOption('--out <file>', 'archive to write, such as runs.zip')
  .option('--force', 'replace an existing file', false)
  .option('--json', 'print one JSON object', false)
  .action(async (runs: string[], options: ArchiveFlags) => {
    const { exportArchive } = await import('./runArchive.ts');
    process.exitCode = await exportArchive(runs, options);
  });

runsCommand
  .command('import')
  .description(
    'Take the runs of a ZIP archive into the run store. A run that the store has is skipped, one whose id another run has gets a new id, and a damaged one is refused.',
  )
  .argument('<file>', 'archive that "runs export" or the extension wrote')
  .option('--json', 'print one JSON object', false)
  .action(async (file: string, options: { json: boolean }) => {
    const { importArchive } = await import('./runArchive.ts');
    process.exitCode = await importArchive(file, options);
  });

runsCommand
  .command('space')
  .description(
    'List the sizes of the runs of the run store, of those in the trash and of copies of data that no run uses, the largest first.',
  )
  .option('--json', 'print one JSON object a line', false)
  .action(async (options: { json: boolean }) => {
    const { printSpace } = await import('./space.ts');
    await printSpace(options);
  });

program
  .command('compare')
  .description(
    'Compare runs: the fields in which they differ, their losses, and a plot of their validation losses. Of two runs, also their data, versions and machines, and the first step at which their numbers differ.',
  )
  .argument(
    '<runs...>',
    'folders, ids, beginnings of ids, or names of at least two runs; two checkpoints as RUN@STEP or RUN@last',
  )
  .option(
    '--read [text]',
    'two checkpoints: let both read a text, and write (default text: the end of the text of the first run)',
  )
  .option(
    '--length <n>',
    'characters or words that a checkpoint writes after the text; 0: none',
    nonNegativeInteger,
    200,
  )
  .option('--temperature <t>', 'sampling temperature of the written text', nonNegativeNumber, 0.8)
  .option('--seed <n>', 'seed of the written text, the same for both checkpoints', nonNegativeInteger, 1)
  .option('--json', 'print one JSON object', false)
  .action(async (runs: string[], options: CompareFlags) => {
    const { compareRuns } = await import('./compare.ts');
    await compareRuns(runs, options);
  });

program
  .command('note')
  .description('Print the note of a run, or set it.')
  .argument('<run>', 'folder, id, beginning of the id, or name of the run')
  .argument('[text]', 'the new note, in Markdown; an empty text removes it')
  .option('--append', 'add a paragraph to the note instead of replacing it', false)
  .option('--file <file>', 'read the text from a file')
  .action(async (run: string, text: string | undefined, options: { append: boolean; file?: string }) => {
    const { printOrSetNote } = await import('./annotate.ts');
    await printOrSetNote(run, text, options);
  });

program
  .command('tag')
  .description('Add and remove tags of runs, and print their tags.')
  .argument('<runs...>', 'folders, ids, beginnings of ids, or names of runs')
  .option('--add <tag>', 'tag to add; repeatable', collect, [])
  .option('--remove <tag>', 'tag to remove; repeatable', collect, [])
  .action(async (runs: string[], options: { add: string[]; remove: string[] }) => {
    const { tagRuns } = await import('./annotate.ts');
    await tagRuns(runs, options);
  });

program
  .command('mark')
  .description('Star, name, color and archive runs, and print their marks.')
  .argument('<runs...>', 'folders, ids, beginnings of ids, or names of runs')
  .option('--star', 'star the runs')
  .option('--no-star', 'remove the stars')
  .option('--name <name>', 'name of one run in place of its label; an empty one gives the label back')
  .option('--color <color>', 'color as #rrggbb or the number of one of the colors 0 to 11; none: the color of the id')
  .option('--archive', 'archive the runs: lists omit them')
  .option('--no-archive', 'list the runs again')
  .option('--json', 'print one JSON object a line', false)
  .action(async (runs: string[], options: MarkFlags) => {
    const { markRuns } = await import('./annotate.ts');
    await markRuns(runs, options);
  });

program
  .command('rm')
  .description('Move runs into the trash of the run store, restore them, or empty the trash.')
  .argument('[runs...]', 'ids, beginnings of ids, or names of runs')
  .option('--undo', 'restore runs from the trash; without an id, the one that was deleted last', false)
  .option('--empty', 'delete all runs in the trash permanently', false)
  .action(async (runs: string[], options: RemoveFlags) => {
    const { removeRuns } = await import('./remove.ts');
    await removeRuns(runs, options);
  });

program
  .command('mcp')
  .description(
    'Serve tools for agents over standard input and output (Model Context Protocol): list, compare and start runs, inspect data, read gates. No port is opened.',
  )
  .option(
    '--workspace <folder>',
    'folder whose files agents may read and write; repeatable (default: the current folder)',
    collect,
    [],
  )
  .option('--untrusted', 'start nothing and change nothing, as in an untrusted workspace', false)
  .option('--without <tool>', 'tool that is not served; repeatable', collect, [])
  .action(async (options: McpFlags) => {
    const { serveTools } = await import('./mcp/mcp.ts');
    process.exitCode = await serveTools(options);
  });

program
  .command('backends')
  .description('List the compute backends with device and thread count, or the reason why one is not available.')
  .option('--json', 'print a JSON array', false)
  .action(async (options: { json: boolean }) => {
    const { printBackends } = await import('./backends.ts');
    await printBackends(options);
  });

const native = program
  .command('native')
  .description('Manage native TensorFlow (the backend "tensorflow"), which is not bundled.');

native
  .command('install')
  .description(
    'Install native TensorFlow with npm into the folder native/ of SEQUENCE_LAB_HOME, and verify it by training.',
  )
  .option('--gpu', 'install the package for NVIDIA GPUs (CUDA)', false)
  .option(
    '--from-wheel [wheel]',
    'take the TensorFlow library from a Python wheel (tensorflow-cpu, or tensorflow for a GPU); without a name, pip downloads it',
  )
  .action(async (options: InstallFlags) => {
    const { installNativeTensorflow } = await import('./native.ts');
    await installNativeTensorflow(options);
  });

native
  .command('status')
  .description('Verify the installed native TensorFlow by training, and print its version and device.')
  .option('--json', 'print one JSON object', false)
  .action(async (options: { json: boolean }) => {
    const { printNativeStatus } = await import('./native.ts');
    await printNativeStatus(options);
  });

native
  .command('remove')
  .description('Remove the native TensorFlow that "native install" installed.')
  .action(async () => {
    const { removeNativeTensorflow } = await import('./native.ts');
    await removeNativeTensorflow();
  });

program
  .command('bench')
  .description(
    'Time whole training steps on every backend, and compare with the stock layers of TensorFlow.js and with PyTorch.',
  )
  .addOption(new Option('--cell <name>', 'recurrent cell').choices(CELL_NAMES).default(CELL_NAMES[0]))
  .option('--torch <python>', 'Python program with PyTorch to time in the same run')
  .option('--only <T,B,H,V>', 'one shape: time steps, sequences, hidden units, classes', stepSizes)
  .option('--threads <n>', 'number of threads (default: one per processor)', positiveInteger)
  .option('--probes', 'time probes of gradients and gates instead, compared with training steps', false)
  .option(
    '--gpu',
    'verify and time every kernel on WebGPU, and time whole steps on the GPU, with PyTorch on CUDA for comparison',
    false,
  )
  .option('--quick', 'skip the slow contenders: native TensorFlow and the reference backend', false)
  .option('--json', 'print one JSON array', false)
  .option('--compare <file>', 'array that --json has printed before; adds the ratio of each time to its time there')
  .action(
    async ({
      probes,
      gpu,
      compare,
      ...options
    }: BenchOptions & {
      readonly json: boolean;
      readonly compare?: string;
      readonly probes: boolean;
      readonly gpu: boolean;
    }) => {
      if (compare !== undefined && (gpu || probes))
        throw new UsageError('--compare is for whole training steps. Remove it, or remove --gpu and --probes.');
      if (gpu) {
        const { printGpuBench } = await import('./gpuBench.ts');
        process.exitCode = await printGpuBench(options);
        return undefined;
      }
      if (probes) {
        const { printProbeBench } = await import('./probeBench.ts');
        return printProbeBench(options);
      }
      const { printBench } = await import('./printBench.ts');
      await printBench({ ...options, compare });
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

function fraction(text: string): number {
  return parseNumber(text, 'a number from 0 to 1', (value) => value >= 0 && value <= 1);
}

function share(text: string): number {
  return parseNumber(text, 'a number above 0 and up to 1', (value) => value > 0 && value <= 1);
}

function penalty(text: string): number {
  return parseNumber(text, 'a number from 0.1 to 10', (value) => value >= 0.1 && value <= 10);
}

function sampleCount(text: string): number {
  return parseNumber(text, `a whole number from 1 to ${MAX_SAMPLES}`, isCountUpTo(MAX_SAMPLES));
}

function beamWidth(text: string): number {
  return parseNumber(text, `a whole number from 1 to ${MAX_BEAM}`, isCountUpTo(MAX_BEAM));
}

function isCountUpTo(most: number): (value: number) => boolean {
  return (value) => Number.isSafeInteger(value) && value >= 1 && value <= most;
}

function parseNumber(text: string, allowed: string, isAllowed: (value: number) => boolean): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!isAllowed(value)) throw new InvalidArgumentError(`Allowed is ${allowed}.`);
  return value;
}

if (process.stdout.isTTY) showControls(process.stdout);
showControls(process.stderr);
process.stdout.on('error', endWithReader);
// Without a place for messages, a command goes on: its results and its exit code say the same.
process.stderr.on('error', () => undefined);

program.parseAsync().catch((error: unknown) => {
  const option = error instanceof UnusableError && error.option !== undefined ? ` (--${error.option})` : '';
  process.stderr.write(`${say(textOf(error))}${option}\n`);
  process.exitCode = exitCodeOf(error);
});
