"""Training steps in PyTorch on recorded batches, for `npm run bench -- tasks`.

    python torchTasks.py RECORDING THREADS

RECORDING is written by ourSteps.ts: the configuration of the run, and the batches that it trained on, in the order of
time, batch. The models have the layers of ours, nothing else: no probes, no average of the weights. Sequences are packed,
Adam is fused, only steps that count reach the output layer, and the batches are tensors before the first step.
Reads a line: a number of steps, which it answers with the milliseconds of each as JSON, `memory`, with the bytes of the
model, its optimizer and a step, or `operations`, with the multiplications and additions of the products of a step with
its weights. The loss of every step is read, as a training loop would that shows it.
"""

import json
import os
import sys
import time

import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence


def whole(values, *shape):
    return torch.tensor(values, dtype=torch.long).reshape(*shape)


def numbers(values, *shape):
    return torch.tensor(values, dtype=torch.float32).reshape(*shape)


def cell_of(model):
    return {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[model["cell"]]


def inputs_of(ids, embedding, classes):
    return embedding(ids) if embedding else nn.functional.one_hot(ids, classes).float()


def embedding_of(model, words):
    return nn.Embedding(words, model["embedding"]) if model["embedding"] else None


def counted(batch):
    """Places of the steps that count, and their targets."""
    places = torch.tensor([at for at, weight in enumerate(batch["weights"]) if weight], dtype=torch.long)
    return places, whole(batch["targets"], -1)[places]


class LanguageModel(nn.Module):
    def __init__(self, recording):
        super().__init__()
        config, self.classes = recording["config"], recording["inputs"]
        model = config["model"]
        self.embedding = embedding_of(model, self.classes)
        self.recurrent = cell_of(model)(model["embedding"] or self.classes, model["units"])
        self.dense = nn.Linear(model["units"], self.classes)
        self.state = None
        self.shape = (config["data"]["sequenceLength"], config["training"]["batchSize"])

    def batch(self, batch):
        return whole(batch["inputs"], *self.shape), whole(batch["targets"], -1)

    def loss(self, ids, targets):
        h, state = self.recurrent(inputs_of(ids, self.embedding, self.classes), self.state)
        self.state = tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()
        return nn.functional.cross_entropy(self.dense(h).flatten(0, 1), targets)


class Writer(nn.Module):
    """A language model of short texts, whose initial state is a row of a table for each label."""

    def __init__(self, recording):
        super().__init__()
        model = recording["config"]["model"]
        self.classes = recording["inputs"]
        labels = 1 + max(max(batch["labels"]) for batch in recording["batches"])
        self.tables = nn.ModuleList(nn.Embedding(labels, model["units"]) for _ in range(2))
        self.embedding = embedding_of(model, self.classes)
        self.recurrent = cell_of(model)(model["embedding"] or self.classes, model["units"])
        self.dense = nn.Linear(model["units"], self.classes)

    def batch(self, batch):
        texts = batch["texts"]
        return whole(texts["inputs"], texts["timeSteps"], texts["batch"]), whole(batch["labels"], 1, -1), *counted(texts)

    def loss(self, ids, labels, places, targets):
        h, c = (table(labels) for table in self.tables)
        state = (h, c) if isinstance(self.recurrent, nn.LSTM) else h
        out, _ = self.recurrent(inputs_of(ids, self.embedding, self.classes), state)
        return nn.functional.cross_entropy(self.dense(out.flatten(0, 1)[places]), targets)


class Recurrent(nn.Module):
    """Embedding and a recurrent layer over packed sentences."""

    def __init__(self, recording):
        super().__init__()
        model = recording["config"]["model"]
        self.embedding = nn.Embedding(recording["inputs"], model["embedding"])
        self.recurrent = cell_of(model)(model["embedding"], model["units"], bidirectional=model["bidirectional"])
        self.width = model["units"] * (2 if model["bidirectional"] else 1)

    def states(self, ids, lengths):
        packed = pack_padded_sequence(self.embedding(ids), lengths, enforce_sorted=False)
        return pad_packed_sequence(self.recurrent(packed)[0])[0]


def sentences(batch):
    return whole(batch["ids"], batch["timeSteps"], batch["batch"]), whole(batch["lengths"], -1)


def mask_of(lengths, steps):
    """[steps, batch], true for padding."""
    return torch.arange(steps)[:, None] >= lengths[None]


class Classifier(Recurrent):
    def __init__(self, recording):
        super().__init__(recording)
        self.dense = nn.Linear(self.width, recording["outputs"])

    def batch(self, batch):
        return *sentences(batch), whole(batch["labels"], -1)

    def loss(self, ids, lengths, labels):
        pooled = self.states(ids, lengths).sum(0) / lengths[:, None]
        return nn.functional.cross_entropy(self.dense(pooled), labels)


class Tagger(Recurrent):
    def __init__(self, recording):
        super().__init__(recording)
        self.dense = nn.Linear(self.width, recording["outputs"])

    def batch(self, batch):
        return *sentences(batch), *counted({"weights": batch["weights"], "targets": batch["tags"]})

    def loss(self, ids, lengths, places, tags):
        return nn.functional.cross_entropy(self.dense(self.states(ids, lengths).flatten(0, 1)[places]), tags)


class Convolution(nn.Module):
    def __init__(self, recording):
        super().__init__()
        model = recording["config"]["model"]
        widths = [int(width) for width in model["kernelWidths"].split(",")]
        self.embedding = nn.Embedding(recording["inputs"], model["embedding"])
        self.convolutions = nn.ModuleList(
            nn.Conv1d(model["embedding"], model["filters"], width, padding="same") for width in widths
        )
        self.dense = nn.Linear(model["filters"] * len(widths), recording["outputs"])

    def batch(self, batch):
        ids, lengths = sentences(batch)
        padding = mask_of(lengths, len(ids)).T[:, None]
        return ids.T.contiguous(), padding, whole(batch["labels"], -1)

    def loss(self, ids, padding, labels):
        x = self.embedding(ids).transpose(1, 2).masked_fill(padding, 0)
        pooled = [conv(x).relu().masked_fill(padding, 0).amax(2) for conv in self.convolutions]
        return nn.functional.cross_entropy(self.dense(torch.cat(pooled, 1)), labels)


class Pairs(nn.Module):
    """Encoder and decoder with global attention after the recurrence (Luong et al. 2015, eq. 5)."""

    def __init__(self, recording):
        super().__init__()
        model = recording["config"]["model"]
        units, embedding = model["units"], model["embedding"]
        self.additive = model["attention"] == "additive"
        self.source = nn.Embedding(recording["inputs"], embedding)
        self.target = nn.Embedding(recording["outputs"], embedding)
        self.encoder = cell_of(model)(embedding, units)
        self.decoder = cell_of(model)(embedding, units)
        self.context = nn.Linear(units, units, bias=False)
        self.state = nn.Linear(units, units, bias=False)
        if self.additive:
            self.query, self.key = (nn.Linear(units, units, bias=False) for _ in range(2))
            self.score = nn.Linear(units, 1, bias=False)
        self.dense = nn.Linear(units, recording["outputs"])

    def batch(self, batch):
        source, target = batch["source"], batch["target"]
        ids, lengths = sentences(source)
        padding = mask_of(lengths, len(ids)).T[:, None]
        return ids, lengths, padding, whole(target["inputs"], target["timeSteps"], target["batch"]), *counted(target)

    def loss(self, ids, lengths, padding, inputs, places, targets):
        packed = pack_padded_sequence(self.source(ids), lengths, enforce_sorted=False)
        states, last = self.encoder(packed)
        memory = pad_packed_sequence(states)[0].transpose(0, 1)
        h = self.decoder(self.target(inputs), last)[0].transpose(0, 1)
        if self.additive:
            scores = self.score(torch.tanh(self.query(h)[:, :, None] + self.key(memory)[:, None])).squeeze(3)
        else:
            scores = torch.bmm(h, memory.transpose(1, 2))
        context = torch.bmm(scores.masked_fill(padding, -torch.inf).softmax(2), memory)
        out = torch.tanh(self.context(context) + self.state(h)).transpose(0, 1).flatten(0, 1)
        return nn.functional.cross_entropy(self.dense(out[places]), targets)


class Forecaster(nn.Module):
    def __init__(self, recording):
        super().__init__()
        model = recording["config"]["model"]
        self.recurrent = cell_of(model)(recording["inputs"], model["units"])
        self.dense = nn.Linear(model["units"], recording["outputs"])

    def batch(self, batch):
        return numbers(batch["inputs"], batch["timeSteps"], batch["batch"], -1), numbers(batch["targets"], batch["batch"], -1)

    def loss(self, x, targets):
        return nn.functional.mse_loss(self.dense(self.recurrent(x)[0][-1]), targets)


MODELS = {
    "language model": LanguageModel,
    "writer": Writer,
    "classifier": Classifier,
    "convolution": Convolution,
    "tagger": Tagger,
    "pairs": Pairs,
    "forecaster": Forecaster,
}


def resident():
    """Bytes of this process in memory (Linux)."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def operations_of(model, batches):
    """Mean number of multiplications and additions of a step in its products with weights: forward, and two backward."""
    count = 0

    def seen(layer, inputs, _output):
        nonlocal count
        first = inputs[0]
        rows = len(first.data) if isinstance(first, PackedSequence) else first.numel() // first.shape[-1]
        if isinstance(layer, nn.Conv1d):
            rows = first.shape[0] * first.shape[2]
        count += 3 * 2 * rows * sum(weight.numel() for weight in layer.parameters() if weight.dim() > 1)

    layers = [each for each in model.modules() if isinstance(each, (nn.Linear, nn.RNNBase, nn.Conv1d))]
    hooks = [layer.register_forward_hook(seen) for layer in layers]
    for batch in batches:
        model.loss(*batch)
    for hook in hooks:
        hook.remove()
    return count / len(batches)


def main():
    path, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    with open(path, encoding="utf-8") as file:
        recording = json.load(file)
    before = resident()
    model = MODELS[recording["model"]](recording)
    training = recording["config"]["training"]
    batches = [model.batch(batch) for batch in recording["batches"]]
    optimizer = torch.optim.Adam(model.parameters(), lr=training["learningRate"], fused=True)
    done = 0

    def step():
        nonlocal done
        optimizer.zero_grad()
        loss = model.loss(*batches[done % len(batches)])
        done += 1
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), training["clipNorm"])
        optimizer.step()
        return loss.item()

    print(json.dumps({"ready": f"CPU, PyTorch {torch.__version__}"}), flush=True)
    for line in sys.stdin:
        if line.strip() == "memory":
            print(json.dumps({"bytes": resident() - before}), flush=True)
            continue
        if line.strip() == "operations":
            print(json.dumps({"operations": operations_of(model, batches)}), flush=True)
            continue
        milliseconds = []
        for _ in range(int(line)):
            started = time.perf_counter()
            step()
            milliseconds.append(1000 * (time.perf_counter() - started))
        print(json.dumps(milliseconds), flush=True)


main()
