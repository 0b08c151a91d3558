"""A million generated and mutated texts through the grammars: no exception, spans that hold, and a cost that follows the length.

    python benchmarks/fuzz.py                       # make fuzz: 1,000,000 texts, some ten minutes
    python benchmarks/fuzz.py 20000 --seed 7        # fewer, or others

Half of the texts are windows of the bundled samples and of the cases under `tests/`, with characters dropped, doubled, moved and
replaced; half are pieces of numbers, money and time in any order. What fails is printed with its text, which then becomes a case.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from extractors.amounts import find_amounts
from extractors.dates import find_dates
from extractors.normalize import CleanText, normalize
from extractors.numerals import find_numbers
from extractors.times import find_times
from models.mention import Amount, DateMention, Number, TimeMention

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = datetime(2025, 12, 17, 9, 30)  # noqa: DTZ001  (local to the source)
LANGUAGES = ("zh-Hant", "zh-Hans", "ar")
REGIONS = ("TW", "HK", "CN", "AE", "SA", None)
PIECES = (
    *"0123456789,.%$¥€-~—/:() \n", "１", "٣", "۵", "٫", "٬", "٪", "﷼", "½", "ـ", "\u200f", "\u064e", "\ud800",
    *"一二三四五六七八九十百千万億兆〇零两廿半几数多余点元块角分厘圓年月日號号時时秒刻天周季初底末前後内至到从自约近逾超达",
    "萬億", "百億", "數十億", "美元", "港幣", "港元", "人民币", "新台幣", "HK$", "US$", "NT$", "RMB",
    "日圓", "欧元", "億元", "每股", "股", "GW", "至", "到", "約", "近", "逾", "超過", "不低于", "以上",
    "以下", "多", "估值", "收購", "融資", "2025年", "12月", "16日", "今年", "去年", "上週", "星期三",
    "下午", "昨晚", "小時", "個月", "工作日", "每", "過去", "未來", "以來", "春节", "农历", "正月", "初一",
    "民國114年", "第三季", "上半年", "مليون", "مليار", "مليارا", "مليارين", "ملياري",
    "تريليون", "ألف", "آلاف", "نصف", "ونصف", "ربع", "ثلاثة", "عشر", "مئة", "بضعة",
    "عشرات", "دولار", "دولارا", "دولارين", "ريال", "درهم", "دينار", "جنيه", "سعودي",
    "أمريكي", "إماراتي", "نحو", "أكثر من", "لا يقل عن", "بين", "إلى", "و", "ال",
    "ب", "لل", "من", "عام", "الماضي", "المقبل", "أمس", "الثلاثاء", "ديسمبر",
    "كانون الأول", "هـ", "جمادى الآخرة", "الساعة", "مساء", "خلال", "أشهر",
    "عيد الفطر", "كل", "الربع", "الأول",
)  # fmt: skip

Mention = Number | Amount | DateMention | TimeMention
Reader = Callable[[CleanText, str, str | None], list[Mention]]
READERS: dict[str, Reader] = {
    "numbers": lambda clean, language, _: list(find_numbers(clean, language)),
    "amounts": lambda clean, language, region: list(find_amounts(clean, language, region)),
    "dates": lambda clean, language, region: list(find_dates(clean, language, REFERENCE.date(), region)),
    "times": lambda clean, language, region: list(find_times(clean, language, REFERENCE, region)),
}
SLOW = 0.02
"""Seconds beyond which a text of at most 400 characters is measured again, to tell a busy machine from a slow pattern"""


def seeds() -> list[str]:
    """Texts to mutate: every sample, and every case of the grammars."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "corpus" / "samples").glob("*.txt"))]
    for path in sorted((ROOT / "tests" / "cases").glob("*/*.json")):
        texts += [row["text"] for row in json.loads(path.read_text("utf-8")) if isinstance(row, dict) and row.get("text")]
    return texts


def mutated(text: str, dice: random.Random) -> str:
    """A window of `text` with a few characters changed."""
    start = dice.randrange(len(text))
    chars = list(text[start : start + dice.randrange(4, 120)])
    for _ in range(dice.randrange(1, 6)):
        at = dice.randrange(len(chars) + 1)
        match dice.randrange(5):
            case 0:
                chars.insert(at, dice.choice(PIECES))
            case 1 if chars:
                del chars[at - 1]
            case 2 if chars:
                chars[at:at] = chars[max(0, at - 3) : at] * dice.randrange(1, 4)
            case 3 if chars:
                chars[at - 1] = dice.choice(PIECES)
            case 4:
                chars[at:at] = [chr(dice.randrange(0x20, 0xFFFF))]
    return "".join(chars)


def pieced(dice: random.Random) -> str:
    """Pieces in any order, in Arabic often with blanks between them."""
    return dice.choice(("", "", " ")).join(dice.choices(PIECES, k=dice.randrange(1, 18)))


def texts(count: int, dice: random.Random) -> Iterator[str]:
    """Half mutated, half pieced."""
    known = seeds()
    for number in range(count):
        yield mutated(dice.choice(known), dice) if number % 2 else pieced(dice)


def trouble(text: str, language: str, region: str | None) -> str | None:
    """What is wrong with the reading of a text; None when nothing is."""
    clean = normalize(text)
    for name, read in READERS.items():
        begun = time.process_time()
        try:
            found = read(clean, language, region)
            if time.process_time() - begun > SLOW:
                again = time.process_time()
                read(clean, language, region)
                if time.process_time() - again > SLOW:
                    return f"{name}: slow"
        except Exception as error:
            return f"{name}: {type(error).__name__}: {error}"
        end = 0
        for mention in found:
            if text[mention.start : mention.end] != mention.text or not mention.text or mention.start < end:
                return f"{name}: span {mention.start}..{mention.end} {mention.text!r}"
            end = mention.end
    return None


def main() -> int:
    """Run, print findings and the count; 1 when there is a finding."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("count", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    dice = random.Random(given.seed)
    found = 0
    for number, text in enumerate(texts(given.count, dice), 1):
        language, region = dice.choice(LANGUAGES), dice.choice(REGIONS)
        problem = trouble(text, language, region)
        if problem:
            found += 1
            print(json.dumps({"problem": problem, "language": language, "region": region, "text": text}), flush=True)
        if number % 50_000 == 0:
            print(f"{number:,} texts, {found} findings", file=sys.stderr, flush=True)
    print(f"{given.count:,} texts, {found} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
