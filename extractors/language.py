"""Which language and script a text is in, and whose country it speaks from. No model: letters tell it.

Scripts are counted by code points, traditional and simplified Chinese by the characters that only one of them uses,
Arabic and its neighbours (Persian, Urdu, Kurdish, Uyghur) by their own letters, the region of a traditional text by words
that only one of Hong Kong and Taiwan writes (`corpus/languages/zh.toml`, section `regions`).
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from dataclasses import dataclass

from corpus.language_table import languages

SUPPORTED = ("zh-Hant", "zh-Hans", "ar")
"""What the extractors read"""

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")  # without ・ and ー, which Chinese borrows
_HANGUL = re.compile("[\uac00-\ud7a3]")
_ARABIC_WORD = re.compile("[\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u06ff\ufb50-\ufdff\ufe70-\ufefc]+")
_LATIN_WORD = re.compile("[A-Za-z\u00c0-\u024f]{2,}")
_OTHER_WORD = re.compile("[\u0370-\u05ff\u0700-\u1fff]+")  # Greek, Cyrillic, Hebrew, Thai, …

# Letters of one side only. Arabic print uses پ چ ژ گ in foreign names, so they count little against its own ي ك ة ى.
_ARABIC_OWN = re.compile("[يكةىإأ]")
_NEIGHBOUR_OWN = re.compile("[پچژگکیہےٹڈڑںھۀۆێەڕڵېۇۈۋ]")
_ARTICLE = re.compile("(?:و|ب|ف|ك)?(?:ال|لل)\\w{2,}")
_ARTICLE_SHARE = 0.15
"""Share of words with the Arabic article above which a text is Arabic however its ي and ك are typed"""

_MIN_KANA = 0.08
_MIN_HANGUL = 0.3
_MIN_OURS = 0.2
"""Least share of ours among ours and Latin words: tech news is full of Latin names, so few will do"""
_PLAIN_LATIN_WORD = re.compile("(?<![A-Za-z0-9])[a-z\u00e0-\u00ff]{2,}(?![A-Za-z0-9])")
"""Lower case: a word of a sentence and no name"""

_PRIMARY = {"zh": "zh", "zho": "zh", "chi": "zh", "cmn": "zh", "yue": "zh", "ar": "ar", "ara": "ar", "arb": "ar"}
_SCRIPT_OF_REGION = {"TW": "zh-Hant", "HK": "zh-Hant", "MO": "zh-Hant", "CN": "zh-Hans", "SG": "zh-Hans", "MY": "zh-Hans"}
_HOME_OF_SIMPLIFIED = "CN"
_RARE_BIG5 = b"\xc9\x40"
"""Where the second half of Big5 begins: rare characters, common in names on both sides"""


@dataclass(frozen=True, slots=True)
class Tag:
    """A declared language: `language` is None when it is none of ours, "zh" when the script is not said."""

    language: str | None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Detection:
    """`language` is one of `SUPPORTED`, or None with `reason` saying what the text is in."""

    language: str | None
    region: str | None
    reason: str


@functools.lru_cache(maxsize=1_000)
def parse_tag(declared: str) -> Tag:
    """A BCP 47 tag, as sites write it.

    >>> parse_tag("zh-TW"), parse_tag("zh_Hans"), parse_tag("ar-AE"), parse_tag("en-US")
    (Tag(language='zh-Hant', region='TW'), Tag(language='zh-Hans', region=None), Tag(language='ar', region='AE'), \
Tag(language=None, region=None))
    """
    primary, *subtags = re.split("[-_]", declared.strip())
    language = _PRIMARY.get(primary.lower())
    if language is None:
        return Tag(None)
    region = next((tag.upper() for tag in subtags if len(tag) == 2 and tag.isalpha()), None)
    if language == "zh":
        script = next((tag.title() for tag in subtags if tag.lower() in ("hant", "hans")), None)
        language = f"zh-{script}" if script else _SCRIPT_OF_REGION.get(region or "", "zh")
    return Tag(language, region)


def detect(text: str, declared: str | None = None, region: str | None = None) -> Detection:
    """Language and region of `text`.

    `declared` (a language tag) decides between the two Chinese scripts but never against the letters: feeds that call
    Chinese text "en-US" are common. `region`, when given, is kept and helps where the text shows no script.

    >>> detect("輝達擬斥資百億美元入股").language, detect("英伟达拟斥资百亿美元入股")
    ('zh-Hant', Detection(language='zh-Hans', region='CN', reason='simplified characters'))
    >>> detect("新しい投資を発表した").reason
    'Japanese (kana)'
    """
    tag = parse_tag(declared) if declared else Tag(None)
    region = region or tag.region
    family, reason = _family(text)
    if family is None:
        return Detection(None, region, reason)
    if family == "ar":
        return Detection("ar", region, reason)
    measured = chinese_script(text)
    language = tag.language if tag.language in SUPPORTED and tag.language != "ar" else measured
    language = language or _SCRIPT_OF_REGION.get(region or "")
    if language is None:
        return Detection("zh-Hans", region, "no character tells the script")
    if region is None and measured == language == "zh-Hans":
        region = _HOME_OF_SIMPLIFIED
    if region is None and language == "zh-Hant":
        region = _region_of_words(text)
    return Detection(language, region, "traditional characters" if language == "zh-Hant" else "simplified characters")


def _family(text: str) -> tuple[str | None, str]:
    """("zh" or "ar" or None, why). Han and Arabic are weighed against words of other scripts."""
    han, kana, hangul = (len(pattern.findall(text)) for pattern in (_HAN, _KANA, _HANGUL))
    arabic_words = _ARABIC_WORD.findall(text)
    latin, other = len(_LATIN_WORD.findall(text)), len(_OTHER_WORD.findall(text))
    ours = max(han, len(arabic_words))
    if not (ours or latin or other or kana or hangul):
        return None, "no words"
    if kana > _MIN_KANA * (han + kana):
        return None, "Japanese (kana)"
    if hangul > _MIN_HANGUL * (han + hangul):
        return None, "Korean (Hangul)"
    if ours < _MIN_OURS * (ours + latin + other) or ours < len(_PLAIN_LATIN_WORD.findall(text)):
        return None, "Latin script" if latin >= other else "a script that is neither Chinese nor Arabic"
    if han >= len(arabic_words):
        return "zh", "Chinese characters"
    if not _is_arabic(text, arabic_words):
        return None, "Arabic script, but letters of Persian, Urdu or Kurdish"
    return "ar", "Arabic letters"


def _is_arabic(text: str, words: list[str]) -> bool:
    if len(_NEIGHBOUR_OWN.findall(text)) <= len(_ARABIC_OWN.findall(text)):
        return True
    return sum(1 for word in words if _ARTICLE.fullmatch(word)) >= _ARTICLE_SHARE * len(words)


def chinese_script(text: str) -> str | None:
    """zh-Hant or zh-Hans, whichever has more characters of its own in `text`; None when neither has.

    >>> chinese_script("台股"), chinese_script("臺積電"), chinese_script("台积电")
    (None, 'zh-Hant', 'zh-Hans')
    """
    balance = sum(_side(char) * count for char, count in Counter(_HAN.findall(text)).items())
    if balance == 0:
        return None
    return "zh-Hant" if balance > 0 else "zh-Hans"


@functools.cache
def _side(char: str) -> int:
    """1: traditional only; -1: simplified only; 0: both, or too rare to tell.

    The national standards say it: what Taiwan counts as frequent and GB 2312 does not know is traditional, what GB 2312 has
    and Big5 has not is simplified. A conversion table would call 台, 里 and 面 simplified, which are ordinary in Taiwan.
    """
    big5, gb = _code(char, "big5"), _code(char, "gb2312")
    if big5 and not gb:
        return int(big5 < _RARE_BIG5)
    return -1 if gb and not big5 else 0


def _code(char: str, charset: str) -> bytes:
    try:
        return char.encode(charset)
    except UnicodeEncodeError:
        return b""


def _region_of_words(text: str) -> str | None:
    """The one region whose words clearly outnumber the others'. An article from Taipei may well speak of Hong Kong dollars."""
    counts = {region: sum([word in text for word in words]) for region, words in languages()["zh"].regions.items()}
    ranked = sorted(counts.items(), key=lambda item: -item[1])
    best, second = ranked[0], ranked[1]
    return best[0] if best[1] > 2 * second[1] else None


def grammar_language(language: str) -> str:
    """The code of the language file whose words and grammar read `language`.

    >>> grammar_language("zh-Hant")
    'zh'
    """
    return language.partition("-")[0]
