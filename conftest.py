"""What every test run shares: training needs torch, which only the `train` extra installs, so its doctests wait for it."""

from __future__ import annotations

from importlib.util import find_spec

_WITH_TORCH = [
    "flows/train.py",
    "flows/training_backbone.py",
    "flows/training_export.py",
    "flows/training_model.py",
    "flows/training_teacher.py",
    "flows/training_vectors.py",
]
collect_ignore = [] if find_spec("torch") else _WITH_TORCH
