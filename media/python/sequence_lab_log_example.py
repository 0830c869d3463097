"""Trains a character model in PyTorch, and logs it: python sequence_lab_log_example.py TEXT_FILE [STEPS]"""

import sys
from pathlib import Path

import sequence_lab_log
import torch
from torch import nn

text = Path(sys.argv[1]).read_text(encoding="utf-8")
steps = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
characters = sorted(set(text))
ids = torch.tensor([characters.index(character) for character in text])


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(len(characters), 16)
        self.lstm = nn.LSTM(16, 64, batch_first=True)
        self.output = nn.Linear(64, len(characters))

    def forward(self, x):
        return self.output(self.lstm(self.embedding(x))[0])


def loss_of(starts):
    windows = torch.stack([ids[start : start + 51] for start in starts])
    return nn.functional.cross_entropy(model(windows[:, :-1]).flatten(0, 1), windows[:, 1:].flatten())


model, split = Model(), int(0.9 * len(ids))
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
with sequence_lab_log.start("character model", vocabulary=characters, steps=steps) as log:
    log.watch(model, every=100)
    for step in range(1, steps + 1):
        loss = loss_of(torch.randint(split - 51, (16,)))
        optimizer.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), 5)
        optimizer.step()
        log.step(loss=loss, gradient_norm=norm, learning_rate=0.003)
        if step % 50 == 0:
            with torch.no_grad():
                log.validate(loss_of(range(split, len(ids) - 51, 51)))
