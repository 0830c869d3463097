"""Runs a model that Sequence Lab has exported as ONNX, with onnxruntime.

    python sequence_lab_onnx.py             # compares its outputs with those of Sequence Lab on the example
    from sequence_lab_onnx import Model     # Model("FOLDER").run(ids)

Only onnxruntime and NumPy are needed. MIT License.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime


class Model:
    """The model of an exported folder."""

    def __init__(self, folder="."):
        folder = Path(folder)
        self.config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.sessions = {
            Path(name).stem: onnxruntime.InferenceSession(str(folder / name), providers=["CPUExecutionProvider"])
            for name in self.config["weights"]
        }

    def call(self, name, **inputs):
        """The outputs of a graph by their names. Inputs that it does not have are left out; states are zeros."""
        session = self.sessions[name]
        batch = len(next(iter(inputs.values())))
        given = {}
        for value in session.get_inputs():
            if value.name in inputs:
                kind = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}.get(value.type, np.float32)
                given[value.name] = np.asarray(inputs[value.name], dtype=kind)
            else:
                given[value.name] = np.zeros([1, batch, value.shape[2]], dtype=np.float32)
        names = [output.name for output in session.get_outputs()]
        return dict(zip(names, session.run(names, given)))

    @staticmethod
    def states(outputs):
        """The states that a graph returns, as inputs of the next call."""
        return {name.removesuffix("_after"): value for name, value in outputs.items() if name.endswith("_after")}

    def run(self, inputs, targets=None, labels=None):
        """Logits or numbers for ids `[batch, time]` or vectors `[batch, time, inputs]` of one length."""
        lengths = np.full(len(inputs), len(inputs[0]))
        network = self.config["network"]
        if network == "encoder-decoder":
            encoded = self.call("encoder", sources=inputs, lengths=lengths)
            memory = {"memory": encoded["memory"]} if "memory" in encoded else {}
            return self.call("decoder", targets=targets, lengths=lengths, **memory, **self.states(encoded))
        states = self.states(self.call("initial", labels=labels)) if network == "conditioned" else {}
        name = "vectors" if self.config["inputKind"] == "vectors" else "ids"
        return self.call("model", **{name: inputs}, lengths=lengths, **states)


def run_example(folder="."):
    """The outputs on `example.json`, and the largest difference to those of Sequence Lab."""
    example = json.loads((Path(folder) / "example.json").read_text(encoding="utf-8"))
    expected = np.asarray(example.pop("outputs"), dtype=np.float32)
    outputs = Model(folder).run(**example)["outputs"]
    return outputs, float(np.abs(outputs - expected).max())


if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent
    outputs, difference = run_example(folder)
    print(json.dumps({"shape": list(outputs.shape), "largestDifference": difference}))
    sys.exit(0 if difference < 1e-4 else 1)
