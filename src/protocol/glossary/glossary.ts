import * as l10n from '@vscode/l10n';
import { type Source, sources } from './sources.ts';
import type { TermId } from './terms.ts';

/** A quantity on screen: what it is, and where it comes from. */
export interface GlossaryEntry {
  readonly title: () => string;
  /** Two sentences: what it is, and how to read it. */
  readonly text: () => string;
  /** Id of its formula in `webview/math/formulas.ts`; omitted for a quantity without one. */
  readonly formula?: string;
  readonly source: Source;
}

/** Every quantity that a page shows. The button "?" next to a quantity, and `docs/glossary.md`, read this table. */
export const glossary: Readonly<Record<TermId, GlossaryEntry>> = {
  loss: {
    title: () => l10n.t('Loss'),
    text: () =>
      l10n.t(
        'Mean cross-entropy of a prediction: the negative natural logarithm of the probability that the network gave to what followed, in nats (for numbers, the mean squared error). It is 0 for certainty, and ln V for a uniform guess among V tokens.',
      ),
    formula: 'crossEntropy',
    source: sources.graves,
  },
  bits: {
    title: () => l10n.t('Bits per token'),
    text: () =>
      l10n.t(
        'The loss with logarithms to base 2: the number of bits that a code based on the predictions needs per character or word. One nat is 1.44 bits.',
      ),
    formula: 'bitsPerToken',
    source: sources.shannon,
  },
  perplexity: {
    title: () => l10n.t('Perplexity'),
    text: () =>
      l10n.t(
        'The exponential of the loss in nats: the number of equally likely tokens among which the network would be as uncertain. A perplexity of 1 is certainty, and that of a uniform guess is the size of the vocabulary.',
      ),
    formula: 'perplexity',
    source: sources.jelinek,
  },
  baselines: {
    title: () => l10n.t('Baselines'),
    text: () =>
      l10n.t(
        'Losses of models without a memory on the same validation data: a uniform guess, and counts of tokens, pairs or longer sequences. A network that is not below them has learned nothing that counting does not know.',
      ),
    source: sources.shannonEnglish,
  },
  accuracy: {
    title: () => l10n.t('Accuracy'),
    text: () =>
      l10n.t(
        'Fraction of the validation items whose answer is right. With unbalanced classes, always giving the most frequent answer already has a high accuracy.',
      ),
    formula: 'accuracy',
    source: sources.sokolova,
  },
  macroF1: {
    title: () => l10n.t('Macro F1'),
    text: () =>
      l10n.t(
        'Mean over the classes of F1, the harmonic mean of precision (how many answers of a class are right) and recall (how much of the class is found). Every class counts equally, however rare it is.',
      ),
    formula: 'f1',
    source: sources.sokolova,
  },
  calibration: {
    title: () => l10n.t('Calibration'),
    text: () =>
      l10n.t(
        'Agreement of stated probabilities with frequencies: of the answers given with 80 %, 80 % should be right. The sentiment model divides its logits by a temperature that was fitted on held-out texts.',
      ),
    formula: 'calibratedSoftmax',
    source: sources.guo,
  },
  surprisal: {
    title: () => l10n.t('Surprisal'),
    text: () =>
      l10n.t(
        'Negative logarithm of the probability that the network gave to a token before it read it, in nats. An expected token has a surprisal near 0; one with a probability of 1 % has 4.6 nats.',
      ),
    formula: 'surprisal',
    source: sources.hale,
  },
  temperature: {
    title: () => l10n.t('Temperature'),
    text: () =>
      l10n.t(
        'Number that divides the logits before a token is drawn. Below 1, likely tokens become more likely, and at 0 the most likely one is always taken; above 1, the text becomes more random.',
      ),
    formula: 'calibratedSoftmax',
    source: sources.ackley,
  },
  learningRate: {
    title: () => l10n.t('Learning rate'),
    text: () =>
      l10n.t(
        'Size of a step against the gradient, or against the direction that the optimizer makes of it. Too large a rate lets the loss jump or diverge; too small a rate learns slowly.',
      ),
    formula: 'gradientStep',
    source: sources.kingma,
  },
  throughput: {
    title: () => l10n.t('Speed'),
    text: () =>
      l10n.t(
        'Training items per second of a training step, without validations, samples and probes. It depends on the sizes of the model and of the batch, and on the backend.',
      ),
    source: sources.benchmarks,
  },
  gradientNorm: {
    title: () => l10n.t('Gradient norm'),
    text: () =>
      l10n.t(
        'Length of the gradient of all parameters together, before and after clipping. A spike that is many times the usual norm is an exploding gradient.',
      ),
    formula: 'gradientNorm',
    source: sources.pascanu,
  },
  clipping: {
    title: () => l10n.t('Gradient clipping'),
    text: () =>
      l10n.t(
        'Scales a gradient whose norm is above a threshold down to the threshold, which keeps its direction. One exploding gradient then cannot undo what the network has learned.',
      ),
    formula: 'clipping',
    source: sources.pascanuClipping,
  },
  clippedSteps: {
    title: () => l10n.t('Clipped steps'),
    text: () =>
      l10n.t(
        'Percentage of the 100 steps before a probe whose gradient was longer than the threshold of clipping. If nearly all steps are clipped, the threshold acts as a lower learning rate.',
      ),
    formula: 'clipping',
    source: sources.pascanuClipping,
  },
  updateRatio: {
    title: () => l10n.t('Update ratio'),
    text: () =>
      l10n.t(
        'Norm of the last update of a parameter, relative to the norm of its weights. About 0.001 is typical: much less learns slowly, and much more is unstable.',
      ),
    formula: 'updateRatio',
    source: sources.ratios,
  },
  probe: {
    title: () => l10n.t('Probe'),
    text: () =>
      l10n.t(
        'A measurement of gradients and gates at one step of the training, on sequences that are the same for the whole run. It does not change the weights.',
      ),
    source: sources.guide,
  },
  lag: {
    title: () => l10n.t('Lag'),
    text: () =>
      l10n.t(
        'Number of time steps from the step of a loss back to an earlier state. Lag 0 is the step of the loss itself.',
      ),
    formula: 'lag',
    source: sources.bengio,
  },
  lastStepGradient: {
    title: () => l10n.t('Gradient of the last step'),
    text: () =>
      l10n.t(
        "Norm of the gradient of the last step's loss with respect to the state so many steps before, relative to lag 0. A curve that falls to nearly nothing is a vanishing gradient: what was read there cannot be learned from this loss.",
      ),
    formula: 'lastStepGradient',
    source: sources.pascanu,
  },
  growthPerStep: {
    title: () => l10n.t('Growth per step'),
    text: () =>
      l10n.t(
        'Factor by which the gradient changes per step back in time: the slope of a straight line through its logarithm over the lag. Below 1 it vanishes exponentially, and above 1 it explodes.',
      ),
    formula: 'growthPerStep',
    source: sources.pascanu,
  },
  effectiveMemory: {
    title: () => l10n.t('Effective memory'),
    text: () =>
      l10n.t(
        "First lag at which less than 1 % of the last step's gradient remains. Dependencies over more steps hardly influence the training.",
      ),
    formula: 'effectiveMemory',
    source: sources.bengio,
  },
  summedGradient: {
    title: () => l10n.t('Gradient of all losses'),
    text: () =>
      l10n.t(
        'Norm of the gradient of all losses from a step on with respect to the state of that step. It hides a vanishing gradient, because every step also has a loss nearby.',
      ),
    formula: 'summedGradient',
    source: sources.werbos,
  },
  lagMatrix: {
    title: () => l10n.t('Lag matrix'),
    text: () =>
      l10n.t(
        "Norm of the gradient of each step's loss (rows) with respect to the state of each lag before it (columns). A row that fades to the right shows a gradient that vanishes.",
      ),
    formula: 'lagMatrix',
    source: sources.pascanu,
  },
  jacobian: {
    title: () => l10n.t('Jacobian product'),
    text: () =>
      l10n.t(
        'Largest change of a state per change of an earlier state: the largest singular value of the product of the Jacobians of the steps between them. It does not depend on the loss; if it shrinks exponentially, so does every gradient.',
      ),
    formula: 'jacobianProduct',
    source: sources.pascanu,
  },
  recurrentKernel: {
    title: () => l10n.t('Recurrent kernel'),
    text: () =>
      l10n.t(
        'Largest singular value and spectral radius (largest absolute eigenvalue) of the weights from the previous state. In a simple RNN with tanh, gradients vanish if the singular value is below 1, and can explode only if it is above.',
      ),
    formula: 'spectralRadius',
    source: sources.pascanu,
  },
  truncation: {
    title: () => l10n.t('Truncation'),
    text: () =>
      l10n.t(
        'The gradient flows back through at most this many time steps, while the state is carried on. A dependency over a longer distance gets no gradient.',
      ),
    formula: 'truncation',
    source: sources.williams,
  },
  unit: {
    title: () => l10n.t('Unit'),
    text: () =>
      l10n.t(
        'One of the numbers of a recurrent layer: it has its own hidden state and, in an LSTM, its own cell state and gates. Some units follow something that can be named, such as the length of a line or an open quotation.',
      ),
    source: sources.karpathy,
  },
  hiddenState: {
    title: () => l10n.t('Hidden state'),
    text: () =>
      l10n.t(
        'Output h of a recurrent layer at a step, which the next step and the next layer read. In an LSTM it is the part of the cell state that the output gate lets through.',
      ),
    formula: 'lstmHidden',
    source: sources.hochreiter,
  },
  cellState: {
    title: () => l10n.t('Cell state'),
    text: () =>
      l10n.t(
        'Memory c of an LSTM: the previous value times the forget gate, plus the candidate times the input gate. Along this sum the gradient is only multiplied by the forget gate, so it can reach far back.',
      ),
    formula: 'lstmCell',
    source: sources.hochreiter,
  },
  inputGate: {
    title: () => l10n.t('Input gate'),
    text: () =>
      l10n.t(
        'Gate i of an LSTM, between 0 and 1: how much of the candidate is added to the cell state. Near 0, what is read at this step is not stored.',
      ),
    formula: 'lstmInputGate',
    source: sources.hochreiter,
  },
  forgetGate: {
    title: () => l10n.t('Forget gate'),
    text: () =>
      l10n.t(
        'Gate f of an LSTM, between 0 and 1: how much of the cell state is kept. Near 1 the memory and its gradient pass, and near 0 both are erased.',
      ),
    formula: 'lstmForgetGate',
    source: sources.gers,
  },
  candidate: {
    title: () => l10n.t('Candidate'),
    text: () =>
      l10n.t(
        'New content g, between -1 and 1, computed from the input and the previous hidden state. The input gate of an LSTM, or the update gate of a GRU, decides how much of it is stored.',
      ),
    formula: 'lstmCandidate',
    source: sources.hochreiter,
  },
  outputGate: {
    title: () => l10n.t('Output gate'),
    text: () =>
      l10n.t(
        'Gate o of an LSTM, between 0 and 1: how much of the cell state is visible in the hidden state. Near 0, the cell remembers something that it does not use at this step.',
      ),
    formula: 'lstmOutputGate',
    source: sources.hochreiter,
  },
  updateGate: {
    title: () => l10n.t('Update gate'),
    text: () =>
      l10n.t(
        'Gate z of a GRU, between 0 and 1: how much of the previous state is kept, while the rest is replaced by the candidate. Near 1 the state and its gradient pass unchanged.',
      ),
    formula: 'gruState',
    source: sources.cho,
  },
  resetGate: {
    title: () => l10n.t('Reset gate'),
    text: () =>
      l10n.t(
        'Gate r of a GRU, between 0 and 1: how much of the previous state the candidate reads. Near 0, the candidate depends on the current input only.',
      ),
    formula: 'gruCandidate',
    source: sources.cho,
  },
  forgetProduct: {
    title: () => l10n.t('Product of forget gates'),
    text: () =>
      l10n.t(
        'Product of the forget gates from a lag up to the last step, averaged over the units. It is the fraction of the cell state, and of its gradient, that is left along the direct path.',
      ),
    formula: 'forgetProduct',
    source: sources.gers,
  },
  saturation: {
    title: () => l10n.t('Saturation'),
    text: () =>
      l10n.t(
        'Share of gate activations below 0.1 or above 0.9, where the slope of the sigmoid is small. A saturated gate is a clear decision, but hardly any gradient flows through it.',
      ),
    formula: 'sigmoidSlope',
    source: sources.karpathy,
  },
  connectivity: {
    title: () => l10n.t('Influence on a prediction'),
    text: () =>
      l10n.t(
        'Norm of the gradient of a logit with respect to the input of each earlier step. A long bar is a token whose change would change this prediction most.',
      ),
    formula: 'connectivity',
    source: sources.madsen,
  },
  confusionMatrix: {
    title: () => l10n.t('Confusion matrix'),
    text: () =>
      l10n.t(
        'Number of validation items of each true class (rows) that got each answer (columns). Right answers are on the diagonal.',
      ),
    source: sources.fawcett,
  },
  attention: {
    title: () => l10n.t('Attention'),
    text: () =>
      l10n.t(
        'Weights with which the decoder averages the states of the encoder when it writes a token; they add up to 1. A bright cell shows which part of the source the token was written from.',
      ),
    formula: 'attention',
    source: sources.bahdanau,
  },
  emissions: {
    title: () => l10n.t('Transitions and emissions'),
    text: () =>
      l10n.t(
        'Probabilities of a hidden Markov model: of the next state given the state, and of an observation given the state. Each row adds up to 1.',
      ),
    source: sources.rabiner,
  },
  forward: {
    title: () => l10n.t('Forward probability'),
    text: () =>
      l10n.t(
        'Probability of the observations up to a step together with the state at this step. The sum over the states of the last step is the probability of all observations.',
      ),
    formula: 'hmmForward',
    source: sources.rabiner,
  },
  backward: {
    title: () => l10n.t('Backward probability'),
    text: () =>
      l10n.t(
        'Probability of the observations after a step, given the state at this step. Its product with the forward probability takes all observations into account.',
      ),
    formula: 'hmmBackward',
    source: sources.rabiner,
  },
  posterior: {
    title: () => l10n.t('Posterior probability'),
    text: () =>
      l10n.t(
        'Probability of a state at a step given all observations. Choosing the most likely state of each step maximizes the number of states that are right.',
      ),
    formula: 'hmmPosterior',
    source: sources.rabiner,
  },
  viterbi: {
    title: () => l10n.t('Viterbi path'),
    text: () =>
      l10n.t(
        'The most likely sequence of states given the observations, found by keeping the best path to each state at each step. It can differ from the states that are most likely one by one.',
      ),
    formula: 'hmmViterbi',
    source: sources.rabiner,
  },
};
