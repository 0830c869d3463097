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

    # Writing a run

    @_guarded
    def _begin(self, name, folder, vocabulary, task, unit, config, steps, baselines):
        self._tokens = _tokens_of(vocabulary)
        now = datetime.datetime.now(datetime.timezone.utc)
        self.folder = pathlib.Path(folder) if folder is not None else _runs_folder() / _run_id(name, now)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if any(self.folder.iterdir()):
                raise FileExistsError(f"{self.folder} is not empty: choose another folder for the run")
        except OSError as error:
            self._is_open = False
            self._warn(str(error))
            return
        characters = self._tokens is not None and all(len(token) == 1 for token in self._tokens if token[:1] != "<")
        if self._tokens is not None:
            task = task or "language-model"
            unit = unit or ("nats per character" if characters else "nats per token")
        self._context = {
            "task": task,
            "unit": unit,
            "vocabularySize": len(self._tokens) if self._tokens and task == "language-model" else None,
            "baselines": {key: float(value) for key, value in (baselines or {}).items()},
        }
        self._record = {
            "version": VERSION,
            "origin": "logged",
            "id": self.folder.resolve().name,
            "name": str(name)[:200],
            "createdAt": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "state": "running",
            "message": None,
            "program": _program(),
            **self._context,
            "config": _settings_of(config or {}),
            "layers": [],
            "parameters": 0,
            "steps": steps,
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
        self._lines = []
        self._is_dirty = True
        self._written_at = -math.inf
        self._lock_file = self.folder / "lock"
        self._lock_file.write_text(f"{os.getpid()} {_process_start()} {_namespace()}", encoding="utf-8")
        self._file = open(self.folder / "metrics.jsonl", "ab", buffering=0)
        self._write(force=True)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=_beat, args=(weakref.ref(self), self._stop), daemon=True)
        self._thread.start()
        self._finalizer = weakref.finalize(self, _abandon, self.folder, self._lock_file, os.getpid(), self._stop)

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
                line[key] = _number(measured)
                self._has(key)
        self._gradient_norm = self._gradient_norm if gradient_norm is None else float(gradient_norm)
        if line.get("learningRate", 0) is None:
            del line["learningRate"]
        if items is not None and now > self._last_step_at:
            line["itemsPerSecond"] = items / (now - self._last_step_at)
            self._has("itemsPerSecond")
        self._last_step_at = now
        self._append(line)
        self._diverged = self._step if value is None else None
        recent = math.nan if value is None else value
        self._losses = [*self._losses, recent][-RECENT_STEPS:]
        self._since_validation = [*self._since_validation, recent][-RECENT_STEPS:]
        if gradient_norm is not None and clipped_gradient_norm is not None:
            self._clipped = [*self._clipped, float(clipped_gradient_norm) < float(gradient_norm)][-RECENT_STEPS:]
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
        if items:
            line["n"] = int(items)
        if scores:
            line["scores"] = {key: float(score) for key, score in scores.items() if math.isfinite(score)}
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
        described = [_logged_layer(layer) for layer in layers]
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
                for each in parameters or []
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

    def _write_gates(self, described, tokens, surprisal):
        shown = [(layer, gates) for layer, gates in described if gates]
        if not shown:
            return
        count = min(MAX_TOKENS, min(len(values) for _, gates in shown for values in gates.values()))
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

    def end(self, state="completed", message=None):
        """Ends the run: "completed", "stopped", "diverged" or "failed"."""
        if self._is_open:
            self._end(state, message)
            self._is_open = False

    @_guarded
    def _end(self, state, message):
        self._finalizer.detach()
        self._stop.set()
        self._record["state"] = state
        self._record["message"] = None if message is None else str(message)[:2000]
        if self._watch is not None:
            self._watch.remove()
        self._write(force=True)
        self._file.close()
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
        self._lines.append(json.dumps(line, allow_nan=False) + "\n")
        self._is_dirty = True

    def _write(self, force=False):
        if not force and time.monotonic() - self._written_at < WRITE_SECONDS:
            return
        if self._lines:
            lines, self._lines = "".join(self._lines), []
            self._file.write(lines.encode())
        progress = {
            "step": self._step,
            "seconds": round(time.monotonic() - self._began, 3),
            "trainLoss": _mean(self._losses),
            "valLoss": self._validation_loss,
            "best": self._best,
            "validations": self._validations,
            "diverged": self._diverged,
        }
        _write_json(self.folder / "run.json", {**self._record, "progress": progress}, indent=2)
        self._written_at = time.monotonic()
        self._is_dirty = False

    @_guarded
    def _alive(self):
        if self._is_dirty:
            self._write()

    def _warn(self, text):
        if text not in self._warned:
            self._warned.add(text)
            warnings.warn(f"Sequence Lab could not log: {text}", SequenceLabWarning, stacklevel=4)

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
        sequences: most sequences of the batch that are used
        """
        from_loop = batch is None
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
        found = self._watch.measure(self._tokens)
        if found is not None:
            self.probe(**found, seconds=time.monotonic() - began)

    # Keras

    def keras(self, *, steps=None):
        """A callback of Keras for `model.fit`: loss of each batch, and the validation of each epoch."""
        import keras

        log = self

        class Callback(keras.callbacks.Callback):
            """Keras reports the mean of an epoch so far; the loss of a batch is what it adds to the sum."""

            def on_train_begin(self, logs=None):
                with log._lock:
                    if log._is_open:
                        log._record["parameters"] = int(self.model.count_params())
                        log._record["steps"] = steps or _planned(self.params)
                        log._record["program"] = _program()

            def on_epoch_begin(self, epoch, logs=None):
                self._sum = 0.0

            def on_train_batch_end(self, batch, logs=None):
                total = float((logs or {}).get("loss", math.nan)) * (batch + 1)
                rate = getattr(getattr(self.model, "optimizer", None), "learning_rate", None)
                log.step(
                    loss=total - self._sum,
                    learning_rate=None if rate is None else float(np.asarray(keras.ops.convert_to_numpy(rate))),
                )
                self._sum = total

            def on_epoch_end(self, epoch, logs=None):
                if logs and "val_loss" in logs:
                    shares = {key[4:]: float(value) for key, value in logs.items() if key.startswith("val_")}
                    scores = {key: value for key, value in shares.items() if key != "loss" and 0 <= value <= 1}
                    log.validate(float(logs["val_loss"]), scores=scores)

            def on_train_end(self, logs=None):
                log.end()

        return Callback()


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


def _abandon(folder, lock, pid, stop):
    """The program has ended, or dropped its log, without ending the run."""
    stop.set()
    if os.getpid() != pid:
        return
    with contextlib.suppress(Exception):
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        if record["state"] == "running":
            message = "The program ended without log.end()."
            _write_json(folder / "run.json", {**record, "state": "interrupted", "message": message}, indent=2)
    with contextlib.suppress(OSError):
        lock.unlink()


def _write_json(path, content, indent=None):
    """Replaces a file, so that a reader sees the old content or the new one."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_text(json.dumps(content, allow_nan=False, indent=indent) + "\n", encoding="utf-8")
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
        versions[module] = str(getattr(loaded, "__version__", "?"))
        name = title
        if module == "torch":
            threads = max(1, int(loaded.get_num_threads()))
    return {"name": name, "device": "CPU", "threads": threads, "versions": versions}


def _settings_of(config, prefix=""):
    settings = {}
    for key, value in config.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict):
            settings.update(_settings_of(value, f"{path}."))
        elif isinstance(value, bool) or value is None:
            settings[path] = value
        elif isinstance(value, (int, float)):
            settings[FIELDS.get(path, path)] = value if math.isfinite(value) else str(value)
        else:
            settings[FIELDS.get(path, path)] = str(value)[:2000]
    return settings


def _tokens_of(vocabulary):
    if vocabulary is None:
        return None
    if isinstance(vocabulary, dict):
        if all(isinstance(value, (int, np.integer)) for value in vocabulary.values()):
            return [str(token) for token, _ in sorted(vocabulary.items(), key=lambda entry: entry[1])]
        return [str(vocabulary[number]) for number in sorted(vocabulary)]
    return [str(token) for token in vocabulary]


def _number(value):
    """A number for JSON: None if it is not finite."""
    number = float(value.detach() if hasattr(value, "detach") else value)
    return number if math.isfinite(number) else None


def _mean(values):
    return _number(sum(values) / len(values)) if values else None


def _numbers(values):
    return [float(each) if math.isfinite(each) else None for each in np.asarray(values, np.float64)]


# Measurements of a layer


def _logged_layer(layer):
    """A layer as a probe stores it, and its gates on the first sequence."""
    cell = layer["cell"]
    gates = {name: [np.asarray(each, np.float32) for each in values] for name, values in (layer.get("gates") or {}).items()}
    for name in gates:
        if name not in GATES[cell]:
            raise ValueError(f'a layer of the cell "{cell}" has no gate "{name}": {", ".join(GATES[cell])}')
    units = layer.get("units") or (next(iter(gates.values()))[0].shape[-1] if gates else None)
    if units is None:
        raise ValueError("a layer needs units or gates")
    summed = layer.get("summed_h") is not None
    found = {
        "layer": str(layer["layer"]),
        "direction": layer.get("direction", "forward"),
        "cell": cell,
        "units": int(units),
        "lastStep": {"h": _by_lag(layer["h"]), "c": _by_lag(layer.get("c"))},
        "summed": {"h": _by_lag(layer["summed_h"]), "c": _by_lag(layer.get("summed_c"))} if summed else None,
        **_weights(layer.get("recurrent")),
        "forgetBias": _number(layer["forget_bias"]) if layer.get("forget_bias") is not None else None,
        "forgetProduct": _forget_product(gates["forget"][:DETAILED]) if "forget" in gates else None,
        "gates": [_statistics(name, gates[name][:DETAILED]) for name in SATURATING[cell] if name in gates and layer.get("saturates", True)],
    }
    complete = len(gates) == len(GATES[cell])
    return found, {name: values[0] for name, values in gates.items()} if complete else {}


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
        self._log = weakref.ref(log)
        inner = getattr(model, "_orig_mod", model)
        if isinstance(inner, torch.nn.parallel.DistributedDataParallel):
            inner = inner.module
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
        if losses is None and batch is not None and not isinstance(batch, (tuple, list)):
            batch = (batch,)
        self._every = max(1, int(every))
        self._batch = batch
        self._losses = losses
        self._lengths = lengths
        self._texts = tokens
        first = self._modules[0][1]
        self._batch_first = getattr(first, "batch_first", True) if batch_first is None else batch_first
        self._sequences = sequences
        self._hook = None

    def is_due(self, step):
        return step % self._every == 0 or step == 1

    def listen(self):
        """Keeps the first batch that the model reads while it trains."""
        self._hook = self._model.register_forward_pre_hook(self._take)

    def remove(self):
        if self._hook is not None:
            self._hook.remove()
            self._hook = None

    def _take(self, module, args):
        if self._batch is None and module.training and args and self._torch.is_tensor(args[0]):
            axis = 0 if self._batch_first else 1
            kept = args[0].detach()
            if kept.dim() > axis:
                kept = kept.narrow(axis, 0, min(self._sequences, kept.shape[axis]))
            self._batch = (kept.clone(),)
            self.remove()

    def measure(self, vocabulary):
        """What `Log.probe` takes; None while there is no batch."""
        torch = self._torch
        if self._batch is None:
            return None
        model, parameters = self._model, [(n, p) for n, p in self._model.named_parameters() if p.requires_grad]
        modes = [(module, module.training) for module in model.modules()]
        records = {}
        with contextlib.ExitStack() as stack:
            stack.enter_context(_random_kept(torch))
            stack.callback(lambda: [setattr(module, "training", mode) for module, mode in modes])
            for module, _ in modes:
                module.training = False
            stack.enter_context(torch.inference_mode(False))
            stack.enter_context(torch.enable_grad())
            device = next((p.device.type for _, p in parameters), "cpu")
            stack.enter_context(torch.autocast(device, enabled=False))
            for name, module, kind in self._modules:
                record = records[name] = _Record(torch, name, module, kind)
                module.forward = record.forward
                stack.callback(module.__dict__.pop, "forward", None)
            losses, texts, surprisal = self._compute(vocabulary)
            if losses.dim() == 1:
                losses = losses[:, None]
            return self._gradients(losses, parameters, [each for each in records.values() if each.runs], texts, surprisal)

    def _compute(self, vocabulary):
        torch = self._torch
        if self._losses is not None:
            return self._losses(self._model, *self._batch), self._texts, None
        ids = self._batch[0]
        if ids.dtype.is_floating_point or ids.dim() != 2:
            raise ValueError("the model does not read token ids: pass batch= and losses= to watch")
        ids = ids if self._batch_first else ids.t()
        inputs, targets = ids[:, :-1], ids[:, 1:]
        logits = self._model(inputs if self._batch_first else inputs.t())
        logits = logits[0] if isinstance(logits, (tuple, list)) else logits
        count, steps = inputs.shape
        if logits.dim() == 3 and not self._batch_first:
            logits = logits.transpose(0, 1)
        if logits.numel() != count * steps * logits.shape[-1]:
            raise ValueError("the model does not return the logits of each next token: pass batch= and losses= to watch")
        flat = logits.reshape(count * steps, -1).float()
        losses = torch.nn.functional.cross_entropy(flat, targets.reshape(-1), reduction="none").view(count, steps)
        read = inputs[0].tolist()
        texts = self._texts or [vocabulary[i] if vocabulary and i < len(vocabulary) else str(i) for i in read]
        return losses, texts, [None, *losses[0, :-1].tolist()]

    def _gradients(self, losses, parameters, records, texts, surprisal):
        torch = self._torch
        rows = torch.arange(losses.shape[0], device=losses.device)
        states = [state for record in records for run in record.runs for state in run.states()]
        steps = max(len(run.h) - 1 for record in records for run in record.runs)
        lengths = [int(each) for each in self._lengths] if self._lengths is not None else None
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
