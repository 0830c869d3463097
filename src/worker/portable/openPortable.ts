import type { TaskName } from '../../config/task.ts';
import { RecurrentClassifier } from '../../models/recurrentClassifier.ts';
import {
  savedConditionedModel,
  savedEncoderDecoder,
  savedLanguageModel,
  savedSequenceModel,
  savedStepwiseModel,
} from '../../models/savedModels.ts';
import { phrase } from '../../phrases/phrase.ts';
import { UnusableError } from '../../phrases/causes.ts';
import type { RunRecord } from '../../runs/record.ts';
import { openChecked } from '../openStored.ts';
import { loadClassifier } from '../tasks/classification/savedClassifier.ts';
import { loadTagger } from '../tasks/tagging/savedTagger.ts';
import { readModelFiles } from '../trainedModel.ts';
import {
  portableClassifier,
  portableConditionedModel,
  portableEncoderDecoder,
  portableLanguageModel,
  type PortableNetwork,
  portableSequenceModel,
  portableStepwiseModel,
  portableTagger,
} from './portableNetwork.ts';

type Open = (folder: string) => Promise<PortableNetwork | undefined>;

const sequence: Open = async (folder) => portableSequenceModel(savedSequenceModel.load(await readModelFiles(folder)));
const stepwise: Open = async (folder) => portableStepwiseModel(savedStepwiseModel.load(await readModelFiles(folder)));
const pairs: Open = async (folder) => portableEncoderDecoder(savedEncoderDecoder.load(await readModelFiles(folder)));

/** Opens the network of a run of each task; undefined for families without recurrent layers. */
const NETWORKS: Readonly<Record<TaskName, Open>> = {
  'language-model': async (folder) => portableLanguageModel(savedLanguageModel.load(await readModelFiles(folder))),
  async classification(folder) {
    const { network, answers } = await loadClassifier(folder);
    if (!(network instanceof RecurrentClassifier)) return undefined;
    return portableClassifier(network, answers.thresholds !== undefined);
  },
  async tagging(folder) {
    const saved = await loadTagger(folder);
    return saved.family === 'recurrent' ? portableTagger(saved.model) : undefined;
  },
  'sequence-to-sequence': pairs,
  dates: pairs,
  reversing: pairs,
  forecasting: sequence,
  'temporal-order': sequence,
  adding: sequence,
  recall: sequence,
  copying: stepwise,
  counting: stepwise,
  'conditioned-generation': async (folder) =>
    portableConditionedModel(savedConditionedModel.load(await readModelFiles(folder))),
};

/**
 * The network of a stored run, on the current backend.
 * @throws DamagedRunError if a file of the model differs from its hash
 * @throws UnusableError for a family without recurrent layers
 */
export async function openPortable(folder: string, { config }: RunRecord): Promise<PortableNetwork> {
  const network = await openChecked(folder, async () => NETWORKS[config.task.name](folder));
  if (network) return network;
  throw new UnusableError(
    phrase('A model of the family "{0}" cannot be exported: it has no recurrent layers.', config.model.family),
  );
}
