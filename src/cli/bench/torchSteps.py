"""Training steps of a character language model in PyTorch, for `sequence-lab bench`.

    python torchSteps.py WORK CELL T B H V THREADS DEVICE

CELL is the class of the recurrent layer in torch.nn, such as LSTM.
WORK is a training step (one-hot, embedding, instrumented) or a part of one (forward, forward and backward, loss, adam);
DEVICE is cpu, cuda, or cuda-tf32, where matrix products may be taken in TF32.
Reads a number of steps from each line of standard input, does them, and prints the milliseconds of each as JSON.
A number of every step is read, as a training loop would that shows the loss: so the device has done all of it.
"""

import json
import sys
import time

import torch
from torch import nn


class Fused(nn.Module):
    """`nn.LSTM`, `nn.GRU` or `nn.RNN` on one-hot or embedded characters."""

    def __init__(self, cell, hidden, classes, embedded):
        super().__init__()
        self.classes = classes
        self.embedding = nn.Embedding(classes, classes) if embedded else None
        self.recurrent = getattr(nn, cell)(classes, hidden)
        self.dense = nn.Linear(hidden, classes)

    def forward(self, ids, state):
        x = self.embedding(ids) if self.embedding else nn.functional.one_hot(ids, self.classes).float()
        h, state = self.recurrent(x, state)
        return self.dense(h), state


class Instrumented(nn.Module):
    """The same network with an LSTM step by step, so that gates, states and the gradients that arrive at them can be kept."""

    def __init__(self, hidden, classes):
        super().__init__()
        self.kernel = nn.Parameter(torch.empty(classes, 4 * hidden).uniform_(-0.1, 0.1))
        self.recurrent = nn.Parameter(torch.empty(hidden, 4 * hidden).uniform_(-0.1, 0.1))
        self.bias = nn.Parameter(torch.zeros(4 * hidden))
        self.dense = nn.Linear(hidden, classes)

    def forward(self, ids, state):
        h, c = (part[0] for part in state)
        projected = self.kernel[ids] + self.bias
        self.gates, self.hidden, self.cells = [], [], []
        for z in projected:
            i, f, g, o = (z + h @ self.recurrent).chunk(4, 1)
            i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
            c = f * c + i * g
            h = o * c.tanh()
            h.retain_grad()
            c.retain_grad()
            self.gates.append((i, f, g, o))
            self.hidden.append(h)
            self.cells.append(c)
        return self.dense(torch.stack(self.hidden)), (h[None], c[None])

    def norms(self):
        """L2 norms over units of the gradients at every step, [2, T, B]."""
        return torch.stack([torch.stack([s.grad for s in states]).norm(dim=2) for states in (self.hidden, self.cells)])


def training_step(work, cell, steps, batch, hidden, classes):
    """A whole training step."""
    instrumented = work == "instrumented"
    model = Instrumented(hidden, classes) if instrumented else Fused(cell, hidden, classes, work == "embedding")
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    ids = torch.randint(classes, (steps, batch))
    targets = torch.randint(classes, (steps * batch,))
    state = torch.zeros(1, batch, hidden)
    if cell == "LSTM":
        state = (state, state)

    def step():
        nonlocal state
        optimizer.zero_grad()
        logits, after = model(ids, state)
        loss = nn.functional.cross_entropy(logits.reshape(-1, classes), targets)
        loss.backward()
        if instrumented:
            model.norms()
        optimizer.step()
        state = tuple(part.detach() for part in after) if isinstance(after, tuple) else after.detach()
        return loss.item()

    return step


def layer_step(work, cell, steps, batch, hidden):
    """The recurrent layer by itself, its input as wide as its state."""
    layer = getattr(nn, cell)(hidden, hidden)
    x = torch.rand(steps, batch, hidden, requires_grad=work != "forward")

    def forward():
        with torch.no_grad():
            return layer(x)[0][0, 0, 0].item()

    def both():
        layer.zero_grad()
        x.grad = None
        layer(x)[0].mean().backward()
        return x.grad[0, 0, 0].item()

    return forward if work == "forward" else both


def loss_step(steps, batch, hidden, classes):
    """The dense layer and the loss of its outputs, forward and backward."""
    dense = nn.Linear(hidden, classes)
    x = torch.rand(steps * batch, hidden, requires_grad=True)
    targets = torch.randint(classes, (steps * batch,))

    def step():
        dense.zero_grad()
        x.grad = None
        nn.functional.cross_entropy(dense(x), targets).backward()
        return x.grad[0, 0].item()

    return step


def adam_step(cell, hidden):
    """Adam on the recurrent weights."""
    weights = nn.Parameter(torch.rand(getattr(nn, cell)(hidden, hidden).weight_hh_l0.T.shape))
    weights.grad = torch.rand_like(weights)
    optimizer = torch.optim.Adam([weights], lr=1e-3, fused=True)

    def step():
        optimizer.step()
        return weights[0, 0].item()

    return step


def step_of(work, cell, steps, batch, hidden, classes):
    if work in ("forward", "forward and backward"):
        return layer_step(work, cell, steps, batch, hidden)
    if work == "loss":
        return loss_step(steps, batch, hidden, classes)
    if work == "adam":
        return adam_step(cell, hidden)
    return training_step(work, cell, steps, batch, hidden, classes)


def main():
    work, cell = sys.argv[1:3]
    steps, batch, hidden, classes, threads = map(int, sys.argv[3:8])
    device = sys.argv[8]
    if device != "cpu":
        if not torch.cuda.is_available():
            print(json.dumps({"reason": "PyTorch finds no CUDA here"}), flush=True)
            return
        torch.set_default_device("cuda")
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = device == "cuda-tf32"
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    step = step_of(work, cell, steps, batch, hidden, classes)
    where = "CPU" if device == "cpu" else torch.cuda.get_device_name()
    print(json.dumps({"ready": f"{where}, PyTorch {torch.__version__}"}), flush=True)
    for line in sys.stdin:
        milliseconds = []
        for _ in range(int(line)):
            before = time.perf_counter()
            step()
            milliseconds.append(1000 * (time.perf_counter() - before))
        print(json.dumps(milliseconds), flush=True)


main()
