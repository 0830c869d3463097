"""Training steps of a character language model in PyTorch, for `sequence-lab bench`.

    python torchSteps.py VARIANT CELL T B H V THREADS

Reads a number of steps from each line of standard input, does them, and prints the milliseconds of each as JSON.
The loss of every step is read, as a training loop would that shows it.
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
        self.recurrent = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[cell](classes, hidden)
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


def main():
    variant, cell = sys.argv[1:3]
    steps, batch, hidden, classes, threads = map(int, sys.argv[3:])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    instrumented = variant == "instrumented"
    model = Instrumented(hidden, classes) if instrumented else Fused(cell, hidden, classes, variant == "embedding")
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    ids = torch.randint(classes, (steps, batch))
    targets = torch.randint(classes, (steps * batch,))
    state = torch.zeros(1, batch, hidden)
    if cell == "lstm":
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
        state = tuple(part.detach() for part in after) if cell == "lstm" else after.detach()
        return loss.item()

    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        milliseconds = []
        for _ in range(int(line)):
            before = time.perf_counter()
            step()
            milliseconds.append(1000 * (time.perf_counter() - before))
        print(json.dumps(milliseconds), flush=True)


main()
