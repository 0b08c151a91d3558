"""Names that no row knows, in folded Arabic text: a head noun (شركة, بنك, وزارة) and the words after it that belong to it.

Where a name ends is told by what cannot belong to it: particles, verbs, a common noun after a definite one, punctuation.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from extractors.alternation import alternation
from extractors.gated import Gated
from extractors.house_names_ar import units_of_houses
from extractors.known_names import Found, longest
from extractors.name_forms_ar import LATIN_RUN, linked
from extractors.name_words_ar import name_words
from extractors.party_leads_ar import GIVEN_BY, TO_PARTIES
from extractors.public_names_ar import public_bodies
from extractors.words_ar import word_of, word_table

_LETTERS = "\u0620-\u064a\u066e-\u06d3"
_WORD = re.compile(f"[{_LETTERS}]+")
_TOKEN = re.compile(rf"[ \t]*(?:(?P<word>[{_LETTERS}]+)|(?P<latin>[A-Za-z][\w&.'-]*)|(?P<open>[«\"“(])|(?P<other>\S|\n))")
_LATIN_AND_DIGIT = re.compile(r"[a-z]{1,8}[0-9]{1,3}(?!\w|[.,]\d)")
"""i2, e3: after a head, a name though it is written small"""
_LATIN_SMALL = re.compile(r"[a-z]{4,}(?: [A-Z]\w+)?(?![\w.@/])")
"""شركة keyhole: the same of a word"""
_QUOTED = re.compile(r"[«\"“](\w[^«»\"“”\n,.;]{1,40})[»\"”](?!\w)")
_COUNTED = re.compile(r"(?:[0-9]|اكثر من|عدد|اول|اكبر) ?[وف]?$")
"""A head that is counted or compared names nobody: 29 شركة"""
_WITH_B = ("بي", "با", "بو", "بل", "برو", "برا", "بتر", "بنك", "بن")
_FOREIGN_ENDS = ("ز", "س", "نغ", "كس", "كو", "يا", "و")
_FOREIGN_STARTS = ("تش", "ستا", "سي", "سو", "تك", "تي", "تو", "سا", "سب", "سك", "سم", "ست")
_NOUN_ENDS = ("ه", "ات", "اء", "ين", "ون", "ها", "هم")
_FOREIGN_A = ("يا", "لا", "كا", "تا", "ما", "را")
_PURPOSE = re.compile(r"ل(?:ت\w{3,}|ا(?:ست|نت|عت|قت|كت)\w{2,})")
"""ل + noun of action: لترتيب, لاستكمال"""
_PRESS = frozenset({"وكاله", "صحيفه", "قناه"})
_MARKETS = frozenset({"سوق", "بورصه"})
"""What a company tells, and no part of its name: ابلغت شركة س سوق دبي المالي"""
_HEAD_AND_TAIL = frozenset({"بنك"})
"""Closes a name (دويتشه بنك) and opens one (بنك دبي)"""
_COMMON_HEADS = frozenset({"تحالف", "ايتلاف", "كونسورتيوم", "منصه"})
_KIND_OF = re.compile(r" (?:\w+ي(?:ه)?|جديده?|رايده?|رايعه|موحده?)(?: لل\w+)?")
"""تحالف استراتيجي, منصة إلكترونية: of what kind it is, not what it is called"""
_LONGEST = 7
"""Most words of a name after its head"""
_LETTER = r"(?:اي|ايه|بي|سي|دي|اف|جي|اتش|ايتش|جيه|كيه|كي|كيو|ال|ام|ان|او|ار|اس|تي|يو|في|دبليو|اكس|واي)"
SPELLED = re.compile(rf"{_LETTER}(?: {_LETTER})+(?![{_LETTERS}])")
"""Latin letters by their names: اي دي اس"""
_REGION = re.compile(rf"(?:(?<=الاوسط) وشمال افريقيا| ام القيوين| راس الخيمه)(?![{_LETTERS}])")
"""What is joined to a region and opens no name of its own"""


def find_arabic(text: str, known: Sequence[Found]) -> list[Found]:
    """Names in folded `text` that are not in `known`.

    >>> from extractors.normalize import fold
    >>> text = fold("أعلنت شركة لوناريس أنها اشترت حصة في بنك الساحل (الساحل)، وقال مدير الساحل")
    >>> [(text[f.start:f.end], f.full) for f in find_arabic(text, [])]
    [('شركه لوناريس', None), ('بنك الساحل', None), ('الساحل', (37, 47)), ('الساحل', (37, 47))]
    """
    names = [
        *_headed(text, known),
        *_quoted(text),
        *_quoted_units(text, known),
        *units_of_houses(text, name_words().breaks),
        *_lines_of_business(text, known),
        *public_bodies(text, name_words().regions),
        *_officers(text),
        *_spelled_out(text),
        *_had_done(text),
        *_acting(text, known),
        *_headlines(text),
        *_appointed(text),
        *_shared(text),
        *_tailed(text, known),
        *_latin(text),
    ]
    names += _coordinated(text, longest([*known, *names]))
    return longest(linked(text, known, names))


def _headed(text: str, known: Sequence[Found]) -> Iterator[Found]:
    words = name_words()
    inside = {name.start: name for name in known}
    done = 0
    for match in words.head.finditer(text):
        if match.start() < done or _COUNTED.search(text, max(0, match.start() - 8), match.start()):
            continue
        if match["noun"] == "قياده" and _LED_COMPANY.match(text, match.end()):
            continue  # بقيادة شركة س: who leads
        row = inside.get(match.start("noun")) or inside.get(match.start("the"))
        if row is not None:
            done = row.end
            continue
        start = match.start("the") if match["the"] == "ال" else match.start("noun")
        agency = inside.get(match.end() + 1)
        if match["noun"] in _PRESS and agency is not None:  # بحسب وكالة رويترز س: who it tells of is another
            done = agency.end
            continue
        kind = "government" if match["noun"] in words.bodies else "fund" if match["noun"] == "صندوق" else "company"
        end = _right_end(text, match.end(), bool(match["the"]), kind, inside)
        if end is not None and _describes(text, match.end(), end, inside):
            done = end
            continue
        if end is not None and not (match["noun"] in _COMMON_HEADS and _KIND_OF.fullmatch(text, match.end(), end)):
            done = end
            yield _owned(Found(start, end, kind=kind), match.end() + 1, inside)


def _describes(text: str, at: int, end: int, inside: dict[int, Found]) -> bool:
    """شركة صناعة الرقائق إنفيديا, شركة الذكاء الاصطناعي Keyhole: what the words after the head say of the name that follows."""
    if _TRADE_OF.fullmatch(text, at, end) is None:
        return False
    row = inside.get(end + 1)
    return (row is not None and row.kind == "company") or LATIN_RUN.match(text, end + 1) is not None


_TRADE_OF = re.compile(
    r" (?:(?:صناعه|تصنيع|تطوير|تشغيل|انتاج|خدمات|توصيل|تاجير|تقنيات|حلول|برمجيات|مدفوعات) ال\w+(?: ال\w+)?"
    r"|ال(?:ذكاء الاصطناعي|مدفوعات|تكنولوجيا|تقنيه|برمجيات|العاب|رقايق|سيارات|ادويه|تجزيه|طيران|نفط|طاقه"
    r"|تامين)(?: ال\w+)?)"
)
_LED_COMPANY = re.compile(r" (?:شركه|شركتي|مجموعه|بنك|بنكي|صندوق|مصرف|موسسه)(?= )")


def _owned(name: Found, body: int, inside: dict[int, Found]) -> Found:
    """`name` as the table's row when all of it after the head is one (شركة مايكروسوفت), else with that row as its owner."""
    row = inside.get(body)
    if row is None or row.entity is None:
        return name
    if row.end == name.end:
        return Found(name.start, name.end, row.entity, row.entity.kind)
    return Found(name.start, name.end, kind=name.kind, parent=row.entity.name)


def _right_end(text: str, at: int, definite: bool, kind: str, inside: dict[int, Found]) -> int | None:
    """Where the name ends whose head ends at `at`; None when no name follows."""
    head = text[text.rfind(" ", 0, at) + 1 : at]
    quoted = _QUOTED.match(text, at + 1)
    if quoted is not None and text[at : at + 1] == " ":
        said = quoted[1].split()
        return quoted.end() if len(said) <= 5 and said[0] not in _NEGATIONS else None
    latin = LATIN_RUN.match(text, at + 1) or _LATIN_AND_DIGIT.match(text, at + 1) or _LATIN_SMALL.match(text, at + 1)
    if latin is not None and text[at : at + 1] == " ":
        return latin.end()
    taken: list[str] = []
    end, of_house = at, -1
    while len(taken) < _LONGEST:
        spelled = SPELLED.match(text, end + 1) if text[end : end + 1] == " " and end + 1 not in inside else None
        joined = spelled or _REGION.match(text, end)
        if spelled is not None and taken and spelled.group().startswith("واي "):
            break  # شركة س وإي بي سي
        if joined is not None:
            taken.append(joined.group().split()[-1])
            end = joined.end()
            continue
        match = _TOKEN.match(text, end)
        if match is None or match["word"] is None:
            break
        if not _continues(match["word"], taken, definite, kind) and (taken or definite or not _has_trade(text, match)):
            break
        if match["word"][0] == "و" and taken and _opens_next(text, match.start("word") + 1, inside):
            break  # the next of a list
        row = inside.get(match.start("word"))
        if row is not None and not taken and not definite and row.kind == "company":
            of_house = row.end  # اكاديمية اتصالات
        taken += [match["word"]] if row is None else text[row.start : row.end].split()
        end = row.end if row is not None else match.end()
        if row is not None and kind == "company" and row.kind == "company" and not _widens(text, end):
            break
    told = next((n for n in range(1, len(taken) - 1) if _dangles(taken[n]) and not _is_trade(taken[n + 1])), len(taken))
    while len(taken) > told:
        end -= len(taken.pop()) + 1
    while len(taken) > 1 and (_dangles(taken[-1]) or (_dangles(taken[-2]) and not _is_trade(taken[-1]))):
        end -= len(taken.pop()) + 1
    return end if _names(taken, definite, kind, head) or of_house == end else None


def _has_trade(text: str, word: re.Match[str]) -> bool:
    """شركة بيان للاستثمار: whether a word that else begins no name has a trade after it."""
    trade = _TOKEN.match(text, word.end())
    return len(word["word"]) >= _SHORT and trade is not None and trade["word"] in name_words().tails and trade["word"][:2] == "لل"


def _opens_next(text: str, at: int, inside: dict[int, Found]) -> bool:
    """Whether what follows و is another name: a listed one, one with a head, or one in letters."""
    return at in inside or name_words().head.match(text, at) is not None or SPELLED.match(text, at) is not None


def _dangles(word: str) -> bool:
    """Whether a word wants a trade after it: لبناء السفن; in مجموعة س لبناء برج it is no part of the name."""
    return word in name_words().purposes


def _is_trade(word: str) -> bool:
    """Whether it is a trade that a purpose tells: لتطوير العقارات; لتطوير الشبكة is what is done for once."""
    return word.startswith("ال") and word not in _ONE_THING


_ONE_THING = frozenset({"الشبكه", "المشروع", "المنصه", "التطبيق", "النظام", "الموقع", "المبني", "المحطه", "المصنع"})


def _widens(text: str, end: int) -> bool:
    """Whether the word after a listed company may be more of its name: a business word, a nation, a region, ل + a trade."""
    match = _TOKEN.match(text, end)
    word = match["word"] if match is not None else None
    if word is None:
        return False
    words = name_words()
    return (
        word in words.tails
        or word in words.nations
        or word in words.purposes
        or word.startswith("لل")
        or _foreign(word)
        or len(word) < _SHORT
        or _ADJECTIVE.fullmatch(word) is not None
    )


_TRADES = frozenset({"للطيران", "للفنادق", "للمواني", "للمختبرات", "للخطوط", "للمتاجر"})
"""شركة س للطيران: a head that tells the trade"""
_COMPANY_HEADS = frozenset({"شركه", "شركتي", "شركتا", "مجموعه", "مجموعتي"})
_PROPERTY = frozenset({"برج", "مبني", "قطعه", "عقار", "فندق", "منتجع", "مساحه", "مساحات", "مستودعات", "مستودعا"})
"""باعت شركة نخيل برج المنارة: what is sold"""
_OURS = 5


def _what_for(word: str, kind: str) -> bool:
    """الجمعية الدولية لشبكات …: a body that is named by its kind is named by what it is for, too."""
    plural = word[0] == "ل" and len(word) > _OURS and word.endswith("ات")
    return plural and _ADJECTIVE.fullmatch(kind) is not None


_NEGATIONS = frozenset({"لا", "لم", "لن", "ليس", "ليست"})
_SHORT = 4
_ADJECTIVE = re.compile(r"ال(?:شرق|خليج|امارات|سعوديه|\w+ي(?:ه)?)")


def _continues(word: str, taken: list[str], definite: bool, kind: str) -> bool:
    """Whether `word` belongs to the name of which `taken` was read."""
    words = name_words()
    if (
        word in words.breaks
        or (word[0] in "وبكف" and word[1:] in words.breaks and not _foreign(word))
        or len(word) < 2
        or (taken and (_is_verb(word) or _was_done(word) or word in _SIGNED_THINGS))
    ):
        return False
    if taken and (word[0] == "ل" or taken[-1].startswith(("ال", "لل"))) and word not in _TRADES and words.head.fullmatch(word):
        return False  # فوضت شركة طيران الخليج بنك س: the next one
    if taken and (word in _COMPANY_HEADS or word in _PROPERTY):
        return False
    if taken and word.endswith(("ها", "هما")) and word_of(word.removesuffix("هما").removesuffix("ها")).sort == "agentives":
        return False  # تواصل شركة س التزامها
    if taken and (word in _MARKETS or (word in words.bodies and kind != "government")):
        return False
    if taken and (_speaks_to(taken[-1], word) or (kind == "company" and _begins_person(taken[-1], word))):
        return False
    if (
        len(taken) > 1
        and _closes(taken[-1])
        and not (word in words.tails or word in words.nations or word.startswith(("ال", "لل")))
        and not (word.startswith("وال") and taken[-1].startswith("لل"))
    ):
        return False
    before = taken[-1] if taken else ("ال" if definite else "")
    defined = before.startswith(("ال", "لل"))
    if taken and len(word) > _OURS and word.endswith("نا"):
        return False  # شراكة س مع ص التزامنا: our commitment
    if word in words.purposes or (definite and len(taken) == 1 and _what_for(word, taken[0])):
        return bool(taken)
    if word.startswith("لل"):
        return bool(taken)
    if word.startswith("وال"):
        paired = before[:2] == "ال" and (len(taken) > 1 or (not definite and not words.head.fullmatch(word)))
        return bool(taken) and (kind == "government" or before.startswith("لل") or paired)
    if word in words.nations:
        return (not taken and definite) or defined or (bool(taken) and before in words.tails)
    if word.startswith("ال"):
        return True
    if word in words.tails:
        return bool(taken) or not (definite or word.startswith("لل") or words.head.fullmatch(word))
    if (
        taken
        and word not in words.keep
        and (
            (word[0] in "وف" and len(word) > 4 and not (word[0] == "ف" and _foreign(word)))
            or (word[0] == "و" and len(word) == 4 and word[1] not in "يوار")
        )
    ):
        return False
    if taken and _PURPOSE.fullmatch(word):
        return False
    if word.startswith(("بال", "كال", "فال")) or (taken and word[0] == "ب" and len(word) > 3 and not word.startswith(_WITH_B)):
        return False
    if taken and len(word) > 3 and word[-1] == "ا" and not word.endswith(_FOREIGN_A) and word not in words.keep:
        return False  # an accusative: افتتحت شركة س مكتبا
    if taken and len(word) > 4 and word.endswith(("هم", "ها", "هما", "يا")) and word not in words.keep:
        return False
    if word not in words.keep and taken and word[0] in "تيس" and len(word) > 3 and not _foreign(word):
        return False
    if defined and len(word) > _OURS and _foreign(word) and word_of(word).sort == "other" and not word.endswith(("ات", "ه")):
        return True  # شركة الياه ساتلايت
    return not defined and not definite


def _speaks_to(tail: str, word: str) -> bool:
    """شركة الساحل للتأمين المساهمين, القابضة التوسع: after a closing word a plural is whom, a noun what the company speaks of."""
    noun = not word.endswith(("ه", "ي")) if tail == "القابضه" else word.endswith(("ين", "ون"))
    return (
        _closes(tail) and word.startswith("ال") and noun and word not in name_words().nations and word not in name_words().tails
    )


def _begins_person(before: str, word: str) -> bool:
    """عن شركة لوناريس خالد …: a given name after a name without one is of another, who acts for it."""
    given = name_words().given
    return word in given and before not in given and before not in _OF_PERSONS


_OF_PERSONS = frozenset({"بن", "ابو", "بو", "الشيخ", "الشيخه", "الامير", "الملك", "الحاج", "سانت"})


def _closes(word: str) -> bool:
    """Whether a business word ends a name, so that a person after it is another: شركة س كابيتال فلان."""
    return word in name_words().tails and word not in _HEAD_AND_TAIL


def _is_verb(word: str) -> bool:
    """Whether the tables list the word, و, ف or the س of the future before it aside, as a finite verb."""
    listed = word_table().get(word) or (word_table().get(word[1:]) if word[0] in "وفس" else None)
    carried = word.removesuffix("ها") if word.endswith("تها") else ""
    told = (listed is not None and listed.sort == "verbs") or carried in name_words().verbs
    return told and word not in name_words().keep


def _was_done(word: str) -> bool:
    """استطاعت: a feminine past by its form, with a letter that foreign words do not have."""
    past = len(word) >= _SHORT and word.endswith("ت") and word_of(word).sort == "verbs" and word not in name_words().given
    return past and not _NATIVE.isdisjoint(word) and word not in name_words().keep and word not in name_words().tails


_SIGNED_THINGS = frozenset({"شراكه", "اتفاقيه", "مذكره", "تحالفا", "اتفاقا", "عقدا"})
"""وقعت A وB شراكة"""


def _foreign(word: str) -> bool:
    """Begins or ends as a transliterated word does, and no verb: سيستمز, not ستعطي."""
    if word.startswith(("ست", "سي")) and not _NATIVE.isdisjoint(word) and word_of(word).sort == "verbs":
        return False
    return word.endswith(_FOREIGN_ENDS) or word.startswith(_FOREIGN_STARTS) or (word[0] in "تي" and word[-1] == "ا")


_NATIVE = frozenset("عحصضطظقثذ")
"""Letters that transliterated words hardly have"""


def _another_noun(word: str, head: str) -> bool:
    """شهدت الشركة الافتتاح الرسمي: what follows a feminine noun and is no feminine adjective is another thing."""
    return head.endswith("ه") and word.startswith("ال") and not word.endswith(("ه", "ي"))


_KINDS_OF_BANK = frozenset({"الاهلي", "الوطني", "التجاري", "العربي", "الاسلامي", "الدولي", "العقاري", "الصناعي", "الزراعي"})
"""البنك الأهلي الأردني"""


def _names(taken: list[str], definite: bool, kind: str, head: str) -> bool:
    """Whether the words after a head name somebody: شركة ناشئة and الشركة do not."""
    words = name_words()
    if not taken or (len(taken[0]) > 4 and taken[0].endswith(("ها", "هما", "هم", "اتنا", "اينا"))):  # مجلس إدارتها
        return False
    if definite:
        if head.endswith(("بنك", "مصرف")) and len(taken) == 2 and taken[0] in _KINDS_OF_BANK and taken[1] in words.nations:
            return True
        told = (
            any(word not in words.nations for word in taken[1:])
            and taken[0] not in words.generic
            and not _another_noun(taken[0], head)
        )
        return (kind == "government" and taken[0] in words.nations) or told
    if word_of(taken[0]).sort == "verbs" and taken[0].startswith(("تت", "يت", "يست", "تست")) and taken[0] not in words.keep:
        return False  # مؤسسة تتفاعل مع …
    if _CARRIES.fullmatch(taken[0]) and word_of(taken[0]).sort == "verbs":
        return False
    if len(taken) == 1:
        return taken[0] not in words.generic and taken[0] not in words.nations
    return taken[0] not in words.generic or taken[0].startswith("ال") or (taken[1] in words.tails and taken[1].startswith("لل"))


_CARRIES = re.compile(r"[يت]\w{2,}(?:ها|ه)")
"""تحالف يقوده بنك س: a verb with its object, of which the head is"""


def _quoted(text: str) -> Iterator[Found]:
    """Short quoted names that do something or have something done with them: أعلنت «ضمان»."""
    words = name_words()
    for match in _QUOTED.finditer(text):
        inner = match[1].split()
        before = _WORD.findall(text, max(0, match.start() - 24), match.start())
        if not before or not _may_be_called(inner):
            continue
        if before[-1] in words.verbs or before[-1].lstrip("وف") in words.verbs:
            yield Found(match.start(1), match.end(1))


def _may_be_called(inner: Sequence[str]) -> bool:
    """Whether quoted words can be a name: «نقلة» alone, whatever it means; of several none that no name has in it."""
    if len(inner) == 1:
        return inner[0] not in _NEGATIONS and len(inner[0]) > 2 and word_of(inner[0]).sort not in {"case", "conjunctions"}
    return 0 < len(inner) <= 4 and not any(word in name_words().breaks for word in inner)


def _quoted_at(text: str, at: int) -> Iterator[Found]:
    """The quoted name that follows at once."""
    quoted = _QUOTED.match(text, at + (text[at : at + 1] == " "))
    if quoted is not None and _may_be_called(quoted[1].split()):
        yield Found(*quoted.span(1))


_LEADS = frozenset({"اسهم", "سهم", "مع", "في", "علي", "من", "بين", "الي", "لصالح"})


def _quoted_units(text: str, known: Sequence[Found]) -> Iterator[Found]:
    """A quoted name that begins with a listed one and goes on is another company of the house: «إعمار مولز»."""
    for name in known:
        quoted = _QUOTED.match(text, name.start - 1) if name.start else None
        if quoted is None or name.entity is None or quoted.end(1) <= name.end + 2 or len(quoted[1].split()) > 6:
            continue
        before = _WORD.findall(text, max(0, name.start - 16), name.start - 1)
        led = bool(before) and (
            before[-1] in name_words().verbs or before[-1] in _LEADS or bool(name_words().head.fullmatch(before[-1]))
        )
        if led and not any(word in name_words().breaks for word in quoted[1].split()):
            yield Found(quoted.start(1), quoted.end(1), parent=name.entity.name)


def _lines_of_business(text: str, known: Sequence[Found]) -> Iterator[Found]:
    """A listed house with a line of business or a country after it is a company of it: أبوظبي الوطني للتمويل الإسلامي,
    فودافون مصر.
    """
    for name in known:
        line = _LINE.match(text, name.end) or name_words().regions.match(text, name.end)
        if line is not None and name.entity is not None and name.entity.kind == "company":
            yield Found(name.start, line.end(), parent=name.entity.name)


def _officers(text: str) -> Iterator[Found]:
    """الرئيس التنفيذي لسيغما، مدير عام سيغما: what a chief officer heads, where nothing else follows in the phrase."""
    for match in _OFFICER.finditer(text):
        for name in _bare(text, match.end(), 4):
            if _AFTER_OFFICE.match(text, name.end):
                yield name


_OFFICER = re.compile(
    r"(?:ال(?:رييس التنفيذي|مدير (?:التنفيذي|العام|الاقليمي)|عضو المنتدب)|مدير عام)(?: في| لدي|)"
    rf" (?:ل(?!ل|ندن)(?=[{_LETTERS}]{{2}}))?(?!(?:قطاع|فريق|منطقه|قسم|عمليات|شوون) )(?=[{_LETTERS}])"
)
_AFTER_OFFICE = re.compile(r" ?(?:[,:.\n]|عن |ان |انها |$)")


def _spelled_out(text: str) -> Iterator[Found]:
    """في ايه ام دبليو, مع اتش اس بي سي: three letters and more by their names, where a party stands."""
    for match in _LED_LETTERS.finditer(text):
        if match[1] not in _TECHNICAL and len(match[1].split()) >= _FEWEST_LETTERS:
            yield Found(*match.span(1))


_LED_LETTERS = re.compile(rf"(?<![{_LETTERS}])(?:في|علي|مع|من|اسهم|بين|اعلنت|وقعت|قالت) ({SPELLED.pattern})")
_FEWEST_LETTERS = 3
_TECHNICAL = frozenset({
    "دي في دي", "اس ام اس", "جي اس ام", "جي بي اس", "ايه دي اس ال", "ال سي دي", "ال اي دي", "يو اس بي", "جي بي ار اس",
    "سي دي ام ايه", "اي بي تي في", "ان اف سي", "ار اف اي دي", "في بي ان", "بي دي اف", "ام ام اس", "او تي تي", "ال تي اي",
})  # fmt: skip
"""Letters that name a technology"""


def _had_done(text: str) -> Iterator[Found]:
    """وكانت لوناريس قد عرضت: who stands between the two auxiliaries."""
    for match in _HAD.finditer(text):
        for name in _bare(text, match.start(1) - 1, 4):
            if name.end == match.end(1):
                yield name


_HAD = Gated(rf"(?<![{_LETTERS}])و?كانت? ([{_LETTERS}]+(?: [{_LETTERS}]+){{0,3}})(?: أيضا)? قد(?![{_LETTERS}])")
_LINE = re.compile(r" لل(?:تمويل|تامين|وساطه|عقارات|صناعات|هندسه|مقاولات|اوراق الماليه|خدمات الماليه)(?: ال\w+ي(?:ه)?)?(?!\w)")


def _acting(text: str, known: Sequence[Found]) -> Iterator[Found]:
    """Who does something, named without a head: وقعت نت جير. Companies are feminine, so a noun of no feminine form after a
    feminine verb is a name.
    """
    words = name_words()
    rows = {name.start: name for name in known if name.entity is not None and name.entity.kind != "government"}
    places = _ends(text, _feminine_verbs())
    led, given = _ends(text, words.leads), _ends(text, GIVEN_BY)
    to_parties = [at for pattern in TO_PARTIES for at in _ends(text, pattern)]
    for at in (*led, *given, *to_parties):
        yield from _quoted_at(text, at)
    for name in (found for at in (*places, *led, *to_parties) for found in _bare(text, at, 4)):
        row = rows.get(name.start)
        if row is None or _goes_on(text[row.end : name.end].split()):
            yield name


def _ends(text: str, pattern: re.Pattern[str] | Gated) -> list[int]:
    return [match.end() for match in pattern.finditer(text)]


def _goes_on(words: Sequence[str]) -> bool:
    """Whether words after a listed name make it another company's: دي بي, تكنولوجيز; in اشترت إعمار أرضا they do not."""
    return bool(words) and (
        words[0] in name_words().tails or _foreign(words[0]) or len(words[0]) < 3 or words[0].startswith("لل")
    )


def _headlines(text: str) -> Iterator[Found]:
    """نت جير تستحوذ على …: who stands before the verb with which a headline goes on, or its half after two dots or a colon."""
    for match in _LINE_START.finditer(text):
        for name in (*_bare(text, match.end(), 4), *_quoted_at(text, match.end())):
            if _DOES_IT.match(text, name.end):
                yield name


_LINE_START = re.compile(rf"(?:^|\n|\.\.|[:!]) *(?=[{_LETTERS}«\"“])")
_DOES_IT = re.compile(
    rf"[»\"”]?(?: ال[{_LETTERS}]+يه)? (?:تستحوذ|تشتري|تقتني|تبيع|توقع|تبرم|تجمع|تغلق|تفوز|تحصل|تحصد|تنال|تعتزم|تدرس|تبحث|تستثمر"
    rf"|تضخ|تصدر|تطرح|تتخارج|تقترض|توسس|ترفع|تخفض|تندمج|تتعاون|تعلن|تنفي|تمنح|تقود|تنهي|تتم|تكمل|تستكمل"
    rf"|تتفق|تستعد|تخطط|تتفاوض|تتملك)(?= )"
)


def _bare(text: str, at: int, longest: int) -> Iterator[Found]:
    """The name without a head that follows, when it does not look like a noun."""
    spelled = _LETTERS_NEXT.match(text, at)
    if spelled is not None and spelled[1] not in _TECHNICAL:
        yield Found(*spelled.span(1))
        return
    led = _GOVERNED.search(text, max(0, at - _LONGEST_WORD), at) is not None
    taken: list[str] = []
    start = end = at
    while len(taken) < longest:
        token = _TOKEN.match(text, end)
        if token is None or token["word"] is None or not _continues(token["word"], taken, False, "company"):
            break
        if taken and token["word"] not in _HEAD_AND_TAIL and name_words().head.fullmatch(token["word"]):
            break  # مع س مؤسسة الأبحاث: what it is
        start = start if taken else token.start("word")
        taken.append(token["word"])
        end = token.end()
    if taken and (_may_open(taken, led=led) or (len(taken) == 1 and _of_a_nation(text, taken[0], end))):
        yield Found(start, end)


_LETTERS_NEXT = re.compile(rf" ?({SPELLED.pattern})")
_GOVERNED = re.compile(rf"(?<![{_LETTERS}])(?:مع|بين|علي|من|في) ?$")
"""After a preposition the first letter of a word is its own: مع بوليكوم"""
_LONGEST_WORD = 5


def _of_a_nation(text: str, word: str, end: int) -> bool:
    """Whether a word without the article has a feminine adjective of nation after it: مع منارة البحرينية is a company there."""
    token = _TOKEN.match(text, end)
    words = name_words()
    listed = word in words.generic or word in word_table() or word_of(word).sort != "other" or words.head.fullmatch(word)
    told = token is not None and token["word"] is not None and token["word"] in words.nations and token["word"].endswith("يه")
    return told and not listed and len(word) > 3 and not word.startswith(("ال", "لل")) and not word.endswith(("ها", "هم", "ات"))


def _may_open(taken: Sequence[str], *, led: bool = False) -> bool:
    """Whether words can be a name without a head: the first is in no table, and does not look like a noun or has a trade or a
    region after it (إنجازات لنظم المعلومات, ويستكون الشرق الأوسط). `led` says that they follow a preposition.
    """
    words = name_words()
    word = taken[0]
    if word in words.keep:
        return True
    listed = word in words.generic or words.head.fullmatch(word) or word_of(word).sort not in {"other", "verbs"} or _is_verb(word)
    attached = word[0] in "بلكوف" and (word[1:] in words.breaks or word[1:] in words.generic or word[1:] in word_table())
    accusative = word[-1] == "ا" and (word[-2:-1] in _EMPHATIC or word[:-1] in words.breaks or word[:-1] in words.generic)
    joined = word[0] == "و" and len(word) > 4 and word[1] not in "يوا"
    trade = len(taken) > 1 and taken[1].startswith("لل") and taken[1] in words.tails  # الفلك للمعدات
    shaped = len(taken) > 1 and len(word) > 2 and (taken[1] in words.purposes or tuple(taken[1:3]) == ("الشرق", "الاوسط"))
    joined = joined and not led
    done = _NOUN_OF_ACTION.fullmatch(word) is not None and not trade
    return (shaped or trade or _unlike_a_noun(word, led=led)) and not (listed or attached or accusative or joined or done)


_NOUN_OF_ACTION = re.compile(r"ت[^\Wاويت]\wي\w")
"""أعلنت تسريح موظفين: what is done"""


_EMPHATIC = tuple("صضطظعقح")
"""Letters that hardly stand before a final ا in a foreign word: اقراصا, عرضا"""


def _unlike_a_noun(word: str, *, led: bool = False) -> bool:
    attached = word[0] in "بلك" and len(word) > 4 and not word.startswith(_WITH_B) and not led
    plain = word.endswith(_NOUN_ENDS) and not (led and word.endswith("ون"))  # a plural after a preposition ends in ين
    return len(word) > 2 and not attached and not plain and not word.startswith(("ال", "لل"))


def _appointed(text: str) -> Iterator[Found]:
    """Who is chosen for a trade: اعتماد نت جير كموزع."""
    for match in _APPOINTED.finditer(text):
        for name in _bare(text, match.start(1), 4):
            if name.end <= match.end(1) and (match[1][0] not in "بلكوف" or match[1].startswith(_WITH_B)):
                yield name


def _shared(text: str) -> Iterator[Found]:
    """Of whom a part is held, bought or sold: تملك 18% في سنارا, حصة مشتركة تبلغ 75% من لوناريس."""
    for match in _SHARE_IN.finditer(text):
        yield from _bare(text, match.end(), 4)


_SHARE_IN = Gated(
    rf"(?<![{_LETTERS}])(?:[بو]?حصه|حصتها|حصته|[يت]?تملك|تمتلك|يمتلك|يملك|استحوذت?|استحواذ(?:ها|ه)?|اشترت|شراء|بيع|باعت)(?![{_LETTERS}])"
    r"[^.,;:()\n]{0,44}?(?:%|في ال?ماي?ه|بالماي?ه)(?: من (?:اسهم|راسمال|راس مال))? (?:في|من)"
    rf"(?= (?!(?:قطاع|قطاعات|سكان|مناطق|مجموع|اجمالي|ابرز|اجل|توزيع|عدد|حجم|قيمه|انتاج|كامل|جميع)(?![{_LETTERS}])))"
)
_FUTURE = re.compile(r"س[تي]\w{3}")
_APPOINTED = Gated(
    rf"(?<![{_LETTERS}])[وفبل]?(?:اعتماد|اعتمدت|تعيين|عينت|اختيار|اختارت) ([{_LETTERS}][^,.;:()\n]{{2,40}}?)"
    r" (?:ك|ل(?:ي|ت)كون )?(?:موزع|شريك|وكيل|مزود|مورد)"
)


def _coordinated(text: str, names: Sequence[Found]) -> Iterator[Found]:
    """Members of a list that no other rule finds: بنك أ، وبدر الإسلامي، وبنك ج; بين أ وبرولوجيكس.

    Between two names, or after بين and one name, و joins another name.
    """
    starts = {name.start: name for name in names}
    for name in names:
        paired = _BETWEEN.search(text, max(0, name.start - 8), name.start) is not None or _TWO.match(text, name.start) is not None
        at = name.end
        while (link := _AND.match(text, at)) is not None and link.end() not in starts:
            quoted = next(_quoted_at(text, link.end()), None)
            found = quoted or next(_bare(text, link.end(), 4), None)
            if found is None or any(found.start < other.end and other.start < found.end for other in names):
                break
            if _is_verb("و" + text[found.start : found.end].split(maxsplit=1)[0]):
                break  # س وقعت اتفاقية: و is the verb's own
            after = _AND.match(text, found.end)
            listed = after is not None and (after.end() in starts or name_words().head.match(text, after.end()))
            if not (listed or paired or quoted or _SIGNED.match(text, found.end)):
                break
            yield found
            at, paired = found.end, False


_BETWEEN = re.compile(rf"(?<![{_LETTERS}])(?:بين|كل من) $")
_TWO = re.compile("(?:شركتي|شركتا|مجموعتي|مجموعتا|بنكي|بنكا|مصرفي) ")
"""شركتي A وB: a head of two"""
_SIGNED = re.compile(
    rf"[»\"”]? (?:مذكره|اتفاقيه|اتفاقا|اتفاق|شراكه|عقدا|تحالفا|عن (?:توقيع|ابرام|شراكه|اتفاقيه|تحالف))(?![{_LETTERS}])"
)
"""What A and B sign: وقعت A وB مذكرة"""
_AND = re.compile(r"[»\"”]?(?: ?\([^()\n]{1,80}\))? ?,? و")


def _tailed(text: str, known: Sequence[Found]) -> Iterator[Found]:
    """Names that a business word closes, without a head: الفردوس القابضة المحدودة."""
    words = name_words()
    for match in _word_before_tail().finditer(text):
        if match[1] not in words.tails or match[1].startswith("لل"):
            continue
        if match[1] in _HEAD_AND_TAIL and re.match(rf" (?!و)[{_LETTERS}]", text[match.end() : match.end() + 2]):
            continue
        if match[1] == "المحدوده" and _THINGS.search(text, max(0, match.start() - _LONGEST_THING), match.start()):
            continue
        before = list(_WORD.finditer(text, max(0, match.start() - 40), match.start()))
        start = match.start()
        for word in reversed(before[-3:]):
            between = text[word.end() : start]
            bare = word.group()
            common = _FUTURE.match(bare) is not None and word_of(bare).sort == "verbs" and bare not in words.keep
            common |= _ITS_DOING.fullmatch(bare) is not None
            common |= bare in words.breaks or bare in words.verbs or bare in words.generic or _is_verb(bare)
            if between.strip() or common or words.head.fullmatch(bare):
                break
            start = word.start()
            whole = bare.startswith(_WITH_B) or bare in words.keep or (bare[0] == "ف" and _foreign(bare))
            whole |= bare[0] in "لفب" and _ANNOUNCED.search(text, max(0, start - 12), start) is not None
            if bare[0] in "وفبل" and len(bare) > 4 and not whole:
                start += 2 if bare.startswith("لل") else 1
                break
        if start < match.start() and not any(start < name.end and name.start < match.end() for name in known):
            yield Found(start, match.end())


_ITS_DOING = re.compile(r"[وفبل]?(?:تعيين|اختيار|اعتماد|استحواذ|توقيع|تعاون|شراكت|اندماج)(?:ها|ه|هما|نا)")
"""عن تعيينها لوناريس تكنولوجي: what is done, before the name"""
_THINGS = re.compile(rf"(?<![{_LETTERS}])[وفبك]?ال[{_LETTERS}]{{2,}}ات $")
"""التداولات المحدودة: few, not Ltd"""
_LONGEST_THING = 16

_ANNOUNCED = re.compile(rf"(?<![{_LETTERS}])[وف]?(?:اعلنت|قالت|اكدت|ذكرت|اوضحت|وقعت|ابرمت|اطلقت|كشفت|افادت) $")
"""Verbs of which a subject follows, so that the first letter of the next word is its own: أعلنت لوناريس القابضة"""


@functools.cache
def _word_before_tail() -> re.Pattern[str]:
    tails = alternation(name_words().tails)
    return re.compile(rf"(?<![{_LETTERS}])({tails})(?![{_LETTERS}])")


@functools.cache
def _feminine_verbs() -> re.Pattern[str]:
    """The verbs of companies; of one that begins with و or ف, three letters and more must be left without it."""
    verbs = [verb for verb in name_words().carried if verb.removesuffix("ها").strip("ت") != verb and 3 <= len(verb) <= 8]
    plain = [verb for verb in verbs if verb[0] not in "وف" or len(verb) == 3]
    return re.compile(rf"(?<![{_LETTERS}])(?:[وف](?:{alternation(verbs)})|{alternation(plain)})(?= [{_LETTERS}])")


def _latin(text: str) -> Iterator[Found]:
    stop = name_words().latin_stop
    for match in LATIN_RUN.finditer(text):
        name = match.group()
        if (match.start() and text[match.start() - 1].isalnum()) or name.lower() in stop or len(name) < 3:
            continue
        if " " in name or any(char.islower() for char in name):
            yield Found(*match.span())
