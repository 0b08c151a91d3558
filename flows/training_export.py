"""A trained tagger as an ONNX file that runs without torch: embeddings and matrices in int8, activations scaled as they come."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from torch.nn import functional

from extractors.tagger import TRANSITIONS
from extractors.tagger_features import LONGEST, SLOTS
from flows.training_model import LABELS, Tagger


class _Inference(nn.Module):
    """One window without padding: bucket numbers (tokens, slots) to label scores (tokens, schemes, labels)."""

    def __init__(self, model: Tagger) -> None:
        super().__init__()
        self.model = model
        size = model.embedding.weight.detach().abs().amax(0)  # int8 has one scale for all of them: each column fills it
        self.register_buffer("size", size)
        self.register_buffer("table", model.embedding.weight.detach() / size)
        self.register_buffer("hidden", torch.zeros(1, 1, 1, 1))
        self.register_buffer("kept", torch.ones(1, 1, 1))

    def forward(self, rows: Tensor) -> Tensor:
        count = rows.shape[0]
        embedded = (functional.embedding(rows, self.get_buffer("table")).sum(1) * self.get_buffer("size")).unsqueeze(0)
        at = torch.arange(count)  # not as a table of all distances: those of three layers weigh a megabyte
        reach = self.model.size.reach
        apart = (at.unsqueeze(1) - at).clamp(-reach, reach) + reach
        biases = [layer.distances[:, apart] for layer in self.model.layers]
        seen = self.model.encoded(embedded, biases, self.get_buffer("hidden"), self.get_buffer("kept"))
        return self.model.output(seen)[0].unflatten(-1, (-1, LABELS))


def export(model: Tagger, path: Path) -> None:
    """Write `model` to `path`."""
    whole = _Inference(model.eval()).eval()
    example = torch.zeros((8, SLOTS), dtype=torch.long)
    tokens = torch.export.Dim("tokens", min=1, max=LONGEST)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            whole, (example,), str(plain), input_names=["rows"], output_names=["scores"],
            dynamic_shapes={"rows": {0: tokens}}, dynamo=True, external_data=False, verbose=False,
        )  # fmt: skip
        kinds = ["MatMul", "Gemm", "Gather"]
        quantize_dynamic(plain, path, weight_type=QuantType.QInt8, op_types_to_quantize=kinds, per_channel=True)
    made = _without_traces(onnx.load(path))
    onnx.helper.set_model_props(made, {TRANSITIONS: json.dumps(model.transitions.tolist())})
    onnx.save(made, path)


def _without_traces(model: onnx.ModelProto) -> onnx.ModelProto:
    """`model` without what the exporter notes for debugging: stack traces, with the paths of the machine it ran on."""
    for node in (*model.graph.node, *(node for function in model.functions for node in function.node)):
        del node.metadata_props[:]
        node.doc_string = ""
    for value in (*model.graph.value_info, *model.graph.input, *model.graph.output):
        del value.metadata_props[:]
    del model.graph.metadata_props[:]
    return model
