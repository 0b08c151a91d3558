"""Whether two names are one company, where no table lists it: what it does, where it is, and how its own name sounds.

A name is taken apart into concepts (银行, بنك and bank are one) and what is left, its own name. Own names in one script are
compared as written; across scripts by their consonants: Chinese characters by their Mandarin readings (pypinyin), Arabic and
Latin letters by their sounds. Pure.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from corpus.company_word_table import company_words
from corpus.legal_table import legal_forms
from extractors.normalize import fold


class Company(NamedTuple):
    """A name taken apart. `script` is that of `own`: han, arab or latin."""

    own: str
    script: str
    strong: frozenset[str]
    weak: frozenset[str]
    places: frozenset[str]

    @property
    def sounds(self) -> str:
        """How the own name sounds. Of most companies nobody asks: they are compared with others of their script."""
        return sounds(self.own)


_HAN = re.compile(r"[\u3400-\u9fff]")
_ARAB = re.compile(r"[\u0600-\u06ff]")
_LATIN_WORD = re.compile(r"[a-z0-9&]+")
_BRACKETED = re.compile(r"[(（〔\[].*?[)）〕\]]")
_SMALL_WORDS = frozenset(
    ("the", "of", "and", "for", "al", "el", "co", "sa", "ag", "nv", "bv", "ab", "spa", "tbk", "bhd", "sdn", "pte")
)
_ARTICLES = ("وال", "بال", "لل", "ال")
_CLITICS = (*_ARTICLES, "و", "ل", "ب")
_LONG_HAN = 2
_FAR = 0.26
"""Cost a sound beyond which two names do not sound alike"""
_LEAST_SOUNDS = 2
_DESCRIPTION = 7
"""Characters from which an own name is a description and not a name"""


@functools.lru_cache(maxsize=100_000)
def take_apart(name: str) -> Company:
    """A company name in its parts.

    >>> take_apart("國泰航空股份有限公司").own, sorted(take_apart("國泰航空").strong)
    ('国泰', ['airline'])
    >>> take_apart("بنك الرياض").sounds, take_apart("Agricultural Bank of China").own
    ('LT', '')
    """
    text = _BRACKETED.sub("", fold(name).casefold()).strip() or fold(name).casefold()
    if _HAN.search(text):
        own, concepts, script = *_han(text), "han"
    elif _ARAB.search(text):
        own, concepts, script = *_arabic(text), "arab"
    else:
        own, concepts, script = *_latin(text), "latin"
    kinds = _weights()
    of = {weight: frozenset(c for c in concepts if kinds[c] == weight) for weight in ("strong", "weak", "place", "city")}
    if not own and of["city"]:  # بنك الرياض: the city is the name
        own = " ".join(concepts[c] for c in sorted(of["city"]))
        of["city"] = frozenset()
    if _LATIN_WORD.fullmatch(own):
        script = "latin"
    return Company(own, script, of["strong"], of["weak"], of["place"])


def same_company(one: str, other: str) -> bool:
    """Whether two names may be said of one company.

    >>> same_company("中国银行", "中国农业银行"), same_company("國泰金控", "國泰航空")
    (False, False)
    >>> same_company("中国农业银行", "Agricultural Bank of China")
    True
    """
    return fold(one).casefold() == fold(other).casefold() or same_parts(take_apart(one), take_apart(other))


def same_parts(left: Company, right: Company) -> bool:
    """`same_company` for names taken apart: no part contradicts, and the own names are written or sound alike."""
    if left.strong != right.strong or (left.places and right.places and left.places != right.places):
        return False
    if not left.own or not right.own:
        return not left.own and not right.own and bool(left.strong) and left[2:5] == right[2:5]
    if left.weak - right.weak and right.weak - left.weak:
        return False
    if left.script == right.script:
        return left.own == right.own or (_one_spelling if left.script == "arab" else _one_description)(left, right)
    return sound_alike(left.sounds, right.sounds)


def _one_spelling(left: Company, right: Company) -> bool:
    """Arabic spellings of one foreign name differ in how g is written and by one long vowel: غوغل, جوجل; بلومبرغ, بلومبيرغ."""
    if len(left.sounds) <= _LEAST_SOUNDS:
        return False
    shorter, longer = sorted((re.sub("[غقگ]", "ج", one.own) for one in (left, right)), key=len)
    if len(longer) == len(shorter):
        return shorter == longer
    at = next((n for n, char in enumerate(shorter) if char != longer[n]), len(shorter))
    return len(longer) - len(shorter) == 1 and longer[at] in "اوي" and longer[:at] + longer[at + 1 :] == shorter


def _one_description(left: Company, right: Company) -> bool:
    """A plant or a piece of land is described at more or less length: 南屯精科3000坪廠房, 位於南屯精科近3000坪廠房."""
    if left.script != "han":
        return False
    shorter, longer = sorted((left.own, right.own), key=len)
    rest = iter(longer)
    return len(shorter) >= _DESCRIPTION and all(char in rest for char in shorter)


@functools.cache
def _weights() -> Mapping[str, str]:
    return {row.concept: row.weight for row in company_words()}


@functools.cache
def _words(script: str) -> Mapping[str, str]:
    """Word -> concept of one script."""
    return {fold(word).casefold(): row.concept for row in company_words() for word in getattr(row, script)}


@functools.cache
def _by_length(script: str) -> tuple[str, ...]:
    return tuple(sorted(_words(script), key=lambda word: (-len(word), word)))


def _han(text: str) -> tuple[str, dict[str, str]]:
    """(own name, word of each concept) of a Chinese name: places from the front, trades from the back, while a name is left."""
    rest = "".join(char for char in text if char.isalnum())
    found: dict[str, str] = {}
    words, kinds = _words("hans"), _weights()
    tails = legal_forms()[1]
    while True:
        tail = next((form for form in tails if rest.endswith(form) and len(rest) >= len(form) + 2), None)
        if tail is not None:
            rest = rest[: -len(tail)]
            continue
        word = next((w for w in _by_length("hans") if _parts_off(rest, w, kinds[words[w]])), None)
        if word is None:
            return rest, found
        found[words[word]] = word
        rest = rest[len(word) :] if rest.startswith(word) and kinds[words[word]] in ("place", "city") else rest[: -len(word)]


def _parts_off(rest: str, word: str, weight: str) -> bool:
    left = len(rest) - len(word)
    if weight in ("place", "city") and not rest[:1].isascii():
        return rest.startswith(word) and (left >= _LONG_HAN or left == 0)
    return rest.endswith(word) and (left >= _LONG_HAN or left == 0)


def _arabic(text: str) -> tuple[str, dict[str, str]]:
    heads, tails = legal_forms()
    forms = {*heads, *tails, *(tail.removeprefix("ال") for tail in tails)}
    words = _words("ar")
    own: list[str] = []
    found: dict[str, str] = {}
    for token in re.findall(r"[\w&]+", text):
        shorter = [token, *(token[len(head) :] for head in _CLITICS if token.startswith(head) and len(token) > len(head) + 1)]
        concept = next((one for one in shorter if one in words), None)
        if concept:
            found[words[concept]] = concept
        elif forms.isdisjoint(shorter):
            own.append(shorter[1] if len(shorter) > 1 and token.startswith(_ARTICLES) else token)
    return " ".join(own), found


@functools.cache
def _latin_words() -> tuple[Mapping[str, str], Sequence[tuple[str, re.Pattern[str]]], frozenset[str]]:
    """(word without spaces -> concept, words with spaces, legal forms)."""
    words = _words("latin")
    phrases = [(word, re.compile(rf"\b{word}\b")) for word in words if " " in word]
    return {word.replace(" ", ""): concept for word, concept in words.items()}, phrases, frozenset(legal_forms()[1])


def _latin(text: str) -> tuple[str, dict[str, str]]:
    words, phrases, tails = _latin_words()
    for phrase, pattern in phrases:
        if phrase in text:
            text = pattern.sub(phrase.replace(" ", ""), text)
    own: list[str] = []
    found: dict[str, str] = {}
    tokens = _LATIN_WORD.findall(text)
    for token in tokens:
        if token in tails or (token in _SMALL_WORDS and len(tokens) > 1):
            continue
        if token in words:
            found[words[token]] = token
        else:
            own.append(token)
    return " ".join(own), found


# Classes of sounds: P b p f v, T d t th, K g k q, S s z sh, L l r, M, N, H h kh, W w u, J what is K to one and S to another.
_ARABIC_SOUNDS = {
    **dict.fromkeys("بفپڤ", "P"), **dict.fromkeys("تدطضثذ", "T"), **dict.fromkeys("كقگغ", "K"), "ج": "J",
    **dict.fromkeys("سزصشظچ", "S"), **dict.fromkeys("لر", "L"), "م": "M", "ن": "N", **dict.fromkeys("هحخ", "H"), "W": "W",
}  # fmt: skip
_PINYIN_INITIALS = {
    **dict.fromkeys("bpf", "P"), **dict.fromkeys("dt", "T"), **dict.fromkeys("gk", "K"), **dict.fromkeys("jqx", "J"),
    **dict.fromkeys(("z", "c", "s", "zh", "ch", "sh"), "S"), **dict.fromkeys("lr", "L"), "m": "M", "n": "N", "h": "H", "w": "W",
}  # fmt: skip
_LATIN_SIGNS = {
    **dict.fromkeys(("sch", "sh", "zh", "ts", "tz", "ce", "ci", "cy"), "S"), "ch": "J", "ph": "P", "th": "T", "dh": "T",
    "kh": "H", "gh": "K", "ck": "K", "qu": "KW", "ng": "N", "wh": "W",
}  # fmt: skip
"""Several letters for one sound, the longest first"""
_LATIN_SIGN = re.compile("|".join((*_LATIN_SIGNS, ".")), re.DOTALL)
_LATIN_LETTERS = {
    **dict.fromkeys("bpfv", "P"), **dict.fromkeys("dt", "T"), **dict.fromkeys("kcq", "K"), **dict.fromkeys("gj", "J"),
    **dict.fromkeys("sz", "S"), **dict.fromkeys("lr", "L"), "m": "M", "n": "N", "h": "H", "w": "W", "x": "X",
}  # fmt: skip


@functools.lru_cache(maxsize=100_000)
def sounds(own: str) -> str:
    """The consonants of a name by class, doubled ones once.

    >>> sounds("安矽思"), sounds("ansys"), sounds("诺基亚"), sounds("nokia")
    ('NJS', 'NSS', 'NJ', 'NK')
    """
    if _HAN.search(own):
        return "".join(_han_sounds(own))
    if _ARAB.search(own):
        return "".join("".join(_ARABIC_SOUNDS.get(char, "") for char in _spoken(token)) for token in own.split())
    return "".join("".join(_latin_sounds(re.sub(r"(.)\1+", r"\1", token.removesuffix("h")))) for token in own.split())


def _spoken(token: str) -> str:
    """An Arabic word with و where it is a consonant, and without the ه that only says a."""
    return ("W" if token.startswith("و") else "") + token.removesuffix("ه")


def _han_sounds(own: str) -> Iterator[str]:
    import pypinyin  # noqa: PLC0415 - its table of phrases takes 55 MB, and most processes never compare across scripts

    for syllable in pypinyin.lazy_pinyin(own, errors=_letters):
        if not syllable.isascii():
            continue
        initial = syllable[:2] if syllable[:2] in _PINYIN_INITIALS else syllable[:1]
        yield _PINYIN_INITIALS.get(initial, "")
        if syllable == "er":
            yield "L"
        elif syllable.endswith(("n", "ng")):
            yield "N"


def _letters(text: str) -> Any:
    """What is no Chinese character, letter by letter (pypinyin takes a list, and says it takes text)."""
    return list(text)


def _latin_sounds(token: str) -> Iterator[str]:
    for sign in _LATIN_SIGN.findall(token):
        yield _LATIN_SIGNS.get(sign) or _LATIN_LETTERS.get(sign, "")


_SOFT = {
    frozenset(pair): cost
    for cost, pairs in ((0.2, "JK JS PW XS XJ"), (0.4, "JH HK MN XK"), (0.5, "TS HP TJ"), (0.6, "HS"), (0.7, "NL"))
    for pair in pairs.split()
}
"""What one sound costs in the place of another; 1 where nothing is said"""
_DROPPED = {"H": 0.3, "W": 0.3, "N": 0.45, "L": 0.45, "J": 0.9}
"""What a sound costs that one name has and the other has not; 0.8 where nothing is said"""


def sound_alike(left: str, right: str) -> bool:
    """Whether two names may be one name in two scripts.

    >>> sound_alike(sounds("诺基亚"), sounds("nokia")), sound_alike(sounds("هواوي"), sounds("حواء"))
    (True, False)
    """
    if min(len(left), len(right)) < _LEAST_SOUNDS:
        return False
    cost = _distance(left, right)
    length = max(len(left), len(right))
    return cost <= _FAR * length if length > _LEAST_SOUNDS else cost <= 0.2


def _distance(left: str, right: str) -> float:
    """Least cost to turn one sequence of sounds into the other."""
    row: Sequence[float] = [0.0]
    for sound in right:
        row = [*row, row[-1] + _DROPPED.get(sound, 0.8)]
    for one in left:
        drop = _DROPPED.get(one, 0.8)
        next_row = [row[0] + drop]
        for place, other in enumerate(right):
            change = 0.0 if one == other else _SOFT.get(frozenset((one, other)), 1.0)
            next_row.append(min(row[place] + change, row[place + 1] + drop, next_row[-1] + _DROPPED.get(other, 0.8)))
        row = next_row
    return row[-1]
