"""Times of day, lengths and what recurs in Arabic. Rules run on folded text: bare letters, ASCII digits, no harakat."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from corpus.language_table import languages
from extractors.alternation import alternation
from extractors.clocks import Clock, Item, Length
from extractors.normalize import fold

_END = r"(?!\w)"
_DIGITAL = re.compile(
    r"(?:ال|لل|هذه ال)?(?:ساعه[ ]{1,2})?(?<![\d.:/])(?P<h>2[0-4]|[01]?\d):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?(?![\d:%/])(?!\.\d)"
)
_JOINT = re.compile(r"[ ]{1,3}(?:و?(?:الي|حتي|لغايه)[ ]{1,3})?|[ ]?-{1,2}[ ]?")
_AND = re.compile(r"[ ]و[ ]?(?=\w)")
_WITHIN = ("خلال", "في غضون", "غضون")


@dataclass(frozen=True, slots=True)
class ArabicTimes:
    """The grammar: `read` one time at a position where `start` matches."""

    start: re.Pattern[str]
    gap: re.Pattern[str]
    parts: Mapping[str, tuple[int, int]]
    alone: frozenset[str]
    part: re.Pattern[str]
    units: Mapping[str, str]
    hours: Mapping[str, int]
    fractions: Mapping[str, int]
    numerals: Mapping[str, int]
    clock: re.Pattern[str]
    after_hour: re.Pattern[str]
    part_after: re.Pattern[str]
    length: re.Pattern[str]
    frame: re.Pattern[str]
    window: re.Pattern[str]
    unit_beside: re.Pattern[str]
    past: frozenset[str]
    every: re.Pattern[str]
    sets: Mapping[str, str]
    set_word: re.Pattern[str]
    weekdays: Mapping[str, int]
    now: re.Pattern[str]
    relation: re.Pattern[str]
    time_first: bool = True

    def read(self, text: str, at: int) -> Item | None:
        """A time of day, a length with what frames it, or what recurs."""
        if match := self.now.match(text, at):
            return Item(at, match.end(), "now")
        return self._beside(text, at) or self._clock(text, at) or self._set(text, at) or self._framed(text, at)

    def second(self, text: str, end: int) -> Item | None:
        """The second time of a range may lack the word for the hour: الى 11 مساء, للخمسة."""
        return self._clock(text, end)

    def joined(self, text: str, end: int, start: int) -> bool:
        """Whether إلى, حتى, لل or a dash stands between two times."""
        match = _JOINT.fullmatch(text, end, start)
        return match is not None and (match[0].strip(" ") != "" or text.startswith("لل", start))

    def part_of(self, _told: str) -> tuple[int, int] | None:
        """No date word of Arabic says a part of the day."""
        return None

    def _clock(self, text: str, at: int) -> Item | None:
        if digital := _DIGITAL.match(text, at):
            part, end = self._part_after(text, digital.end())
            hour, second = int(digital["h"]), digital["s"]
            clock = Clock(hour, int(digital["m"]), int(second) if second else None, part=part)
            return Item(at, end, "clock", clock)
        match = self.clock.match(text, at)
        if match is None:
            said = self.part.match(text, at)
            if said is None:
                return None
            return Item(at, said.end(), "clock", Clock(None, part=self.parts[said["p"]]), weak=said["p"] not in self.alone)
        hour = int(match["h"]) if match["h"].isdigit() else self.hours[match["h"]]
        minute, end = None, match.end()
        rest = self.after_hour.match(text, end)
        if rest is not None:
            told = self._minutes(rest)
            if told is None:
                return None
            minute, end = told, rest.end()
        part, end = self._part_after(text, end)
        sure = match["said"] or match["at"] or part or (rest and (match["to"] or text.endswith("من ", 0, at)))
        if not sure or hour > 24 or (rest is None and part is None and not match["said"] and match["h"].isdigit()):
            return None
        if minute is not None and minute < 0:
            hour, minute = (hour - 2) % 12 + 1, minute + 60
        return Item(at, end, "clock", Clock(hour, minute, part=part))

    def _minutes(self, rest: re.Match[str]) -> int | None:
        if rest["frac"]:
            return self.fractions[rest["frac"]]
        if rest["less"]:
            return -self.fractions[rest["less"]]
        number = self._count(rest["n"])
        return None if number is None or number > 59 else int(number)

    def _part_after(self, text: str, end: int) -> tuple[tuple[int, int] | None, int]:
        match = self.part_after.match(text, end)
        return (None, end) if match is None else (self.parts[match["p"]], match.end())

    def _count(self, said: str | None) -> Decimal | None:
        """3, ثلاثة, ثلاثة عشر, خمس واربعون."""
        if said is None:
            return Decimal(1)
        if said[0].isdigit():
            return Decimal(said.replace(",", "."))
        total = 0
        for word in re.split(r"[ ]+", said):
            number = self.numerals.get(word.removeprefix("ال"))
            if number is None:
                number = self.numerals.get(word.removeprefix("و").removeprefix("ال"))
            if number is None:
                return None
            total += number
        return Decimal(total)

    def _length(self, text: str, at: int) -> tuple[Length, int] | None:
        """One amount of a unit, or two: 8 سنوات و9 أشهر."""
        first = self._piece(text, at)
        joined = _AND.match(text, first[1]) if first else None
        second = self._piece(text, joined.end()) if joined else None
        if first is None or second is None or first[0][1] == second[0][1]:
            return None if first is None else (Length((first[0],)), first[1])
        return Length((first[0], second[0])), second[1]

    def _piece(self, text: str, at: int) -> tuple[tuple[Decimal, str], int] | None:
        """3 أشهر, شهرين, عام ونصف العام, نصف ساعة."""
        match = self.length.match(text, at)
        if match is None:
            return None
        unit = self.units[match["u"]]
        amount = Decimal(2) if unit.endswith("2") else self._count(match["n"])
        if amount is None:
            return None
        if match["part"]:
            amount = Decimal(self.fractions[match["part"]]) / 60
        if match["half"]:
            amount += Decimal("0.5")
        return (amount, unit.removesuffix("2")), match.end()

    def _framed(self, text: str, at: int) -> Item | None:
        if window := self.window.match(text, at):
            amount = self._count(next(window[key] for key in ("n", "n2") if window[key]))
            unit = self.units[next(window[key] for key in ("u", "u2") if window[key])].removesuffix("2")
            if amount is None:
                return None
            steps = -1 if window["rel"] in self.past else 1
            return Item(at, window.end(), "window", length=Length(((amount, unit),)), steps=steps)
        frame = self.frame.match(text, at)
        found = self._length(text, frame.end() if frame else at)
        if found is None:
            return None
        length, end = found
        if frame is None:
            counted = length.pieces[0][0] != 1 or text[at].isdigit()  # شهر and عام alone are months and years
            return Item(at, end, "length", length=length) if counted else None
        way = frame["way"]
        if way in ("قبل", "منذ", "بعد"):
            return Item(at, end, "shift", length=length, steps=1 if way == "بعد" else -1)
        relation = self.relation.match(text, end)
        steps = -1 if relation and relation["rel"] in self.past else 1
        last = relation.end() if relation else end
        return Item(at, last, "window", length=length, steps=steps, two_ways=relation is None)

    def _beside(self, text: str, at: int) -> Item | None:
        """الساعة الماضية, الدقيقة قبل الماضية."""
        match = self.unit_beside.match(text, at)
        if match is None:
            return None
        amount = Decimal(2 if match["far"] else 1)
        unit = self.units[match["u"]]
        return Item(at, match.end(), "shift", length=Length(((amount, unit),)), steps=-1 if match["rel"] in self.past else 1)

    def _set(self, text: str, at: int) -> Item | None:
        if word := self.set_word.match(text, at):
            return Item(at, word.end(), "set", length=Length(((Decimal(1), self.sets[word[0]]),)))
        match = self.every.match(text, at)
        if match is None:
            return None
        if match["d"]:
            return Item(at, match.end(), "set", length=Length(((Decimal(1), "week"),)), weekday=self.weekdays[match["d"]])
        unit = self.units[match["u"]]
        amount = Decimal(2) if unit.endswith("2") else self._count(match["n"])
        if amount is None:
            return None
        return Item(at, match.end(), "set", length=Length(((amount, unit.removesuffix("2")),)))


@functools.cache
def arabic_times() -> ArabicTimes:
    """The grammar over [times] and [dates] of `corpus/languages/ar.toml`."""
    words, dates = languages()["ar"].times, languages()["ar"].dates
    parts = {fold(word): hours for word, hours in words.parts.items()}
    units = {fold(word): unit for word, unit in {**dates.units, **words.units}.items()}
    hours = {fold(word): hour for word, hour in words.hours.items()}
    fractions = {fold(word): minutes for word, minutes in words.fractions.items()}
    numerals = {fold(word): number for word, number in dates.numerals.items()}
    past = frozenset(fold(word) for word in dates.past)
    ahead = [fold(word) for word in dates.next]
    weekdays = {fold(word).removeprefix("ال"): number for word, number in dates.weekdays.items()}
    sets = {fold(word): unit for word, unit in words.sets.items()}
    part, hour, unit = alternation(parts), alternation(hours), alternation(units)
    number = alternation(numerals)
    count = rf"\d{{1,4}}(?:[.,]\d)?(?![\d.,:])|(?:{number})(?:[ ](?:عشره?|و[ ]?(?:{number})))?"
    spoken = rf"(?:ال)?(?:{number})(?:[ ](?:عشره?|و[ ]?(?:{number})))?"
    relation = rf"(?P<rel>{alternation([*past, *ahead])}){_END}"
    frames = alternation(["قبل", "منذ", "بعد", *_WITHIN])
    starts = alternation([*parts, *hours, *numerals, *units, *sets, *map(fold, words.now), *fractions])
    return ArabicTimes(
        start=re.compile(
            rf"(?<!\w)(?:(?:ال|لل|هذه ال|هذي ال|ل)?ساعه{_END}|(?:ال|لل|هذه ال|هذي ال)(?:دقيقه|ثانيه){_END}|(?:{frames}|كل){_END}"
            rf"|(?:ال|لل)?(?:{starts}){_END}|لل\d|\d{{1,4}}(?!\d))"
        ),
        gap=re.compile(r"[ ]?,?[ ]{0,2}(?:(?:في|عند|علي|من|يوم|تمام|من يوم)[ ]{1,2}){0,2}"),
        parts=parts,
        alone=frozenset(fold(word) for word in words.alone),
        part=re.compile(rf"(?:في[ ])?(?P<p>{part}){_END}"),
        units=units, hours=hours, fractions=fractions, numerals=numerals,
        clock=re.compile(
            rf"(?:(?P<at>عند)[ ])?(?:(?P<said>(?:هذه[ ])?(?:ال|لل)ساعه)[ ]{{1,3}}|(?P<to>لل))?(?:تمام[ ])?"
            rf"(?P<h>{hour}|(?:2[0-4]|1\d|\d)(?![\d.,:%])){_END}"
        ),
        after_hour=re.compile(
            rf"[ ]{{1,2}}(?:و[ ]?(?P<frac>{alternation(fractions)}){_END}|الا[ ](?P<less>{alternation(fractions)}){_END}"
            rf"|و[ ]?(?P<n>\d{{1,2}}|{spoken})[ ]{{1,2}}(?:دقيقه|دقايق))"
        ),
        part_after=re.compile(rf"[ ]{{1,2}}(?:(?:في|من|ب)[ ]?)?(?P<p>{part}){_END}"),
        length=re.compile(
            rf"(?:(?:نحو|حوالي)[ ])?(?:(?:(?P<part>{alternation(fractions)})|(?P<n>{count}))[ ]{{1,2}})?"
            rf"(?P<u>{unit}){_END}(?:[ ]واحده?{_END})?"
            r"(?P<half>[ ]و(?:ال)?نصف(?:[ ]ال\w{2,6})?)?"
        ),
        frame=re.compile(rf"(?P<way>{frames})[ ]{{1,3}}(?:فتره[ ])?"),
        window=re.compile(
            rf"(?:(?:خلال|في غضون)[ ])?(?:ال(?P<u>{unit})[ ](?P<n>ال[ ]?\d{{1,3}}|ال(?:{number})(?:[ ]عشره?)?)"
            rf"|ال[ ]?(?P<n2>\d{{1,3}}|(?:{number})(?:[ ]عشره?)?)[ ](?P<u2>{unit}))[ ]{relation}"
        ),
        unit_beside=re.compile(rf"ال(?P<u>ساعه|دقيقه|ثانيه)[ ](?P<far>(?:قبل|بعد)[ ])?{relation}"),
        past=past,
        every=re.compile(rf"كل[ ](?:(?:يوم[ ])?(?P<d>{alternation(weekdays)}){_END}|(?:(?P<n>{count})[ ])?(?P<u>{unit}){_END})"),
        sets=sets,
        set_word=re.compile(rf"(?:{alternation(sets)}){_END}"),
        weekdays=weekdays,
        now=re.compile(rf"(?:{alternation(fold(word) for word in words.now)}){_END}"),
        relation=re.compile(rf"[ ]{relation}"),
    )  # fmt: skip
