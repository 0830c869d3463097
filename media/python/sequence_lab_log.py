# Copyright (c) 2026 Sequence Lab contributors. MIT License: see LICENSE of Sequence Lab.
"""Logs a training loop into a run folder that Sequence Lab shows while it trains: curves, gradients by time step, gates.

    import sequence_lab_log

    with sequence_lab_log.start("my model", vocabulary=characters) as log:
        log.watch(model)  # PyTorch: gradients by time step and gates, every 100 steps
        for x, y in batches:
            loss = train_step(x, y)
            log.step(loss=loss, learning_rate=0.002)

The file needs NumPy only; PyTorch and Keras are imported where they are used. Logging never raises an error and never
touches random numbers, gradients or weights: what goes wrong becomes a warning. docs/interop.md of Sequence Lab
describes the files.
"""

import base64
import contextlib
import datetime
import functools
import json
import math
import numbers
import os
import pathlib
import random
import re
import secrets
import socket
import sys
import threading
import time
import warnings
import weakref

import numpy as np

VERSION = 1
# Seconds between two writes, and between two signs of life of the lock.
WRITE_SECONDS = 1.0
BEAT_SECONDS = 10.0
RECENT_STEPS = 100
MAX_VALIDATIONS = 60
MAX_PROBES = 200
# Most tokens of a text with gates, and sequences that histograms of gates read.
MAX_TOKENS = 500
DETAILED = 8
BINS = 20
# What the readers accept at most: docs/interop.md lists it.
MAX_NAME = 200
MAX_TEXT = 2000
MAX_SETTINGS = 200
MAX_BASELINES = 50
MAX_LAYERS = 200
MAX_PARAMETERS = 20_000
MAX_SEQUENCES = 256
MAX_LAGS = 5001
MAX_GATES_BYTES = 190_000_000
MAX_INTEGER = 2**53 - 1

TASKS = (
    "language-model",
    "temporal-order",
    "adding",
    "copying",
    "counting",
    "recall",
    "classification",
    "tagging",
    "sequence-to-sequence",
    "dates",
    "reversing",
    "forecasting",
    "conditioned-generation",
)

GATES = {
    "lstm": ("input", "forget", "candidate", "output", "cellState", "hidden"),
    "gru": ("update", "reset", "candidate", "hidden"),
    "rnn": ("hidden",),
}
SATURATING = {"lstm": GATES["lstm"][:4], "gru": GATES["gru"][:3], "rnn": ("hidden",)}
SIGMOIDS = {"input", "forget", "output", "update", "reset"}

# Common names of settings, and the fields of a configuration of Sequence Lab that they are.
FIELDS = {
    "lr": "training.learningRate",
    "learning_rate": "training.learningRate",
    "batch_size": "training.batchSize",
    "optimizer": "training.optimizer",
    "weight_decay": "training.weightDecay",
    "clip_norm": "training.clipNorm",
    "sequence_length": "data.sequenceLength",
    "dropout": "model.dropout",
    "embedding": "model.embedding",
    "seed": "seed",
}


class SequenceLabWarning(RuntimeWarning):
    """Something could not be logged. Training is not affected."""


def start(name, folder=None, *, vocabulary=None, task=None, unit=None, config=None, steps=None, baselines=None):
    """Begins a run, and returns its `Log`.

    folder: of the run; a new one in the run store by default, where the editor lists it
    vocabulary: the tokens by id, as a list, a text, or a dictionary of ids by token
    task: of Sequence Lab, such as "classification"; "language-model" with a vocabulary
    unit: of the losses; with a vocabulary "nats per character" or "nats per token"
    config: settings by name, such as {"learning_rate": 0.002}
    steps: number of steps that are planned
    baselines: losses of simple models by name, such as {"unigram": 2.9}, which the loss should fall below

    Of several processes that train one model, as torchrun starts them, the one with the RANK 0 logs.
    """
    log = Log()
    log._begin(name, folder, vocabulary, task, unit, config, steps, baselines)
    return log


def _guarded(method):
    """Turns errors of logging into warnings, so that they never end a training."""

    @functools.wraps(method)
    def call(self, *args, **kwargs):
        if not self._is_open or os.getpid() != self._pid:
            return None
        try:
            with self._lock:
                return method(self, *args, **kwargs)
        except Exception as error:  # noqa: BLE001
            self._warn(f"{method.__name__.lstrip('_')}: {type(error).__name__}: {error}")
            return None

    return call


class Log:
    """A run that is logged. Made by `start`; ended by `end`, or at the end of a `with` statement."""

    def __init__(self):
        self.folder = None
        self._pid = os.getpid()
        self._lock = threading.RLock()
        self._is_open = True
        self._warned = set()
        self._watch = None
        self._sink = None
        self._lock_file = None

    # Writing a run

    def _begin(self, *arguments):
        if os.environ.get("RANK", "0").strip() not in ("", "0"):
            self._is_open = False
            return
        try:
            with self._lock:
                self._open(*arguments)
        except Exception as error:  # noqa: BLE001
            self._is_open = False
            self._warn(str(error) if isinstance(error, OSError) else f"start: {type(error).__name__}: {error}")
            if self._sink is not None:
                self._sink.close()
            if self._lock_file is not None:
                with contextlib.suppress(OSError):
                    self._lock_file.unlink()

    def _claim(self):
        """Takes the folder by creating its lock, which one of several processes can do."""
        used = f"{self.folder} is not empty: choose another folder for the run"
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            file = open(self.folder / "lock", "x", encoding="utf-8")
        except FileExistsError:
            raise FileExistsError(used) from None
        self._lock_file = self.folder / "lock"
        with file:
            file.write(f"{os.getpid()} {_process_start()} {_namespace()}")
        if any(each.name != "lock" for each in self.folder.iterdir()):
            raise FileExistsError(used)

    def _open(self, name, folder, vocabulary, task, unit, config, steps, baselines):
        try:
            self._tokens = _tokens_of(vocabulary) or None
        except Exception as error:  # noqa: BLE001
            self._warn(f"vocabulary= is no list, text or dictionary of tokens: {error}")
            self._tokens = None
        now = datetime.datetime.now(datetime.timezone.utc)
        self.folder = pathlib.Path(folder) if folder is not None else _runs_folder() / _run_id(name, now)
        self._claim()
        if task is not None and task not in TASKS:
            self._warn(f"task={task!r} is none of {', '.join(TASKS)}")
            task = None
        unit = None if unit is None else self._text("unit", unit, MAX_NAME) or None
        characters = self._tokens is not None and all(len(token) == 1 for token in self._tokens if token[:1] != "<")
        if self._tokens is not None:
            task = task or "language-model"
            unit = unit or ("nats per character" if characters else "nats per token")
        self._context = {
            "task": task,
            "unit": unit,
            "vocabularySize": len(self._tokens) if self._tokens and task == "language-model" else None,
            "baselines": self._baselines_of(baselines),
        }
        self._record = {
            "version": VERSION,
            "origin": "logged",
            "id": self.folder.resolve().name[:MAX_NAME] or "run",
            "name": self._text("name", name, MAX_NAME) or self.folder.resolve().name[:MAX_NAME] or "run",
            "createdAt": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "state": "running",
            "message": None,
            "program": _program(),
            **self._context,
            "config": self._config_of(config),
            "layers": [],
            "parameters": 0,
            "steps": self._planned_steps(steps),
            "metrics": [],
            "gates": False,
        }
        self._step = 0
        self._began = time.monotonic()
        self._last_step_at = self._began
        self._losses = []
        self._since_validation = []
        self._clipped = []
        self._gradient_norm = None
        self._validation_loss = None
        self._best = None
        self._validations = {"count": 0, "best": None, "recent": []}
        self._diverged = None
        self._probes = []
        self._is_dirty = True
        self._written_at = -math.inf
        self._sink = _Sink(self.folder, self._record)
        self._write(force=True)
        self._sink.thread = threading.Thread(target=_beat, args=(weakref.ref(self), self._sink.stop), daemon=True)
        self._sink.thread.start()
        self._finalizer = weakref.finalize(self, _abandon, self._sink, self._lock_file, os.getpid())

    def _text(self, what, value, longest):
        text = str(value).strip()
        if len(text) > longest:
            self._warn(f"{what}= has more than {longest} characters: the rest is left out")
        return text[:longest]

    def _baselines_of(self, baselines):
        found = {}
        for key, value in dict(baselines or {}).items():
            number = self._finite(f"baselines: {key}", value)
            if number is not None and str(key):
                found[str(key)[:MAX_NAME]] = number
        if len(found) > MAX_BASELINES:
            self._warn(f"baselines= has more than {MAX_BASELINES} entries: the rest is left out")
        return dict(list(found.items())[:MAX_BASELINES])

    def _config_of(self, config):
        try:
            settings = _settings_of({} if config is None else config if hasattr(config, "items") else vars(config))
        except Exception as error:  # noqa: BLE001
            self._warn(f"config= has no settings by name: {type(error).__name__}: {error}")
            return {}
        if len(settings) > MAX_SETTINGS:
            self._warn(f"config= has more than {MAX_SETTINGS} settings: the rest is left out")
        return dict(list(settings.items())[:MAX_SETTINGS])

    def _planned_steps(self, steps):
        number = None if steps is None else self._finite("steps", steps)
        if number is not None and not 1 <= number <= MAX_INTEGER:
            self._warn(f"steps={steps} is no number of steps")
            return None
        return None if number is None else int(number)

    def _finite(self, what, value):
        """A finite number; None, with a warning, if it is none."""
        try:
            number = _number(value)
        except Exception as error:  # noqa: BLE001
            self._warn(f"{what} is no number: {type(error).__name__}: {error}")
            return None
        if number is None:
            self._warn(f"{what} is not finite")
        return number

    def _measured(self, what, value):
        """A number for JSON; None if it is not finite, and, with a warning, if it is none."""
        try:
            return None if value is None else _number(value)
        except Exception as error:  # noqa: BLE001
            self._warn(f"{what}= is no number: {type(error).__name__}: {error}")
            return None

    @_guarded
    def step(
        self,
        loss,
        *,
        validation_loss=None,
        gradient_norm=None,
        clipped_gradient_norm=None,
        learning_rate=None,
        items=None,
        scores=None,
        step=None,
    ):
        """Logs an optimizer step, counted from 1.

        loss: mean loss of the batch
        validation_loss, scores: as `validate` takes them
        gradient_norm, clipped_gradient_norm: global norm of the gradient, before and after clipping
        items: number of characters, words or sequences of the step, for the speed
        """
        self._step = self._step + 1 if step is None else max(self._step + 1, int(step))
        now = time.monotonic()
        seconds = now - self._began
        value = _number(loss)
        line = {"event": "step", "step": self._step, "loss": value, "seconds": round(seconds, 4)}
        for key, measured in (
            ("gradNorm", gradient_norm),
            ("clippedNorm", clipped_gradient_norm),
            ("learningRate", learning_rate),
        ):
            if measured is not None:
                line[key] = self._measured(_WORDS[key], measured)
                self._has(key)
        norm, clipped = line.get("gradNorm"), line.get("clippedNorm")
        self._gradient_norm = self._gradient_norm if gradient_norm is None else math.nan if norm is None else norm
        if line.get("learningRate", 0) is None:
            del line["learningRate"]
        count = self._measured("items", items)
        if count is not None and now > self._last_step_at:
            line["itemsPerSecond"] = count / (now - self._last_step_at)
            self._has("itemsPerSecond")
        self._last_step_at = now
        self._append(line)
        self._diverged = self._step if value is None else None
        recent = math.nan if value is None else value
        self._losses = [*self._losses, recent][-RECENT_STEPS:]
        self._since_validation = [*self._since_validation, recent][-RECENT_STEPS:]
        if gradient_norm is not None and clipped_gradient_norm is not None:
            self._clipped = [*self._clipped, norm is not None and clipped is not None and clipped < norm][-RECENT_STEPS:]
        if validation_loss is not None:
            self.validate(validation_loss, scores=scores)
        if self._watch is not None and self._watch.is_due(self._step):
            self._probe_watched()
        self._write()

    @_guarded
    def validate(self, loss, *, items=None, scores=None):
        """Logs a validation of the current step. scores: others than the loss, from 0 to 1, by name."""
        value = _number(loss)
        line = {"event": "validation", "step": self._step, "loss": value}
        count = self._measured("items", items)
        if count is not None and count >= 1:
            line["n"] = int(count)
        if scores:
            found = {str(key): self._measured(f"scores: {key}", score) for key, score in dict(scores).items()}
            line["scores"] = {key: score for key, score in found.items() if score is not None}
        self._append(line)
        self._has("valLoss")
        found = {"step": self._step, "loss": value, "trainLoss": _mean(self._since_validation)}
        self._since_validation = []
        self._validation_loss = value
        if value is not None and (self._best is None or value < self._best["loss"]):
            self._best = {"step": self._step, "loss": value}
            self._validations["best"] = found
        self._validations["count"] += 1
        self._validations["recent"] = [*self._validations["recent"], found][-MAX_VALIDATIONS:]
        self._write()

    @_guarded
    def probe(self, layers, *, loss=None, tokens=None, surprisal=None, parameters=None, gradient_norm=None, seconds=0.0):
        """Logs the gradient by time step and the gates of recurrent layers at the current step.

        layers: a dictionary for each direction of each layer, the first layer first:
            layer, cell: its name, and "lstm", "gru" or "rnn"
            direction: "forward" by default
            h, c: norm of the gradient of the last loss of each sequence by the state before the first step and after
                each step, `[sequences, 1 + steps]` in the order in which the layer reads; c of an LSTM only
            summed_h, summed_c: the same for the sum of all losses
            gates: by name ("input", "forget", "candidate", "output", "cellState", "hidden"; "update", "reset", "candidate",
                "hidden"; "hidden"), `[sequences, steps, units]`; those of the first sequence are shown beside its tokens
            recurrent: recurrent weights of each gate, `[gates, units, units]`; forget_bias: mean bias of the forget gate
            saturates: False for an activation without bounds, such as relu
        tokens: texts of the first sequence, one for each step; surprisal: -ln p of each in nats, None where there is none
        parameters: dictionaries with name, gradient_norm and weight_norm
        gradient_norm: global norm of the gradient of the mean loss; that of the last step by default
        """
        gradient_norm = self._gradient_norm if gradient_norm is None else gradient_norm
        if gradient_norm is None:
            raise ValueError("the global norm of the gradient is missing: gradient_norm=")
        layers = self._first("layers", list(layers), MAX_LAYERS)
        described = [_logged_layer(layer, self._warn) for layer in layers]
        probe = {
            "version": VERSION,
            "origin": "logged",
            "step": self._step,
            "seconds": float(seconds),
            "loss": _number(loss) if loss is not None else _mean(self._losses),
            "layers": [each for each, _ in described],
            "parameters": [
                {
                    "name": str(each["name"]),
                    "gradientNorm": _number(each["gradient_norm"]),
                    "weightNorm": _number(each["weight_norm"]),
                    "updateRatio": None,
                }
                for each in self._first("parameters", list(parameters or []), MAX_PARAMETERS)
            ],
            "gradientNorm": _number(gradient_norm),
            "clippedShare": sum(self._clipped) / max(1, len(self._clipped)),
            "validations": self._validations if self._validations["count"] else None,
            "context": self._context,
        }
        (self.folder / "probes").mkdir(exist_ok=True)
        _write_json(self.folder / "probes" / f"step-{self._step}.json", probe)
        self._probes = [*[each for each in self._probes if each != self._step], self._step]
        while len(self._probes) > MAX_PROBES:
            # The one whose removal leaves the smallest gap.
            gaps = [b - a for a, b in zip(self._probes, self._probes[2:])]
            gone = self._probes.pop(1 + gaps.index(min(gaps)))
            (self.folder / "probes" / f"step-{gone}.json").unlink(missing_ok=True)
        self._record["layers"] = [
            {key: each[key] for key in ("layer", "direction", "cell", "units")} for each, _ in described
        ]
        self._write_gates(described, tokens, surprisal)
        self._write(force=True)

    def _first(self, what, values, most):
        if len(values) > most:
            self._warn(f"probe: {what}= has {len(values)} entries: the first {most} are logged")
        return values[:most]

    def _write_gates(self, described, tokens, surprisal):
        lengths = [len(gates["hidden"]) if gates else None for _, gates in described]
        known = [length for length in lengths if length]
        if not known:
            return
        # The tokens are those of one side, such as that of the decoder: the one that most layers read.
        usual = max(known, key=known.count)
        for (layer, _), length in zip(described, lengths):
            if length not in (None, usual):
                self._warn(f"gates of the layer {layer['layer']}: it reads {length} steps, and others read {usual}")
        shown = [each for each, length in zip(described, lengths) if length == usual]
        width = sum(16 / 3 * layer["units"] * len(gates) for layer, gates in shown)
        count = min(MAX_TOKENS, usual, max(1, int(MAX_GATES_BYTES / width)))
        if count < min(MAX_TOKENS, usual):
            self._warn(f"gates of more than {count} tokens, which would take more than {MAX_GATES_BYTES} bytes")
        texts = [str(token) for token in tokens][:count] if tokens is not None else None
        if texts is None or len(texts) < count:
            texts = [str(number + 1) for number in range(count)]
        layers = [
            {
                **{key: layer[key] for key in ("layer", "direction", "cell", "units")},
                "activations": {
                    name: base64.b64encode(np.ascontiguousarray(values[:count], "<f4").tobytes()).decode()
                    for name, values in gates.items()
                },
            }
            for layer, gates in shown
        ]
        if surprisal is not None:
            surprisal = [None if each is None else _number(each) for each in surprisal][:count]
            surprisal = surprisal if len(surprisal) == count else None
        _write_json(
            self.folder / "gates.json",
            {"version": VERSION, "step": self._step, "tokens": texts, "surprisal": surprisal, "layers": layers},
        )
        self._record["gates"] = True

    def end(self, state=None, message=None):
        """Ends the run: "completed", "stopped", "diverged" or "failed".

        By default "diverged" if the loss of the last step is not finite, and "completed" otherwise.
        """
        if self._is_open:
            self._end(state, message)
            self._is_open = False

    @_guarded
    def _end(self, state, message):
        usual = "completed" if self._diverged is None else "diverged"
        if state not in (None, "completed", "stopped", "diverged", "failed"):
            self._warn(f'end: state={state!r} is none of "completed", "stopped", "diverged", "failed"')
            state = None
        self._finalizer.detach()
        self._sink.stop.set()
        self._record["state"] = usual if state is None else state
        self._record["message"] = None if message is None else str(message)[:MAX_TEXT]
        if self._watch is not None:
            self._watch.remove()
        try:
            self._write(force=True)
        finally:
            self._sink.close()
            self._lock_file.unlink(missing_ok=True)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        if kind is None:
            self.end()
        elif issubclass(kind, KeyboardInterrupt):
            self.end("stopped")
        else:
            self.end("failed", f"{kind.__name__}: {error}")
        return False

    def _has(self, key):
        if key not in self._record["metrics"]:
            self._record["metrics"].append(key)

    def _append(self, line):
        self._sink.pending += (json.dumps(line, allow_nan=False) + "\n").encode()
        self._is_dirty = True

    def _write(self, force=False):
        self._sink.progress = {
            "step": self._step,
            "seconds": round(time.monotonic() - self._began, 3),
            "trainLoss": _mean(self._losses),
            "valLoss": self._validation_loss,
            "best": self._best,
            "validations": self._validations,
            "diverged": self._diverged,
        }
        if force or time.monotonic() - self._written_at >= WRITE_SECONDS:
            self._written_at = time.monotonic()
            self._sink.flush()
            self._is_dirty = False

    @_guarded
    def _alive(self):
        if self._is_dirty:
            self._write()

    def _warn(self, text):
        if text in self._warned:
            return
        self._warned.add(text)
        message = f"Sequence Lab could not log: {text}"
        try:
            warnings.warn(message, SequenceLabWarning, stacklevel=4)
        except Warning:
            # The program makes errors of warnings, as python -W error does. This one must not end its loop.
            with contextlib.suppress(Exception):
                print(message, file=sys.stderr)

    # PyTorch

    @_guarded
    def watch(
        self, model, *, every=100, batch=None, losses=None, lengths=None, tokens=None, batch_first=None, sequences=16
    ):
        """Logs gradients by time step and gates of the recurrent layers of a PyTorch model, at every `every`-th step.

        The layers nn.LSTM, nn.GRU, nn.RNN and their cells are found by themselves. They are computed step by step from
        their weights on one batch, which stays the same: gradients and weights of the training are not touched.

        A model that reads token ids and returns the logits of each next token needs nothing else. For others:

        batch: arguments of `losses` after the model, such as (x, y)
        losses: function of the model and the batch that returns the loss of each sequence and step, `[sequences, steps]`, or
            of each sequence, `[sequences]`
        lengths: number of steps of each sequence, if they differ
        tokens: texts of the first sequence, one for each step
        batch_first: whether the first axis of the batch is the sequence; as the recurrent layers say by default
        sequences: most sequences of the batch that are used, up to 256
        """
        from_loop = batch is None
        if self._watch is not None:
            self._watch.remove()
        self._watch = _Watch(self, model, every, batch, losses, lengths, tokens, batch_first, sequences)
        if from_loop:
            self._watch.listen()
        self._record["parameters"] = sum(each.numel() for each in model.parameters())
        self._record["program"] = _program()
        device = next((each.device for each in model.parameters()), None)
        if device is not None:
            self._record["program"]["device"] = str(device)
        self._is_dirty = True

    @_guarded
    def _probe_watched(self):
        began = time.monotonic()
        if not self._watch.has_batch:
            self._warn(
                "watch: the model has read no batch yet, or not as a separate tensor while it trains: "
                "pass batch= and losses= to watch"
            )
            return
        self._watch.last = self._step
        found = self._watch.measure(self._tokens)
        if found is not None:
            self.probe(**found, seconds=time.monotonic() - began)

    # Keras

    def keras(self, *, steps=None):
        """A callback of Keras for `model.fit`: loss of each batch, and the validation of each epoch.

        The loss of a batch follows from the means of the epoch so far, as if batches were of the same size: that of the
        last one of an epoch is an approximation if it is smaller. With `steps_per_execution` it is the mean of those batches.
        """
        import keras

        log = self

        def guarded(method):
            """Turns errors into warnings: a callback that raises would end `fit`."""

            @functools.wraps(method)
            def call(*args, **kwargs):
                try:
                    method(*args, **kwargs)
                except Exception as error:  # noqa: BLE001
                    log._warn(f"keras: {method.__name__}: {type(error).__name__}: {error}")

            return call

        class Callback(keras.callbacks.Callback):
            """Keras reports the mean of an epoch so far; the loss of a batch is what it adds to the sum."""

            @guarded
            def on_train_begin(self, logs=None):
                with log._lock:
                    if log._is_open:
                        log._record["parameters"] = int(self.model.count_params())
                        log._record["steps"] = log._planned_steps(steps) or log._planned_steps(_planned(self.params))
                        log._record["program"] = _program()

            @guarded
            def on_epoch_begin(self, epoch, logs=None):
                self._sum, self._read = 0.0, 0

            @guarded
            def on_train_batch_end(self, batch, logs=None):
                # With steps_per_execution this is called once for several batches, with the number of the last one.
                read = batch + 1
                total = _scalar((logs or {}).get("loss"), math.nan) * read
                count = max(1, read - self._read)
                rate = getattr(getattr(self.model, "optimizer", None), "learning_rate", None)
                rate = None if rate is None else _scalar(keras.ops.convert_to_numpy(rate))
                if log._is_open:
                    log.step(loss=(total - self._sum) / count, learning_rate=rate, step=log._step + count)
                self._sum, self._read = total, read

            @guarded
            def on_epoch_end(self, epoch, logs=None):
                values = {key: _scalar(value) for key, value in (logs or {}).items() if key.startswith("val_")}
                if values.get("val_loss") is not None:
                    # A metric with a value for each class is no score.
                    scores = {
                        key[4:]: value
                        for key, value in values.items()
                        if key != "val_loss" and value is not None and 0 <= value <= 1
                    }
                    log.validate(values["val_loss"], scores=scores)

            @guarded
            def on_train_end(self, logs=None):
                log.end()

        return Callback()


def _scalar(value, otherwise=None):
    """The only value of an array; `otherwise` if there are more or none."""
    try:
        values = np.asarray(value, np.float64).ravel()
    except (TypeError, ValueError):
        return otherwise
    return float(values[0]) if values.size == 1 else otherwise


def _planned(parameters):
    steps, epochs = parameters.get("steps"), parameters.get("epochs")
    return steps * epochs if steps and epochs else None


def _beat(reference, stop):
    """Writes what a slow loop has logged, and shows that the process is alive."""
    beat = time.monotonic()
    while not stop.wait(WRITE_SECONDS):
        log = reference()
        if log is None:
            return
        log._alive()
        if time.monotonic() - beat >= BEAT_SECONDS:
            beat = time.monotonic()
            with contextlib.suppress(OSError):
                os.utime(log._lock_file)
        del log


class _Sink:
    """The files of a run, and what is still to be written to them: it outlives a log that is dropped without its end."""

    def __init__(self, folder, record):
        self.folder, self.record, self.progress = folder, record, None
        self.pending = bytearray()
        self.file = open(folder / "metrics.jsonl", "ab", buffering=0)
        self.stop = threading.Event()
        self.thread = None

    def flush(self):
        if self.file.closed:
            return
        # A full disk takes a part of the lines; the rest follows it, so that no line is torn.
        while self.pending:
            written = self.file.write(bytes(self.pending))
            if not written:
                break
            del self.pending[:written]
        _write_json(self.folder / "run.json", {**self.record, "progress": self.progress}, indent=2)

    def close(self):
        self.stop.set()
        self.file.close()


def _abandon(sink, lock, pid):
    """The program has ended, or dropped its log, without ending the run."""
    if os.getpid() != pid:
        return
    sink.stop.set()
    if sink.thread is not threading.current_thread():
        sink.thread.join(timeout=5)
    with contextlib.suppress(Exception):
        if sink.record["state"] == "running":
            sink.record.update(state="interrupted", message="The program ended without log.end().")
        sink.flush()
    sink.close()
    with contextlib.suppress(OSError):
        lock.unlink()


def _write_json(path, content, indent=None):
    """Replaces a file, so that a reader sees the old content or the new one."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(json.dumps(content, allow_nan=False, indent=indent) + "\n", encoding="utf-8")
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    for attempt in range(20):
        try:
            os.replace(temporary, path)
            return
        except PermissionError:
            # Windows does not replace a file while another program reads it.
            if attempt == 19:
                raise
            time.sleep(0.01)


def _runs_folder():
    home = os.environ.get("SEQUENCE_LAB_HOME", "").strip()
    return (pathlib.Path(home) if home else pathlib.Path.home() / ".sequence-lab").resolve() / "runs"


def _run_id(name, now):
    slug = re.sub(r"[\W_]+", "-", str(name).lower()).strip("-")[:40] or "run"
    return f"{now:%Y%m%d-%H%M%S}-{slug}-{secrets.token_hex(2)}"


def _namespace():
    """The processes that this one can see: those of this computer and, on Linux, of this container."""
    try:
        namespace = os.readlink("/proc/self/ns/pid")
    except (OSError, AttributeError):
        namespace = ""
    return re.sub("[^A-Za-z0-9]+", "-", f"{socket.gethostname()}-{namespace}")


def _process_start():
    """Tells this process from later ones with the same number; "-" where the system does not say it cheaply."""
    try:
        boot = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        stat = pathlib.Path("/proc/self/stat").read_text()
        return f"{boot}-{stat[stat.rindex(')') + 2:].split(' ')[19]}"
    except (OSError, ValueError, IndexError):
        return "-"


def _program():
    versions = {"python": sys.version.split()[0], "numpy": np.__version__}
    name, threads = "Python", 1
    for module, title in (("tensorflow", "TensorFlow"), ("jax", "JAX"), ("torch", "PyTorch"), ("keras", "Keras")):
        loaded = sys.modules.get(module)
        if loaded is None:
            continue
        versions[module] = str(getattr(loaded, "__version__", "?"))[:MAX_NAME] or "?"
        name = title
        if module == "torch":
            threads = max(1, int(loaded.get_num_threads()))
    return {"name": name, "device": "CPU", "threads": threads, "versions": versions}


def _settings_of(config, prefix=""):
    settings = {}
    for key, value in config.items():
        path = f"{prefix}{key}"[:MAX_NAME] or "?"
        if isinstance(value, dict):
            settings.update(_settings_of(value, f"{path}."))
            continue
        if isinstance(value, (bool, np.bool_)):
            value = bool(value)
        elif isinstance(value, numbers.Integral):
            value = int(value) if abs(int(value)) <= MAX_INTEGER else str(value)[:MAX_TEXT]
        elif isinstance(value, numbers.Real):
            value = float(value) if math.isfinite(value) else str(value)
        elif value is not None:
            value = str(value)[:MAX_TEXT]
        settings[path if value is None else FIELDS.get(path, path)] = value
    return settings


def _tokens_of(vocabulary):
    if vocabulary is None:
        return None
    if isinstance(vocabulary, dict):
        if all(isinstance(value, (int, np.integer)) for value in vocabulary.values()):
            return [str(token) for token, _ in sorted(vocabulary.items(), key=lambda entry: entry[1])]
        return [str(vocabulary[number]) for number in sorted(vocabulary)]
    return [str(token) for token in vocabulary]


# Arguments of `Log.step` by the names that a line has.
_WORDS = {"gradNorm": "gradient_norm", "clippedNorm": "clipped_gradient_norm", "learningRate": "learning_rate"}


def _number(value):
    """A number for JSON: None if it is not finite."""
    number = float(value.detach() if hasattr(value, "detach") else value)
    return number if math.isfinite(number) else None


def _mean(values):
    return _number(sum(values) / len(values)) if values else None


def _numbers(values):
    return [float(each) if math.isfinite(each) else None for each in np.asarray(values, np.float64)]


# Measurements of a layer


def _logged_layer(layer, warn):
    """A layer as a probe stores it, and its gates on the first sequence."""
    cell = layer["cell"]
    if cell not in GATES:
        raise ValueError(f'the cell "{cell}" is none of {", ".join(GATES)}')
    name = str(layer["layer"])[:MAX_NAME] or cell
    gates = {key: [np.asarray(each, np.float32) for each in values] for key, values in (layer.get("gates") or {}).items()}
    for key, values in gates.items():
        if key not in GATES[cell]:
            raise ValueError(f'a layer of the cell "{cell}" has no gate "{key}": {", ".join(GATES[cell])}')
        if not all(each.ndim == 2 and each.shape == first.shape for each, first in zip(values, next(iter(gates.values())))):
            raise ValueError(f'the gate "{key}" of the layer {name} is not [sequences, steps, units] as the other gates are')
    units = layer.get("units") or (next(iter(gates.values()))[0].shape[-1] if gates else None)
    if units is None:
        raise ValueError("a layer needs units or gates")
    curves = {key: _curves_of(name, key, layer.get(key), warn) for key in ("h", "c", "summed_h", "summed_c")}
    if curves["h"] is None:
        raise ValueError(f"the layer {name} has no h")
    for key, other in (("c", "h"), ("summed_c", "summed_h")):
        if curves[key] is not None and [len(each) for each in curves[key]] != [len(each) for each in curves[other] or []]:
            raise ValueError(f"{key} of the layer {name} has not the sequences and steps of {other}")
    if any(values and not np.isfinite(values[0]).all() for values in gates.values()):
        warn(f"gates of the layer {name}: some values are not finite, and are drawn as missing")
    summed = curves["summed_h"] is not None
    statistics = [
        _statistics(key, gates[key][:DETAILED]) for key in SATURATING[cell] if key in gates and layer.get("saturates", True)
    ]
    found = {
        "layer": name,
        "direction": layer.get("direction", "forward"),
        "cell": cell,
        "units": int(units),
        "lastStep": {"h": _by_lag(curves["h"]), "c": _by_lag(curves["c"])},
        "summed": {"h": _by_lag(curves["summed_h"]), "c": _by_lag(curves["summed_c"])} if summed else None,
        **_weights(layer.get("recurrent")),
        "forgetBias": _number(layer["forget_bias"]) if layer.get("forget_bias") is not None else None,
        "forgetProduct": _forget_product(gates["forget"][:DETAILED])[:MAX_LAGS] if "forget" in gates else None,
        "gates": [each for each in statistics if each is not None],
    }
    complete = len(gates) == len(GATES[cell])
    return found, {key: values[0] for key, values in gates.items()} if complete else {}


def _curves_of(layer, key, curves, warn):
    """Curves by time, as many and as long as readers accept; None without them."""
    if curves is None:
        return None
    found = [np.asarray(curve, np.float64) for curve in curves]
    if not found or any(curve.ndim != 1 or len(curve) < 2 for curve in found):
        raise ValueError(f"{key} of the layer {layer} is not [sequences, 1 + steps]: a sequence has a step at least")
    if len(found) > MAX_SEQUENCES:
        warn(f"{key} of the layer {layer}: {len(found)} sequences; the first {MAX_SEQUENCES} are logged")
    if max(len(curve) for curve in found) > MAX_LAGS:
        warn(f"{key} of the layer {layer}: sequences of more than {MAX_LAGS - 1} steps; the last ones are logged")
    return [np.abs(curve[-MAX_LAGS:]) for curve in found[:MAX_SEQUENCES]]


def _by_lag(curves):
    """Curves by time, the state before the first step first, as curves by lag: the last step first."""
    return None if curves is None else [_numbers(np.asarray(curve, np.float64)[::-1]) for curve in curves]


def _weights(recurrent):
    if recurrent is None:
        return {"sigmaMax": None, "spectralRadius": None}
    matrices = [np.asarray(each, np.float64) for each in recurrent]
    if not all(np.isfinite(each).all() for each in matrices):
        return {"sigmaMax": None, "spectralRadius": None}
    square = all(each.shape[0] == each.shape[1] for each in matrices)
    radius = max(float(np.abs(np.linalg.eigvals(each)).max()) for each in matrices) if square else None
    return {"sigmaMax": max(float(np.linalg.norm(each, 2)) for each in matrices), "spectralRadius": radius}


def _forget_product(sequences):
    """Mean product of the forget gates from the last step back, by lag."""
    longest = max(len(each) for each in sequences)
    sums, counts = np.zeros(longest + 1), np.zeros(longest + 1)
    for values in sequences:
        products = np.cumprod(np.asarray(values, np.float64)[::-1], axis=0)
        sums[: len(values) + 1] += np.concatenate([[1.0], products.mean(axis=1)])
        counts[: len(values) + 1] += 1
    return _numbers(sums / counts)


def _statistics(name, sequences):
    values = np.concatenate(sequences).astype(np.float64)
    values = values[np.isfinite(values).all(axis=1)]
    if len(values) == 0:
        return None
    lowest = 0.0 if name in SIGMOIDS else -1.0
    low, high = (0.1 if name in SIGMOIDS else -0.9), 0.9
    places = np.floor((values - lowest) * (BINS / (1 - lowest))).astype(int).clip(0, BINS - 1)
    low_by_unit, high_by_unit = (values < low).mean(axis=0), (values > high).mean(axis=0)
    return {
        "gate": name,
        "histogram": _numbers(np.bincount(places.ravel(), minlength=BINS) / places.size),
        "low": float(low_by_unit.mean()),
        "high": float(high_by_unit.mean()),
        "lowByUnit": _numbers(low_by_unit),
        "highByUnit": _numbers(high_by_unit),
    }


# PyTorch


class _Watch:
    """Measures the recurrent layers of a PyTorch model on one batch."""

    def __init__(self, log, model, every, batch, losses, lengths, tokens, batch_first, sequences):
        import torch

        self._torch = torch
        self._warn = log._warn
        self._outer = model
        inner = model
        wrappers = (torch.nn.parallel.DistributedDataParallel, torch.nn.DataParallel)
        while hasattr(inner, "_orig_mod") or isinstance(inner, wrappers):
            inner = inner._orig_mod if hasattr(inner, "_orig_mod") else inner.module
        self._model = inner
        kinds = {
            torch.nn.LSTM: "lstm",
            torch.nn.GRU: "gru",
            torch.nn.RNN: "rnn",
            torch.nn.LSTMCell: "lstm",
            torch.nn.GRUCell: "gru",
            torch.nn.RNNCell: "rnn",
        }
        self._modules = [
            (name or type(module).__name__.lower(), module, kinds[type(module)])
            for name, module in inner.named_modules()
            if type(module) in kinds
        ]
        if not self._modules:
            raise ValueError("the model has no nn.LSTM, nn.GRU, nn.RNN or cell of them: use log.probe")
        if batch is not None and not isinstance(batch, (tuple, list)):
            batch = (batch,)
        self._every = max(1, int(every))
        self._batch = batch
        self._losses = losses
        self._lengths = lengths
        self._texts = tokens
        first = self._modules[0][1]
        self._batch_first = getattr(first, "batch_first", True) if batch_first is None else batch_first
        self._is_axis_known = batch_first is not None
        self._sequences = min(MAX_SEQUENCES, max(1, int(sequences)))
        self._key = None
        self._hook = None
        self.last = None

    def is_due(self, step):
        """At the first step, and at each multiple of `every` that the loop reaches or passes."""
        return self.last is None or step // self._every > self.last // self._every

    @property
    def has_batch(self):
        return self._batch is not None

    def listen(self):
        """Keeps the first batch that the model reads while it trains."""
        # What the loop calls may be a wrapper, whose own hooks torch.compile does not compile.
        self._hook = self._outer.register_forward_pre_hook(_Listener(self), with_kwargs=True)

    def remove(self):
        if self._hook is not None:
            self._hook.remove()
            self._hook = None

    def take(self, args, kwargs):
        if self._batch is not None or not self._model.training:
            return
        # A first argument that is no tensor, such as a tuple or a packed sequence, cannot be shortened here.
        found = [(None, args[0])] if args else list(kwargs.items())
        key, value = next(((key, each) for key, each in found if self._torch.is_tensor(each)), (None, None))
        if value is None:
            return
        kept, axis = value.detach(), 0 if self._batch_first else 1
        if self._losses is not None and kept.dim() > axis:
            kept = kept.narrow(axis, 0, min(self._sequences, kept.shape[axis]))
        self._key, self._batch = key, (kept.clone(),)
        self.remove()

    def measure(self, vocabulary):
        """What `Log.probe` takes."""
        if self._losses is not None:
            return self._measured(lambda: (self._losses(self._model, *self._batch), self._texts, None), None)
        axes = [self._batch_first] if self._is_axis_known else [self._batch_first, not self._batch_first]
        for batch_first in axes:
            try:
                found = self._measured(lambda: self._of_ids(vocabulary, batch_first), batch_first)
            except _OtherAxis as other:
                failure = other
            else:
                self._batch_first, self._is_axis_known = batch_first, True
                return found
        raise ValueError(f"{failure}: pass batch_first= to watch, or batch= and losses=")

    def _measured(self, compute, batch_first):
        torch = self._torch
        parameters = [(n, p) for n, p in self._model.named_parameters() if p.requires_grad]
        records = {}
        with contextlib.ExitStack() as stack:
            stack.enter_context(_random_kept(torch))
            stack.enter_context(_modules_kept(torch, self._model))
            stack.enter_context(torch.inference_mode(False))
            stack.enter_context(torch.enable_grad())
            device = next((p.device.type for _, p in parameters), "cpu")
            stack.enter_context(torch.autocast(device, enabled=False))
            for name, module, kind in self._modules:
                record = records[name] = _Record(torch, name, module, kind)
                module.__dict__["forward"] = record.forward
            try:
                losses, texts, surprisal = compute()
            except (ValueError, RuntimeError, IndexError) as error:
                # A model that takes the batch with its other axis first may also fail with it.
                if batch_first is None or self._is_axis_known:
                    raise
                raise _OtherAxis(f"{type(error).__name__}: {error}") from error
            if losses.dim() == 1:
                losses = losses[:, None]
            return self._gradients(losses, parameters, self._called(records, losses, batch_first), texts, surprisal)

    def _called(self, records, losses, batch_first):
        """The layers that the forward pass has called with the sequences that have the losses."""
        called = {name: record.runs for name, record in records.items() if any(run.h for run in record.runs)}
        if not called:
            raise ValueError("no watched layer was called")
        count, steps = losses.shape
        shapes = {name: (runs[0].h[0].shape[0], len(runs[0].h) - 1) for name, runs in called.items()}
        read = ", ".join(sorted({f"{sequences} sequences of {length} steps" for sequences, length in shapes.values()}))
        if batch_first is not None and (count, steps) not in shapes.values():
            raise _OtherAxis(f"the layers read {read}, and the losses are those of {count} of {steps}")
        fitting = {name: called[name] for name, (sequences, _) in shapes.items() if sequences == count}
        # Losses of each sequence alone have one step.
        is_swapped = steps > 1 and (steps, count) in shapes.values() and (count, steps) not in shapes.values()
        if not fitting or is_swapped:
            raise ValueError(
                f"the layers read {read}, but the losses have the shape {list(losses.shape)}: losses= is to return "
                "[sequences, steps] or [sequences]"
            )
        for name in called:
            if name not in fitting:
                self._warn(f"watch: {name} reads {shapes[name][0]} sequences, and the losses are those of {count}")
        return [records[name] for name in fitting]

    def _of_ids(self, vocabulary, batch_first):
        torch = self._torch
        ids = self._batch[0]
        if ids.dtype.is_floating_point or ids.dim() != 2:
            raise TypeError("the model does not read token ids: pass batch= and losses= to watch")
        ids = (ids if batch_first else ids.t())[: self._sequences]
        # As many sequences as steps would look alike if their axes were mistaken for each other.
        if len(ids) > 1 and len(ids) == ids.shape[1] - 1:
            ids = ids[:-1]
        inputs, targets = ids[:, :-1], ids[:, 1:]
        given = inputs if batch_first else inputs.t()
        logits = self._model(given) if self._key is None else self._model(**{self._key: given})
        # Models of transformers return an object with logits.
        logits = logits[0] if isinstance(logits, (tuple, list)) else getattr(logits, "logits", logits)
        count, steps = inputs.shape
        if not torch.is_tensor(logits):
            raise TypeError("the model does not return a tensor of logits: pass batch= and losses= to watch")
        if logits.dim() == 3 and tuple(logits.shape[:2]) != (count, steps):
            logits = logits.transpose(0, 1)
        if logits.numel() != count * steps * logits.shape[-1]:
            raise ValueError("the model does not return the logits of each next token: pass batch= and losses= to watch")
        if logits.dim() == 2 and not batch_first:
            logits = logits.view(steps, count, -1).transpose(0, 1)
        flat = logits.reshape(count * steps, -1).float()
        losses = torch.nn.functional.cross_entropy(flat, targets.reshape(-1), reduction="none").view(count, steps)
        read = inputs[0].tolist()
        texts = self._texts or [vocabulary[i] if vocabulary and 0 <= i < len(vocabulary) else str(i) for i in read]
        return losses, texts, [None, *losses[0, :-1].tolist()]

    def _gradients(self, losses, parameters, records, texts, surprisal):
        torch = self._torch
        losses = losses[: self._sequences]
        rows = torch.arange(losses.shape[0], device=losses.device)
        states = [state for record in records for run in record.runs for state in run.states()]
        steps = max(len(run.h) - 1 for record in records for run in record.runs)
        lengths = [max(1, int(each)) for each in self._lengths][: len(rows)] if self._lengths is not None else None
        per_step = losses.shape[1] > 1
        ends = torch.tensor([min(each, losses.shape[1]) - 1 for each in lengths], device=losses.device) if (
            lengths and per_step
        ) else torch.full_like(rows, losses.shape[1] - 1)
        mask = torch.arange(losses.shape[1], device=losses.device)[None, :] <= ends[:, None]
        kept = torch.where(mask, losses, torch.zeros_like(losses))
        count = int(mask.sum())
        backward = per_step and any(run.is_backward for record in records for run in record.runs)
        weights = [parameter for _, parameter in parameters]
        last = self._grad(losses[rows, ends].sum(), states)
        first = self._grad(losses[:, 0].sum(), states) if backward else last
        summed = self._grad(kept.sum(), [*states, *weights])
        slopes = summed[len(states) :]
        found, place = [], 0
        for record in records:
            for run in record.runs:
                size = len(run.states())
                chosen = first if run.is_backward else last
                found.append(
                    run.described(
                        chosen[place : place + size],
                        summed[place : place + size],
                        lengths or [steps] * losses.shape[0],
                    )
                )
                place += size
        norms = [float(slope.double().norm()) / count for slope in slopes]
        return {
            "layers": found,
            "loss": float(kept.sum().detach()) / count,
            "tokens": texts,
            "surprisal": surprisal,
            "parameters": [
                {"name": name, "gradient_norm": norm, "weight_norm": float(parameter.detach().double().norm())}
                for (name, parameter), norm in zip(parameters, norms)
            ],
            "gradient_norm": math.sqrt(sum(norm * norm for norm in norms)),
        }

    def _grad(self, loss, of):
        found = self._torch.autograd.grad(loss, of, retain_graph=True, allow_unused=True)
        return [self._torch.zeros_like(each) if grad is None else grad for each, grad in zip(of, found)]


class _OtherAxis(ValueError):
    """The batch seems to have its other axis first."""


class _Listener:
    """A hook that shows a watch what its model reads. A copy of the model, also a saved one, has one that does nothing."""

    def __init__(self, watch=None):
        self._watch = weakref.ref(watch) if watch is not None else None

    def __reduce__(self):
        return (_Listener, ())

    def __call__(self, module, args, kwargs):
        import torch

        if torch.compiler.is_compiling():
            return None
        watch = self._watch() if self._watch is not None else None
        if watch is not None:
            try:
                watch.take(args, kwargs)
            except Exception as error:  # noqa: BLE001
                watch.remove()
                watch._warn(f"watch: {type(error).__name__}: {error}")
        return None


@contextlib.contextmanager
def _modules_kept(torch, model):
    """Gives modules copies of their buffers and attributes, in evaluation mode, and puts the ones they had back."""
    scripted = [(module, module.training) for module in model.modules() if isinstance(module, torch.jit.ScriptModule)]
    kept = [(each, dict(each.__dict__)) for each in model.modules() if not isinstance(each, torch.jit.ScriptModule)]
    copies = {}

    def copied(value, depth=0):
        if id(value) in copies:
            return copies[id(value)]
        if isinstance(value, torch.nn.Parameter):
            return value
        if torch.is_tensor(value):
            found = value.detach().clone()
        elif depth > 3 or type(value) not in (list, tuple, dict) or len(value) > 10_000:
            return value
        elif type(value) is dict:
            found = {key: copied(each, depth + 1) for key, each in value.items()}
        else:
            found = type(value)(copied(each, depth + 1) for each in value)
        copies[id(value)] = found
        return found

    try:
        for module, attributes in kept:
            for name, value in attributes.items():
                # PyTorch's own registries, other than buffers, have weights, modules and hooks, which stay the same objects.
                own = name in ("_parameters", "_modules") or "_hooks" in name
                module.__dict__[name] = (type(value)(value) if own and isinstance(value, dict) else copied(value))
            module.__dict__["_buffers"] = {name: copied(each) for name, each in attributes["_buffers"].items()}
            module.__dict__["training"] = False
            # A compiled forward pass would be compiled again for the layers that are computed step by step.
            module.__dict__["_compiled_call_impl"] = None
        for module, _ in scripted:
            module.training = False
        yield
    finally:
        for module, mode in scripted:
            module.training = mode
        for module, attributes in kept:
            module.__dict__.clear()
            module.__dict__.update(attributes)


@contextlib.contextmanager
def _random_kept(torch):
    """Keeps the generators of random numbers as they are, whatever the forward pass of a model draws."""
    state, legacy = random.getstate(), np.random.get_state()
    try:
        with torch.random.fork_rng(devices=list(range(torch.cuda.device_count())) if torch.cuda.is_initialized() else []):
            yield
    finally:
        random.setstate(state)
        np.random.set_state(legacy)


class _Run:
    """States and gates of one direction of one layer, in the order in which it reads."""

    def __init__(self, layer, cell, is_backward, recurrent, forget_bias, saturates):
        self.layer, self.cell, self.is_backward = layer, cell, is_backward
        self.recurrent, self.forget_bias, self.saturates = recurrent, forget_bias, saturates
        self.h, self.c, self.gates = [], [], {name: [] for name in GATES[cell]}

    def states(self):
        return [*self.h, *self.c]

    def begin(self, h, c):
        if not self.h:
            self.h, self.c = [h], [c] if c is not None else []

    def add(self, h, c, gates):
        self.h.append(h)
        if c is not None:
            self.c.append(c)
        for name, values in {**gates, **({"cellState": c} if c is not None else {}), "hidden": h}.items():
            self.gates[name].append(values.detach())

    def described(self, last, summed, lengths):
        steps, places = len(self.h) - 1, len(self.h)
        units = self.recurrent.shape[1]

        def curves(gradients):
            norms = _stacked(gradients).norm(dim=-1).cpu().numpy()
            # The first steps of a backward direction, and the last ones of a forward one, are padding.
            ends = [(steps - n, steps + 1) if self.is_backward else (0, min(n, steps) + 1) for n in lengths]
            return [norms[max(0, begin) : end, index] for index, (begin, end) in enumerate(ends)]

        def values(name):
            stacked = _stacked(self.gates[name]).cpu().numpy().astype(np.float32)
            stacked = stacked[::-1] if self.is_backward else stacked
            return [stacked[: min(n, steps), index] for index, n in enumerate(lengths)]

        has_c = bool(self.c)
        gates = {name: values(name) for name, all_values in self.gates.items() if all_values}
        # A projection makes the hidden state narrower than the gates, so they have no map together.
        if gates["hidden"][0].shape[-1] != units:
            gates = {name: each for name, each in gates.items() if name in SATURATING[self.cell]}
        return {
            "layer": self.layer,
            "direction": "backward" if self.is_backward else "forward",
            "cell": self.cell,
            "units": units,
            "h": curves(last[:places]),
            "c": curves(last[places:]) if has_c else None,
            "summed_h": curves(summed[:places]),
            "summed_c": curves(summed[places:]) if has_c else None,
            "gates": gates,
            # A relu has no end that its values approach.
            "saturates": self.saturates,
            "recurrent": self.recurrent,
            "forget_bias": self.forget_bias,
        }


def _stacked(tensors):
    import torch

    return torch.stack([each.detach().double() for each in tensors])


class _Record:
    """Computes a recurrent module step by step, with the same results, and keeps states and gates."""

    def __init__(self, torch, name, module, kind):
        self._torch, self._module, self._kind = torch, module, kind
        self.runs = []
        self._is_cell = not hasattr(module, "num_layers")
        count = 1 if self._is_cell else module.num_layers
        for layer in range(count):
            for reverse in range(2 if getattr(module, "bidirectional", False) else 1):
                title = name if count == 1 else f"{name}.{layer}"
                _, w_hh, b_ih, b_hh, _ = self._weights(layer, reverse)
                size = module.hidden_size
                recurrent = w_hh.detach().cpu().double().numpy().reshape(-1, size, w_hh.shape[1])
                bias = None
                if kind == "lstm":
                    bias = float((b_ih + b_hh)[size : 2 * size].detach().mean()) if b_ih is not None else 0.0
                saturates = getattr(module, "nonlinearity", "tanh") != "relu"
                self.runs.append(_Run(title, kind, bool(reverse), recurrent, bias, saturates))

    def _weights(self, layer, reverse):
        suffix = "" if self._is_cell else f"_l{layer}{'_reverse' if reverse else ''}"
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
        return [getattr(self._module, name + suffix, None) for name in names]

    def forward(self, x, hx=None):
        if self._is_cell:
            return self._forward_cell(x, hx)
        torch, module = self._torch, self._module
        packed = isinstance(x, torch.nn.utils.rnn.PackedSequence)
        lengths = None
        if packed:
            x, lengths = torch.nn.utils.rnn.pad_packed_sequence(x)
        elif x.dim() == 2:
            x = x[:, None]
            hx = tuple(each[:, None] for each in hx) if isinstance(hx, tuple) else None if hx is None else hx[:, None]
            output, state = self._layers(x, hx, None)
            squeezed = tuple(each[:, 0] for each in state) if isinstance(state, tuple) else state[:, 0]
            return output[:, 0], squeezed
        elif module.batch_first:
            x = x.transpose(0, 1)
        output, state = self._layers(x, hx, lengths)
        if packed:
            return torch.nn.utils.rnn.pack_padded_sequence(output, lengths, enforce_sorted=False), state
        return (output.transpose(0, 1) if module.batch_first else output), state

    def _layers(self, x, hx, lengths):
        torch, module = self._torch, self._module
        directions = 2 if module.bidirectional else 1
        count, sizes = module.num_layers * directions, [module.proj_size or module.hidden_size, module.hidden_size]
        given = [hx] if torch.is_tensor(hx) else list(hx or [])
        parts = 2 if self._kind == "lstm" else 1
        if not given:
            given = [x.new_zeros(count, x.shape[1], size) for size in sizes[:parts]]
        ends = [[] for _ in range(parts)]
        for layer in range(module.num_layers):
            outputs = []
            for reverse in range(directions):
                index = layer * directions + reverse
                state = [self._tracked(part[index]) for part in given]
                times = range(x.shape[0])
                read = {}
                self.runs[index].begin(state[0], state[1] if parts == 2 else None)
                for t in reversed(times) if reverse else times:
                    mask = None if lengths is None else (t < lengths).to(x.device)[:, None]
                    state = self._step(index, self._weights(layer, reverse), x[t], state, mask)
                    read[t] = state[0] if mask is None else torch.where(mask, state[0], torch.zeros_like(state[0]))
                outputs.append(torch.stack([read[t] for t in times]))
                for part, end in zip(ends, state):
                    part.append(end)
            x = torch.cat(outputs, -1)
        state = [torch.stack(part) for part in ends]
        return x, tuple(state) if parts == 2 else state[0]

    def _forward_cell(self, x, hx):
        torch, module = self._torch, self._module
        single = x.dim() == 1
        x = x[None] if single else x
        parts = 2 if self._kind == "lstm" else 1
        given = [hx] if torch.is_tensor(hx) else list(hx or [])
        state = [each[None] if single else each for each in given] or [
            x.new_zeros(x.shape[0], module.hidden_size) for _ in range(parts)
        ]
        run = self.runs[0]
        if not run.h:
            state = [self._tracked(each) for each in state]
            run.begin(state[0], state[1] if parts == 2 else None)
        state = self._step(0, self._weights(0, 0), x, state, None)
        state = [each[0] for each in state] if single else state
        return tuple(state) if parts == 2 else state[0]

    @staticmethod
    def _tracked(state):
        return state + 0 if state.requires_grad else state.detach().clone().requires_grad_()

    def _step(self, index, weights, x, state, mask):
        torch = self._torch
        w_ih, w_hh, b_ih, b_hh, w_hr = weights
        linear = torch.nn.functional.linear
        h = state[0]
        # A bfloat16 or float16 model computes in its own precision, as its layers do.
        from_x, from_h = linear(x.to(w_ih.dtype), w_ih, b_ih), linear(h, w_hh, b_hh)
        if self._kind == "lstm":
            i, f, g, o = (from_x + from_h).chunk(4, -1)
            i, f, g, o = torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)
            c = f * state[1] + i * g
            h = o * torch.tanh(c)
            new = [h if w_hr is None else linear(h, w_hr), c]
            gates = {"input": i, "forget": f, "candidate": g, "output": o}
        elif self._kind == "gru":
            (xr, xz, xn), (hr, hz, hn) = from_x.chunk(3, -1), from_h.chunk(3, -1)
            r, z = torch.sigmoid(xr + hr), torch.sigmoid(xz + hz)
            n = torch.tanh(xn + r * hn)
            new = [(1 - z) * n + z * h]
            gates = {"update": z, "reset": r, "candidate": n}
        else:
            # nn.RNN and nn.RNNCell name their nonlinearity alike.
            act = torch.relu if self._module.nonlinearity == "relu" else torch.tanh
            new, gates = [act(from_x + from_h)], {}
        if mask is not None:
            new = [torch.where(mask, after, before) for after, before in zip(new, state)]
        self.runs[index].add(new[0], new[1] if len(new) > 1 else None, gates)
        return new
