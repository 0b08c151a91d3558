"""Bytes -> text, only when the encoding is certain.

UTF-8 proves itself. The old national encodings do not: the bytes of one are mostly legal in another. So each candidate is
judged by what it reads: real Chinese is made of the frequent half of its national set, real Arabic of its common letters,
and a wrong reading of either is neither.
"""

from __future__ import annotations

import codecs
import functools
import re
from collections import Counter

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
          (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
_CANDIDATES = ("gb18030", "big5hkscs", "windows-1256", "iso-8859-6", "euc-kr")
"""Korean is only here since its bytes read as frequent Chinese characters too, so that neither is certain"""
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs"}
"""Pages that declare the small set are written in the large one"""

_PUNCTUATION = frozenset("　、。〈〉《》「」『』【】〔〕·—…‘’“”！％（），－．／：；？｜～０１２３４５６７８９،؛؟«»٪")
_ARABIC_LETTERS = frozenset("اليمونرتبعدسةفكأقحهجشىإصخئطءذزضغثظؤآ")
_ARABIC_COMMON = frozenset("اليمونرتبعدسةفكأ")
_CERTAIN = 0.85
_MARGIN = 0.1
_ENOUGH = 8
"""Characters beyond ASCII without which nothing is certain"""
_SAMPLE = 200_000
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MAX_CONTROL = 0.01
_MAX_LOST = 0.02
_MAX_DAMAGE = 0.01
"""Share of the characters beyond ASCII that may be unreadable in a damaged text"""

_IN_MARKUP = re.compile(rb"""(?:charset\s*=\s*|<\?xml[^>]{0,80}encoding\s*=\s*)["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)


class NotTextError(ValueError):
    """The bytes are no text, or in no encoding that is certain. The message says which."""


def decode(raw: bytes, *declared: str | None, damaged: bool = False) -> str:
    """The text of `raw` without its byte order mark, newlines as they are.

    `declared` are the charsets that a header and the markup name; they are tried after UTF-8 and must read like language too.
    A `damaged` text may have a few bytes that are wrong in its encoding, as pages put together by software often do: they read
    as U+FFFD. Raises NotTextError.

    >>> decode("輝達擬斥資百億美元入股，金額未公布".encode("big5"))
    '輝達擬斥資百億美元入股，金額未公布'
    """
    text = _decode(raw, declared, damaged)
    size = max(len(text), 1)
    if len(_CONTROL.findall(text)) > _MAX_CONTROL * size:
        raise NotTextError("binary, not text")
    if text.count("\ufffd") > _MAX_LOST * size:
        raise NotTextError("damaged before it came here: it is full of replacement characters")
    return text


def declared_charset(markup: bytes) -> str | None:
    """The charset that the head of an HTML or XML file names.

    >>> declared_charset(b'<html><meta charset="gb2312">')
    'gb2312'
    """
    match = _IN_MARKUP.search(markup[:4096])
    return match[1].decode("ascii") if match else None


def _decode(raw: bytes, declared: tuple[str | None, ...], damaged: bool) -> str:
    for mark, charset in _MARKS:
        if raw.startswith(mark):
            return _strictly(raw[len(mark) :], charset)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        broken = f"not UTF-8 (byte 0x{raw[error.start]:02x} at {error.start})"
    if len(_CONTROL_BYTES.findall(raw)) > _MAX_CONTROL * len(raw):
        raise NotTextError("binary, not text")
    if damaged and _lost(text := raw.decode("utf-8", "replace")) <= _MAX_DAMAGE and _is_multibyte(text):
        return text
    named = [found for one in declared if (found := _canonical(one))]
    try:
        return _most_certain(raw, named, broken, "replace" if damaged else "strict")
    except NotTextError:
        if not named or named[0] in _CANDIDATES:
            raise
        return _strictly(raw, named[0])


def _strictly(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset)
    except UnicodeDecodeError as error:
        raise NotTextError(f"not {charset} (byte 0x{raw[error.start]:02x} at {error.start})") from None


def _canonical(declared: str | None) -> str | None:
    """The codec to read a declared charset with; None when there is none, or it is UTF-8, which was tried."""
    name = (declared or "").strip().lower()
    try:
        codec = codecs.lookup(_WIDER.get(name, name)).name if name else ""
    except LookupError:
        return None
    names = {"cp1256": "windows-1256", "iso8859-6": "iso-8859-6", "gbk": "gb18030", "gb2312": "gb18030", "big5": "big5hkscs"}
    codec = names.get(codec, codec)
    return None if codec in ("", "utf-8", "ascii", "iso8859-1", "cp1252") else codec  # Latin-1 reads anything: no evidence


def _lost(text: str) -> float:
    """Share of the characters beyond ASCII that could not be read."""
    beyond = sum(char > "\x7f" for char in text)
    return text.count("\ufffd") / beyond if beyond else 0.0


def _is_multibyte(text: str) -> bool:
    """Whether enough was read as UTF-8 for chance to be out of question."""
    return sum(char > "\x7f" and char != "\ufffd" for char in text[:_SAMPLE]) >= _ENOUGH


def _most_certain(raw: bytes, declared: list[str], broken: str, errors: str) -> str:
    scores: list[tuple[float, str, str]] = []
    for charset in _CANDIDATES:
        try:
            text = raw.decode(charset, errors)
        except UnicodeDecodeError:
            continue
        if _lost(text) <= _MAX_DAMAGE:
            scores.append((_likeness(text[:_SAMPLE], charset), charset, text))
    for bonus in (0.0, _MARGIN):  # what is declared only settles what the text itself leaves open
        ranked = sorted(
            (-score - bonus * (charset in declared), _CANDIDATES.index(charset), text) for score, charset, text in scores
        )
        best = -ranked[0][0] if ranked else 0.0
        second = -ranked[1][0] if len(ranked) > 1 else 0.0
        if best >= _CERTAIN and best - second >= _MARGIN:
            return ranked[0][2]
    raise NotTextError(f"{broken}, and no other encoding is certain")


def _likeness(text: str, charset: str) -> float:
    """Share of the characters beyond ASCII that the language of `charset` is mostly written in."""
    counts = Counter(char for char in text if char > "\x7f")
    total = counts.total()
    if total < _ENOUGH:
        return 0.0
    if charset in ("gb18030", "big5hkscs"):
        return sum(n for char, n in counts.items() if char in _PUNCTUATION or _is_frequent(char)) / total
    if charset == "euc-kr":
        return sum(n for char, n in counts.items() if char in _PUNCTUATION or "가" <= char <= "힣") / total
    letters = sum(n for char, n in counts.items() if char in _ARABIC_LETTERS or char in _PUNCTUATION)
    common = sum(n for char, n in counts.items() if char in _ARABIC_COMMON)
    return min(letters / total, common / total + 0.15)  # common letters make up four fifths of any Arabic text


@functools.cache
def _is_frequent(char: str) -> bool:
    """Whether a national standard puts `char` among its frequent characters (GB 2312 level 1, Big5 level 1)."""
    return _lies(char, "gb2312", b"\xb0\xa1", b"\xd7\xf9") or _lies(char, "big5", b"\xa4\x40", b"\xc6\x7e")


def _lies(char: str, charset: str, first: bytes, last: bytes) -> bool:
    try:
        return first <= char.encode(charset) <= last
    except UnicodeEncodeError:
        return False
