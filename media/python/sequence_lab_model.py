"""Opens a model that Sequence Lab has exported, in PyTorch.

    python sequence_lab_model.py            # compares its outputs with those of Sequence Lab on the example
    from sequence_lab_model import load     # model, config = load("FOLDER")

The folder has `config.json`, `model.safetensors` or `model.pt`, and `example.json`. Only PyTorch is needed. MIT License.
"""

import json
import sys
from pathlib import Path

import torch
from torch import nn

DTYPES = {"F32": torch.float32, "F64": torch.float64, "F16": torch.float16, "BF16": torch.bfloat16}


def read_safetensors(path):
    """The tensors of a file by name: https://github.com/huggingface/safetensors, without its package."""
    data = bytearray(Path(path).read_bytes())
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        flat = torch.frombuffer(data[begin:end], dtype=DTYPES[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"])
    return tensors


class Unrolled(nn.Module):
    """Cells that PyTorch has no layer for, step by step, with the names and the order of gates of its layers.

    A GRU whose reset gate is applied before the recurrent product (Cho et al. 2014), a simple RNN without a
    nonlinearity, and one that reads its last output (`output`) in place of its hidden state.
    """

    def __init__(self, config, inputs, bidirectional, output=None):
        super().__init__()
        self.config, self.bidirectional = config, bidirectional
        self.output = [output]  # in a list, so that its weights are not stored twice
        units, gates = config["units"], 3 if config["cell"] == "gru" else 1
        read = config["outputs"] if output else units
        for layer in range(config["layers"]):
            width = inputs if layer == 0 else units * (2 if bidirectional else 1)
            for suffix in self.suffixes(layer):
                self.register_parameter(f"weight_ih_{suffix}", nn.Parameter(torch.zeros(gates * units, width)))
                self.register_parameter(f"weight_hh_{suffix}", nn.Parameter(torch.zeros(gates * units, read)))
                if config["bias"]:
                    self.register_parameter(f"bias_ih_{suffix}", nn.Parameter(torch.zeros(gates * units)))

    def suffixes(self, layer):
        return [f"l{layer}", f"l{layer}_reverse"] if self.bidirectional else [f"l{layer}"]

    def step(self, x, h, suffix):
        recurrent = getattr(self, f"weight_hh_{suffix}")
        if self.config["cell"] == "gru":
            units = self.config["units"]
            reset_update = x[:, : 2 * units] + h @ recurrent[: 2 * units].T
            reset, update = torch.sigmoid(reset_update).chunk(2, 1)
            candidate = torch.tanh(x[:, 2 * units :] + (reset * h) @ recurrent[2 * units :].T)
            return update * h + (1 - update) * candidate
        total = x + (self.output[0](h) if self.output[0] else h) @ recurrent.T
        return {"tanh": torch.tanh, "relu": torch.relu, "linear": lambda z: z}[self.config["activation"]](total)

    def forward(self, x, state=None):
        """x `[batch, time, width]`; state `[layers * directions, batch, units]`, as in `nn.GRU`."""
        after, place = [], 0
        for layer in range(self.config["layers"]):
            outputs = []
            for suffix in self.suffixes(layer):
                projected = x @ getattr(self, f"weight_ih_{suffix}").T
                if self.config["bias"]:
                    projected = projected + getattr(self, f"bias_ih_{suffix}")
                h = x.new_zeros(x.shape[0], self.config["units"]) if state is None else state[place]
                steps = range(x.shape[1])
                hs = [None] * x.shape[1]
                for t in reversed(steps) if suffix.endswith("_reverse") else steps:
                    h = self.step(projected[:, t], h, suffix)
                    hs[t] = h
                outputs.append(torch.stack(hs, 1))
                after.append(h)
                place += 1
            x = torch.cat(outputs, 2)
        return x, torch.stack(after)


def recurrent_layers(config, inputs, bidirectional, output=None):
    cell, sizes = config["cell"], (inputs, config["units"], config["layers"])
    options = {"bias": config["bias"], "batch_first": True, "bidirectional": bidirectional}
    if cell == "lstm":
        return nn.LSTM(*sizes, proj_size=config["projection"], **options)
    if cell == "gru" and config["resetAfter"]:
        return nn.GRU(*sizes, **options)
    feeds_back = cell == "rnn" and config["recurrence"] == "output"
    if cell == "rnn" and not feeds_back and config["activation"] != "linear":
        return nn.RNN(*sizes, nonlinearity=config["activation"], **options)
    return Unrolled(config, inputs, bidirectional, output if feeds_back else None)


def width_of(config):
    return config["projection"] or config["units"]


class Read(nn.Module):
    """Ids as embedded or one-hot vectors; vectors as they are."""

    def read(self, prefix, x, size):
        if x.dtype.is_floating_point:
            return x
        if self.config["embedding"]:
            return getattr(self, f"{prefix}embedding")(x)
        return nn.functional.one_hot(x, size).to(self.dense.weight.dtype)


class Network(Read):
    """Recurrent layers and an output layer: language models, classifiers, taggers and forecasters."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        if config["embedding"]:
            self.embedding = nn.Embedding(config["inputs"], config["embedding"])
        directions = 2 if config["bidirectional"] else 1
        self.dense = nn.Linear(directions * width_of(config), config["outputs"])
        layers = recurrent_layers(
            config, config["embedding"] or config["inputs"], config["bidirectional"], self.dense
        )
        setattr(self, config["cell"], layers)
        if config["pooling"] == "attention":
            self.attention_query = nn.Parameter(torch.zeros(directions * width_of(config), 1))
        if config["network"] == "conditioned":
            for layer in range(config["layers"]):
                for part in ["h", "c"] if config["cell"] == "lstm" else ["h"]:
                    setattr(self, f"label_{layer + 1}_{part}", nn.Embedding(config["labels"], config["units"]))

    def initial(self, labels):
        """Initial states for labels `[batch]`, of a model of texts for a label."""
        parts = {
            part: torch.stack([getattr(self, f"label_{n + 1}_{part}")(labels) for n in range(self.config["layers"])])
            for part in (["h", "c"] if self.config["cell"] == "lstm" else ["h"])
        }
        if self.config["projection"]:
            weights = [getattr(self.lstm, f"weight_hr_l{n}") for n in range(self.config["layers"])]
            parts["h"] = torch.stack([h @ weight.T for h, weight in zip(parts["h"], weights)])
        return (parts["h"], parts["c"]) if "c" in parts else parts["h"]

    def forward(self, x, state=None):
        """Logits, or numbers of a forecaster, and the state after the last step.

        x is ids `[batch, time]` or vectors `[batch, time, inputs]`, of one length. The result has a row for each step,
        or one for a classifier and a forecaster.
        """
        h, after = getattr(self, self.config["cell"])(self.read("", x, self.config["inputs"]), state)
        return self.dense(self.pooled(h, after)), after

    def pooled(self, h, after):
        if self.config["network"] != "last-step":
            return h
        pooling = self.config["pooling"]
        if pooling == "mean":
            return h.mean(1)
        if pooling == "max":
            return h.max(1).values
        if pooling == "attention":
            return (torch.softmax(h @ self.attention_query, 1) * h).sum(1)
        last = after[0] if isinstance(after, tuple) else after
        return torch.cat([last[-2], last[-1]], 1) if self.config["bidirectional"] else last[-1]


class EncoderDecoder(Read):
    """Sequence to sequence: Sutskever et al. 2014, with global attention after the recurrence (Luong et al. 2015)."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        width, kind = width_of(config), config["attention"]
        for side, size in (("encoder", config["inputs"]), ("decoder", config["outputs"])):
            if config["embedding"]:
                setattr(self, f"{side}_embedding", nn.Embedding(size, config["embedding"]))
            both = config["bidirectional"] and side == "encoder"
            layers = recurrent_layers(config, config["embedding"] or size, both)
            setattr(self, f"{side}_{config['cell']}", layers)
        if config["bidirectional"]:
            for layer in range(config["layers"]):
                for part in ["h", "c"] if config["cell"] == "lstm" else ["h"]:
                    setattr(self, f"bridge_{layer + 1}_{part}", nn.Linear(2 * width, width))
            if kind != "none":
                self.attention_memory = nn.Linear(2 * width, width, bias=False)
        if kind == "additive":
            self.attention_query = nn.Linear(width, width, bias=False)
            self.attention_key = nn.Linear(width, width, bias=False)
            self.attention_score = nn.Linear(width, 1, bias=False)
        if kind != "none":
            self.attention_context = nn.Linear(width, width, bias=False)
            self.attention_state = nn.Linear(width, width, bias=False)
        self.dense = nn.Linear(width, config["outputs"])

    def encode(self, ids):
        """The initial state of the decoder, and the states that attention reads, of sources `[batch, time]`."""
        x = self.read("encoder_", ids, self.config["inputs"])
        h, after = getattr(self, f"encoder_{self.config['cell']}")(x)
        if not self.config["bidirectional"]:
            return after, h
        parts = {"h": after[0], "c": after[1]} if isinstance(after, tuple) else {"h": after}
        bridged = {part: self.bridge(part, states) for part, states in parts.items()}
        memory = self.attention_memory(h) if self.config["attention"] != "none" else h
        return (bridged["h"], bridged["c"]) if "c" in bridged else bridged["h"], memory

    def bridge(self, part, states):
        layers = []
        for layer in range(self.config["layers"]):
            both = torch.cat([states[2 * layer], states[2 * layer + 1]], 1)
            value = getattr(self, f"bridge_{layer + 1}_{part}")(both)
            layers.append(torch.tanh(value) if part == "h" else value)
        return torch.stack(layers)

    def decode(self, ids, state, memory):
        """Logits `[batch, time, outputs]` of the next tokens of targets, and the state after them."""
        x = self.read("decoder_", ids, self.config["outputs"])
        h, after = getattr(self, f"decoder_{self.config['cell']}")(x, state)
        kind = self.config["attention"]
        if kind != "none":
            if kind == "additive":
                sums = self.attention_query(h).unsqueeze(2) + self.attention_key(memory).unsqueeze(1)
                scores = self.attention_score(torch.tanh(sums)).squeeze(3)
            else:
                scores = h @ memory.transpose(1, 2)
            context = torch.softmax(scores, 2) @ memory
            h = torch.tanh(self.attention_context(context) + self.attention_state(h))
        return self.dense(h), after

    def forward(self, sources, targets):
        state, memory = self.encode(sources)
        return self.decode(targets, state, memory)


def load(folder="."):
    """The model of an exported folder, ready to use, and its `config.json`."""
    folder = Path(folder)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    model = EncoderDecoder(config) if config["network"] == "encoder-decoder" else Network(config)
    weights = folder / config["weights"][0]
    if weights.suffix == ".safetensors":
        tensors = read_safetensors(weights)
    else:
        tensors = torch.load(weights, weights_only=True)
    model.load_state_dict(tensors)
    return model.eval(), config


def run_example(folder="."):
    """The outputs of the model on `example.json`, and the largest difference to those of Sequence Lab."""
    model, config = load(folder)
    example = json.loads((Path(folder) / "example.json").read_text(encoding="utf-8"))
    inputs = torch.tensor(example["inputs"])
    expected = torch.tensor(example["outputs"])
    with torch.no_grad():
        if config["network"] == "encoder-decoder":
            outputs, _ = model(inputs, torch.tensor(example["targets"]))
        elif config["network"] == "conditioned":
            outputs, _ = model(inputs, model.initial(torch.tensor(example["labels"])))
        else:
            outputs, _ = model(inputs)
    return outputs, (outputs - expected).abs().max().item()


if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent
    outputs, difference = run_example(folder)
    print(json.dumps({"shape": list(outputs.shape), "largestDifference": difference}))
    sys.exit(0 if difference < 1e-4 else 1)
