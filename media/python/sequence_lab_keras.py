"""Opens a model that Sequence Lab has exported, in Keras 3.

    python sequence_lab_keras.py            # compares its outputs with those of Sequence Lab on the example
    from sequence_lab_keras import load     # models, config = load("FOLDER")

The models have stock layers only, so that `keras.models.load_model("model.keras")` opens them as well. Requires Keras 3
with one of its backends. MIT License.
"""

import importlib.util
import json
import os
import sys
from pathlib import Path

if "KERAS_BACKEND" not in os.environ and importlib.util.find_spec("tensorflow") is None:
    os.environ["KERAS_BACKEND"] = "torch" if importlib.util.find_spec("torch") else "jax"

import keras
import numpy as np


def load(folder="."):
    """The models of an exported folder by the names of their files without `.keras`, and its `config.json`."""
    folder = Path(folder)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return {Path(name).stem: keras.models.load_model(folder / name) for name in config["weights"]}, config


def call(model, **inputs):
    """The outputs of a model by their names, as arrays. Inputs that it does not have are left out.

    States that are not given are zeros. A mask that is not given is true at all steps.
    """
    batch, steps = np.asarray(next(iter(inputs.values()))).shape[0], None
    given = {}
    for value in model.inputs:
        if value.name in inputs:
            given[value.name] = np.asarray(inputs[value.name]).astype(value.dtype)
        elif value.name == "mask":
            steps = np.asarray(inputs.get("memory", next(iter(inputs.values())))).shape[1]
            given["mask"] = np.ones([batch, steps], dtype="bool")
        else:
            given[value.name] = np.zeros([batch, value.shape[1]], dtype="float32")
    return {name: keras.ops.convert_to_numpy(value) for name, value in model(given).items()}


def states(outputs):
    """The states that a model returns, as inputs of the next call."""
    return {name.removesuffix("_after"): value for name, value in outputs.items() if name.endswith("_after")}


def run(models, inputs, targets=None, labels=None):
    """Logits or numbers, and the states after the last step.

    inputs is ids `[batch, time]` or vectors `[batch, time, inputs]`, of one length. The result `outputs` has a row for each
    step, or one for a classifier and a forecaster.
    """
    if "encoder" in models:
        encoded = call(models["encoder"], sources=inputs)
        memory = {"memory": encoded["memory"]} if "memory" in encoded else {}
        return call(models["decoder"], targets=targets, **memory, **states(encoded))
    before = states(call(models["initial"], labels=labels)) if "initial" in models else {}
    kind = "vectors" if np.ndim(inputs) == 3 else "ids"
    return call(models["model"], **{kind: inputs}, **before)


def run_example(folder="."):
    """The outputs on `example.json`, and the largest difference to those of Sequence Lab."""
    models, _ = load(folder)
    example = json.loads((Path(folder) / "example.json").read_text(encoding="utf-8"))
    expected = np.asarray(example.pop("outputs"), dtype="float32")
    outputs = run(models, **example)["outputs"]
    return outputs, float(np.abs(outputs - expected).max())


if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent
    outputs, difference = run_example(folder)
    print(json.dumps({"shape": list(outputs.shape), "largestDifference": difference}))
    sys.exit(0 if difference < 1e-4 else 1)
