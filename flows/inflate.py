"""Compressed bodies -> bytes, never more of them than asked for: a small bomb must not fill the memory before it is measured."""

from __future__ import annotations

import zlib
from typing import Any

ENCODINGS = ("gzip", "deflate")
"""What is asked for: both inflate piece by piece with a bound on each piece, which Brotli's decoder has not"""
_GZIP = b"\x1f\x8b"
_ZLIB = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


class BadEncodingError(Exception):
    """A body is not what its Content-Encoding says, or in an encoding nobody asked for."""


class TooLargeError(Exception):
    """A body is larger than allowed. The message says how large that is."""


class Inflater:
    """Takes a body piece by piece and keeps at most `limit` bytes of what it inflates to.

    >>> inflater = Inflater("gzip", 1000)
    >>> inflater.feed(__import__("gzip").compress("頭條".encode()))
    >>> inflater.finish().decode()
    '頭條'
    """

    def __init__(self, encoding: str, limit: int) -> None:
        self.encoding = encoding.strip().lower()
        self.limit = limit
        self.kept = bytearray()
        self._begun = False
        if self.encoding in ("", "identity"):
            self._decoder: Any = None
        elif self.encoding in _ZLIB:
            self._decoder = zlib.decompressobj(_ZLIB[self.encoding])
        else:
            raise BadEncodingError(f"sent as {self.encoding}, which was not asked for")

    def feed(self, piece: bytes) -> None:
        """The next piece as it came. Raises TooLargeError and BadEncodingError."""
        self._begun = self._begun or bool(piece)
        if self._decoder is None:
            self._keep(piece)
            return
        while piece:
            if self._decoder.eof:  # one gzip file may follow the other; anything else behind the end is padding
                if not piece.startswith(_GZIP):
                    return
                self._decoder = zlib.decompressobj(_ZLIB[self.encoding])
            self._keep(self._inflate(piece))
            piece = self._decoder.unused_data or self._decoder.unconsumed_tail

    def finish(self) -> bytes:
        """Everything; raises BadEncodingError when the end is missing."""
        if self._decoder is not None and self._begun and not self._decoder.eof:
            raise BadEncodingError(f"the {self.encoding} body breaks off after {len(self.kept):,} bytes")
        return bytes(self.kept)

    def _inflate(self, piece: bytes) -> bytes:
        room = self.limit - len(self.kept) + 1
        try:
            return bytes(self._decoder.decompress(piece, room))
        except zlib.error as error:
            if self.encoding == "deflate" and not self.kept:  # some servers leave the wrapper of deflate out
                self._decoder = zlib.decompressobj(-zlib.MAX_WBITS)
                try:
                    return bytes(self._decoder.decompress(piece, room))
                except zlib.error:
                    pass
            raise BadEncodingError(f"not {self.encoding}, as it says: {error}") from None

    def _keep(self, piece: bytes) -> None:
        self.kept += piece
        if len(self.kept) > self.limit:
            raise TooLargeError(f"too large: more than {self.limit:,} bytes")
