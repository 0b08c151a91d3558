"""Names that no row knows, in folded Chinese text.

What is left over between the words of the language table is free, and a free stretch is a name where its neighbours show it, as
in "科技公司｜铭枢智能｜完成" or "收购｜四川岚川能源有限公司". The rules are regular expressions over the text's
`extractors.shape_zh.shape`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from corpus.language_table import languages
from extractors.alternation import alternation
from extractors.issuer_names import acting, coded, funded
from extractors.known_names import Found, is_spelling, longest, lookup_entity
from extractors.normalize import fold
from extractors.shape_zh import LETTERS, shape


@dataclass(frozen=True, slots=True)
class _Words:
    latin_stop: frozenset[str]
    surnames: frozenset[str]
    inner: tuple[str, ...]
    short_mark: re.Pattern[str]
    closing: re.Pattern[str]
    """The noun that closes a name"""


@functools.cache
def _words() -> _Words:
    table = languages()["zh"].names
    marks = alternation(map(fold, table.short_marks))
    return _Words(
        frozenset(word.lower() for word in table.latin_stop),
        frozenset(fold(name) for name in table.surnames),
        tuple(fold(word) for word in table.inner),
        re.compile(rf"(?:以下|下文)?(?:{marks})?(?:为)?:?[\"“「『]?"),
        re.compile(rf"(?:{alternation(map(fold, (*table.tails, *table.weak_tails)))})$"),
    )


_WITHIN = r"[cGTtE·]*+(?:W++(?![cGEAa0])[cGTtE·]*+)*+"
# A stretch that may be a name, with a generic noun at its end. It begins with one set of characters, so that what lies between
# two of them is passed over at once.
_CHUNK = re.compile(
    rf"[*AEcGTt·W](?:(?<=[cGTt·]){_WITHIN}|(?<=[*AE])[Aa0&\-]*(?=[cGTtE·]|W++(?![cGEAa0])){_WITHIN}|(?<=E)"
    rf"|(?<=W)W*+(?![cGEAa0]){_WITHIN})C*+"
)
_SORT_OF_HOUSE = re.compile("[tN]{2,6}TT(?=c{2,4}(?![cGTtWLC]))")
_LEGAL = re.compile(r"L+(?:\([LTtWcCGF]{2,8}\))?")
_DESCRIBED = re.compile("C+(?=G{2}|c{2,4}[tT]{2})")
"""企业|浙江…, 企业|岚世智能…: a word for a company right before what opens the name of one"""
_LIMITED = re.compile(r"(?<=[金心业])\(有限合伙\)")
_PLACE_THEN = re.compile("G{2,}c?$")
_NOBODY = re.compile("[TtC]{2,4}")
"""集团|有限公司 alone: what is left where the name before it is of another make"""
_IN_LEGAL = frozenset("cGTtWNCAa0E·")
_CORE = re.compile(r"c{2,}|E+|c(?=[Tt])|[Aa]{2,}")
_CODE = re.compile(r"\*?\((?:[^()]{0,6}?)[0-9]{4,6}(?:\.[A-Za-z]{1,3})?[^()]{0,12}\)(?!年)")
_LATIN_ALIAS = re.compile(r"\((?=[^)]*[a-z])([A-Z][A-Za-z0-9&.' \-]{1,40})[),]")
_QUOTED = re.compile("(?<=[DTtC])[<q]([cGTtWNsPFAa0]{2,10})[>q]")
_LED = re.compile("由([\u3400-\u9fff][和与同]?[\u3400-\u9fff]{1,8}(?<![和与同]))(?:独家|单独)?(?:领投|独投|得标|承揽|标下|标得)")
_LEADS = re.compile("由([A-Za-z\\d&.' ]{0,14}[\u3400-\u9fff]{2,12}?)(?:独家|单独|联合|共同|持续|继续|追加)*(?:领投|独投)")
_NO_LEADER = re.compile(
    "[和与及等的于轮]|^(?:[一两几多数]|某|其|该|本|个人|天使投资人|投资人|知名|国内|海外|美元|头部|产业|政府|老股东|现有|原|公司|投资方|[上中下]述)"
    "|(?:创始人|股东|投资人|资金|机构|公司|企业|方)$"
)
"""Who leads a round without being called so, several who do, and a person with his house before him"""
_ASPECTS = "了过"
_SHORTEST = 2
_SHARED = re.compile(
    r"(?:收购|并购|取得|入股|买下|拿下|吃下|认购|转让|出售|受让|持有)[了过的]?([\u3400-\u9fffA-Za-z]{2,12}?)"
    r"之?(?:逾|约|近|超过|过|不逾|至少|最多|不少于|不超过|不低于)?(?:半数?|[一二三四五六七八九]成|[二三四五六七八九]分之[一二三四五六七八]|\d+(?:\.\d+)?(?:%|成))[的之]?(?:已发行)?(?:股权|股份|股本|持股)"
)
_ANY_COMPANY = re.compile(
    "[子孙]公司|旗下|[所合]计?持|持有|[一二三四五六七八九十两几多]家|合[资营]|联营|标的|目标|上市|的|[和与及]"
)
"""In what 公司 closes, what makes a sort of company of it, or more than one"""
_NO_START = frozenset("了过其该此")
_GLUED = re.compile("股份|股权|股")
_RUNS_OVER = re.compile(
    "近(?=\\d)|参与|后(?:[,。]|营运|业绩|改名|更名|成为)|至(?:创业板|科创板|北交所|主板)|拼(?:转型|上市|翻身|成长|布局)"
)
"""What begins with the last character of a stretch, and is none of it"""
_ADVERBS = re.compile(
    "[低高天平原]价(?=[收并买卖购出拿抢接])|稳步(?=推)|原(?=计划|拟|定于|本)|仍(?=计划|拟|将|在[与考寻洽谈]|持有)"
    "|会(?=斥资|再[次度])|还(?=[与将拟]|计划|宣布|投资|收购|斥资)|再(?=中标|获|斥资|收购|增持|砸|投资)"
    "|仅(?=收购|持有|以\\d)|就(?=斥资|收购|拿下|买下)|正(?=考虑|洽|寻求|计划|接洽|与)|共(?=砸|斥资|募集)|[亦也](?=拟|将|计划|宣布|与)"
)
"""What stands between a name and its verb, and is a part of other names: 岚川智能|原|计划收购, 三原集团"""
_VERBS = tuple("SBsOPW")
_GIVEN_TO = re.compile("(?:转让|出售|出让|划转|卖|售|让售)[给予]([\u3400-\u9fff]{4,14})(?=[,。;)】]|$)")
_BY_COMMAS = re.compile(
    "由([\u3400-\u9fff]{2,10}(?:,[\u3400-\u9fff]{2,10}){1,6}?)(?:等)?(?:共同|联合)?(?:参与|领投|跟投|投资(?![人者方]))"
)
_COMMA_ITEM = re.compile("[^,]+")
_INSTITUTION = re.compile(r"G{2,}(?:[tTW]+C+|[tTW]*T{2,}C*)")
_SECTOR = re.compile("G{2,}[tT]{2,}|[tTW]{4,}")
_NOUN_AFTER = re.compile("[cGA]{2,4}[tT]*(?:FFFF?F?|NNN?N?)")
"""翰洋|数据中心: free characters, and one noun that closes them"""
_PARTICLE_IN = re.compile("cFT{2,4}")
_NO_PART = "的了是在和等也就都被把将而之不并或非"
_LONGEST = 60
_RUN_ON = re.compile("([^T]*c[cEAa]*[^T]*T+)c{1,3}")
"""A name with its tail, and the first free characters of what follows"""
_PLACED = re.compile(r"G{2,}c{2,4}")
_WHERE = ("于", "在")
"""于青田岚虞|签署: where, not who"""
_TAILLESS = 8
"""Longest name, in characters, that no tail closes; transliterated names are the long ones"""


@dataclass(slots=True)
class _Reader:
    """One text under the grammar: `text` folded, `form` its shape."""

    text: str
    form: str
    rows: dict[int, Found]
    """Names of the table by where they start"""
    led: dict[int, int] = field(default_factory=dict)
    """Where the country before a stretch begins, by where the stretch does"""

    def before(self, at: int) -> str:
        """The letter before `at`, its country and an opening quote skipped; a line break where the text begins."""
        at = self.led.get(at, at) - 1
        if at >= 0 and self.form[at] in "<q":
            at -= 1
        if at >= 0 and self.text[at] in _ASPECTS:
            at -= 1  # the aspect of the verb before it
        return self.form[at] if at >= 0 else "\n"

    def after(self, at: int) -> str:
        """The letter at `at`, a closing quote skipped; a line break where the text ends."""
        if at < len(self.form) and self.form[at] in ">q":
            at += 1
        if at >= len(self.form):
            return "\n"
        return "S" if self.form[at] in "Aa" and _ROUND.match(self.text, at) else self.form[at]  # 砺衡|B轮融资

    def chunks(self) -> list[Found]:
        """The stretches that their make or their neighbours show to be names."""
        found = [*self._legal_names()]
        taken = {at for name in found for at in range(name.start, name.end)}
        over = {match.start() for match in _RUNS_OVER.finditer(self.text)}
        houses = "集团" in self.text
        for match in _CHUNK.finditer(self.form):
            start, end = match.span()
            if end - start < _SHORTEST:
                continue
            sort = _SORT_OF_HOUSE.match(self.form, start, end) if houses else None
            if sort is not None and self.text.startswith("集团", sort.end() - 2):
                self.form = f"{self.form[:start]}{'D' * len(sort.group())}{self.form[sort.end() :]}"
                start = sort.end()  # 餐饮集团|味屿
            if start not in taken and end - 1 not in taken and self.form[end : end + 1] != "L":
                end -= end - 1 in over
                listed = self.form.count("E", start, end) == end - start
                name = None if listed or self._is_dull(start, end) else self._judge(start, end)
                found += () if name is None else (name,)
        told = (*acting(self.text, self.form), *self._quoted(), *self._leading(), *self._shared(), *self._given_to())
        ends = {name.end for name in found}
        proven = (*coded(self.text, self.form, ends), *funded(self.text, self.form, ends))
        return [self._owned(name) for name in (*found, *told, *self._listed_by_commas(), *self._with_particle(), *proven)]

    def _with_particle(self) -> Iterator[Found]:
        """取得巨频科技股权: one character that is a particle elsewhere stands before the tail."""
        for match in _PARTICLE_IN.finditer(self.form):
            inside = self.form[match.start() - 1 : match.start()] in tuple("BOSW") and self.after(match.end()) not in "cT"
            if inside and self.text[match.start() + 1] not in _NO_PART:
                yield Found(*match.span())

    def _quoted(self) -> Iterator[Found]:
        """What quotation marks hold after the word for a company: 公司“觉屿神经”."""
        for match in _QUOTED.finditer(self.form):
            start, end = match.span(1)
            if _CORE.search(match.group(1)) and "E" not in match.group(1):
                yield Found(start, end)

    def _listed_by_commas(self) -> Iterator[Found]:
        """由青田金控,沐恒资本,岚川聚义参与: backers that commas part."""
        for match in _BY_COMMAS.finditer(self.text):
            for item in _COMMA_ITEM.finditer(self.text, match.start(1), match.end(1)):
                form = self.form[item.start() : item.end()]
                if form.strip("cGTtW") == "" and (form.count("c") > 1 or form[-1] == "T"):
                    yield Found(*item.span())

    def _leading(self) -> Iterator[Found]:
        """由慧和资产领投: a backer, though a particle stands in its name."""
        for match in _LEADS.finditer(self.text) if "领投" in self.text or "独投" in self.text else ():
            start, end = match.span(1)
            if self.form[start:end].strip("EC") and not _NO_LEADER.search(match[1]):
                yield Found(start, end, kind="fund")  # 由SIG岚亚|领投
        for match in _LED.finditer(self.text):
            start, end = match.span(1)
            form = self.form[start:end]
            if "E" not in form and form.count("c") + form.count("P") >= 2 and form[-1] in "cTtWC":
                yield Found(start, end)

    def _shared(self) -> Iterator[Found]:
        """收購瀚岑逾半股權: whose shares they are, between the verb and their part of the whole."""
        for match in _SHARED.finditer(self.text):
            start, end = match.span(1)
            form = self.form[start:end]
            if self.text[start] in _NO_START or not form.strip("C"):
                continue  # 收购了|其30%股权, 收购|公司15%股份
            called = form.endswith("C") and form.count("c") > _SHORTEST and not _ANY_COMPANY.search(self.text, start, end)
            if _NOUN_AFTER.fullmatch(form) or (called and "E" not in form):
                yield Found(start, end)
                continue
            odd = sum(letter not in "cGTtWCAa" for letter in form)
            if (
                "E" not in form
                and len(form) <= _TAILLESS
                and odd <= 1
                and form.count("c") + form.count("A") > odd - (len(form) == _SHORTEST)
            ):
                yield Found(start, end)

    def _given_to(self) -> Iterator[Found]:
        """转让给沐川兴业: who gets it, up to where the clause ends."""
        for match in _GIVEN_TO.finditer(self.text):
            start, end = match.span(1)
            form = self.form[start:end]
            if form.strip("cGTtWCN") == "" and form[0] in "cG" and form.count("c") > 1:
                yield Found(start, end)

    def _owned(self, name: Found) -> Found:
        """`name` as the row that it only adds a legal form to (美光公司), else with that row as its owner (腾讯影业)."""
        row = self.rows.get(name.start)
        if row is None and self.form[name.start : name.start + 2] == "GG" and "L" in self.form[name.start : name.end]:
            placed = self.rows.get(name.start + 2)  # 广州|小鹏汽车|科技有限公司
            return name if placed is None or placed.entity is None else name._replace(parent=placed.entity.name)
        if row is None or row.entity is None or row.end >= name.end:
            return name
        if self._holds_itself(name):
            return Found(name.start, name.end)
        if self.text[row.end : name.end] in _ADDED or self.form[row.end : name.end].strip("LC") == "":
            return Found(name.start, name.end, row.entity, row.entity.kind)
        return Found(name.start, name.end, parent=row.entity.name)

    def _holds_itself(self, name: Found) -> bool:
        """公司与控股股东岚川集团: a house that holds the listed company of the same name is another one."""
        form = self.text[name.start : name.end]
        if not form.endswith(_HOUSE_ADDED) or not ("股东" in self.text or "母公司" in self.text):
            return False
        return re.search(rf"(?:股东|母公司)[「“\"]?{re.escape(form)}", self.text) is not None

    def _legal_names(self) -> Iterator[Found]:
        """Full names that a legal form closes; inside one, verbs and common nouns are part of it (岚通机电自动化, 产业发展)."""
        for match in (*_LEGAL.finditer(self.form), *self._partnerships()):
            start = self._walk(match.start())
            if self.form[start - 1 : start] == ")" and (opened := self.form.rfind("(", max(0, start - 9), start)) > 0:
                start = self._walk(opened)
            while self.form[start : start + 1] in ("N", "C", "0", "W"):
                start += 1
            place = re.search("(?<![G(])G{2,}", self.form[start + 1 : match.start()])
            if place is not None and self.form[start] == "c" and place.start() + 1 <= 4 and match.start() - start > 8:
                start += 1 + place.start()  # 并购｜四川岚川能源: a verb that no list has
            described = [m.end() for m in _DESCRIBED.finditer(self.form, start, match.start())]
            start = self._trimmed(described[-1] if described else start, match.end())
            if match.start() - start >= 2 and not _NOBODY.fullmatch(self.form, start, match.start()):
                short = _words().short_mark.match(self.text, match.start() + self.form[match.start() : match.end()].find("(") + 1)
                called = "(" in self.form[match.start() : match.end()] and short is not None and short.group()
                yield Found(start, self.form.index("(", match.start()) if called else match.end())

    def _partnerships(self) -> Iterator[re.Match[str]]:
        """Brackets that close the name of a fund: 青田股权投资基金|(有限合伙)."""
        for match in _LIMITED.finditer(self.text):
            if self.form[match.start() - 1 : match.start()] != "L":
                yield match

    def _walk(self, at: int) -> int:
        """To the left as far as a legal name can go."""
        closing, stop = at, max(0, at - 36)
        inner = _words().inner
        while at > stop:
            if self.text.endswith(inner, stop, at):
                at -= max(len(word) for word in inner if self.text.endswith(word, stop, at))
            elif self.text.endswith("联合", stop, at) and self.form[at - 4 : at - 2] == "GG":
                at -= 2  # 苏州|联合|农村商业银行
            elif self.form[at - 1] in _IN_LEGAL or self._is_inside(at - 1) or self._closes(at - 1, closing):
                at -= 1
            else:
                break
        return at

    def _is_inside(self, at: int) -> bool:
        """Whether a particle belongs to the name that a place opens: 浙江盛|和|网络, 海南|同|盛."""
        if self.text[at] not in "和同之都讯有大":
            return False
        if self.text[at] == "和" and self.text[at + 1 : at + 2] in _DISTRICTS and self.form[at - 1] == "c":
            return True  # 青田省政|和|县岚川矿业
        return bool(_PLACE_THEN.search(self.form, max(0, at - 3), at))

    def _closes(self, at: int, end: int) -> bool:
        """岚川盛|和|发展有限公司: nothing but what a trade is called stands between the particle and the legal form."""
        return self.text[at] == "和" and _TRADES.fullmatch(self.form, at + 1, end) is not None

    def _is_dull(self, start: int, end: int) -> bool:
        """Whether it is plain at a glance that `_judge` finds no name, as for most stretches: free characters between such
        letters that need no second look.
        """
        form, text = self.form, self.text
        if not start or end == len(form) or form[start - 1] + form[end] not in _DULL:
            return False
        return text[start - 1] not in _ASPECTS and text[end] not in "(*" and form.count("c", start, end) == end - start

    def _judge(self, start: int, end: int) -> Found | None:
        if end - start > _LONGEST:
            return None  # no name; and what is matched below must not be long
        form, before = self.form[start:end], self.before(start)
        bare = not form.strip("c") and not self.text.startswith(("(", "*("), end)  # no tail, no place: most stretches
        if bare and before not in _OPENS_IT and before + self.after(end) not in _NEIGHBOURS:
            return None
        if (before == "0" and _COUNTER.match(self.text, start)) or _ROUND.match(self.text, start):
            return None  # 2025年|3月前后, Pre-B轮
        if bare:
            return self._open(start, end)
        if form[0] == "E" and self.text[start + len(form) - len(form.lstrip("E")) : end] in _ADDED:
            return Found(start, end)
        if form.strip("EC") == "":
            return None  # the table has it
        listed = 2 <= len(form) <= _TAILLESS and form[-1] in "cTtWC" and _CODE.match(self.text, end)
        glued = _GLUED.match(self.text, start, end - _SHORTEST) if listed and self.before(start) in "%0" else None
        if glued is not None:
            start = glued.end()  # 不超2%股份|建岚院(300675)
        if listed and self.before(start) not in "cAa":
            return Found(self._trimmed(self._past_particle(start), end), end)
        bounded = self.after(end) in "SsBPFNJ0W(、,:)>\n "
        if _INSTITUTION.fullmatch(form):
            return Found(start, end) if bounded else None
        if _SECTOR.fullmatch(form) and self.before(start) in "\n ,[:" and self.after(end) in ("SsB(:" if form[0] == "G" else "B"):
            return Found(start, end)
        start = self._trimmed(start, end)
        form = self.form[start:end]
        if not _CORE.search(form) or self.before(start) in "cAa":
            return None
        if tail := _RUN_ON.fullmatch(form):
            end = start + tail.end(1)
            form = tail.group(1)
        closed = form.rstrip("C")
        free = form.count("c") + form.count("A") + form.count("a")
        if closed.endswith("T"):
            return Found(start, end) if self._closed(form, end) else None
        if closed != form:
            named = bounded and 2 <= free <= 3 and len(closed) <= _TAILLESS and not self.text.endswith("企业", start, end)
            return Found(start, end) if named else None
        if closed.endswith("W"):
            if form.endswith("W") and form.rstrip("W").endswith("T") and self.after(end) in "\n ,:":
                return self._judge(start, end - len(form) + len(form.rstrip("W")))  # 由…沐恒资本|投资
            if self.text.startswith("了", end):  # 岚川投资了10亿元
                opens = 2 <= free <= 5 and self.before(start) in "\n ,:[D"
                return Found(start, end - len(form) + len(form.rstrip("W"))) if opens else None
            cut = end - len(form) + len(form.rstrip("W"))
            follows = "、,P)>:(\n SsBFN0" if self.before(start) in "DC\n ," else "、,P)>:(\n SsB"
            if 2 <= free <= 5 and self.after(end) in follows and form.rstrip("W")[-1] in "cTt":
                return Found(start, end)
            return self._open(start, cut)
        if _PLACED.fullmatch(form) and self._stands(self.before(start), self.after(end)):
            return None if self.text.startswith(_WHERE, start - 1) else Found(start, end)
        return self._open(start, end)

    def _past_particle(self, start: int) -> int:
        """To the left over one character that is a particle elsewhere, in a name that a code proves: 耀才證券(01428)."""
        inside = (
            self.form[start - 2 : start] in ("cF", "cP")
            and self.form[start : start + 1] in ("T", "t")
            and self.before(start - 2) in "OBSP\n ,"
        )
        return start - 2 if inside else start

    def _trimmed(self, start: int, end: int) -> int:
        """Without a country, which says where a company is from, not what it is called."""
        first = start
        while match := COUNTRY.match(self.text, start, end):
            listed = not self.form[match.end() : end].strip("E")  # 日本|软银
            foreign = match.group().endswith("商")  # 日商|住友化学
            led = listed or foreign or not self.form[start : match.end()].strip("G")
            if not led or not _CORE.search(self.form, match.end(), end):
                break
            start = match.end()
        self.led[start] = first
        return start

    def _closed(self, form: str, end: int) -> bool:
        """Whether a tail makes it a name: 岚擎科技, 瀚洋资本."""
        free = form.count("c") + form.count("A") + form.count("a")
        if form.startswith("E") and "c" not in form:
            return self.after(end) in "SsBP、(:>, \n"
        return 2 <= free + form.count("E") <= 6 and len(form) <= 14 and (self.after(end) != "c" or free <= 4)

    def _open(self, start: int, end: int) -> Found | None:
        """A name that only what stands around it shows."""
        form = self.form[start:end]
        free = form.count("c") + form.count("A") + form.count("a")
        if form[0] == "E" and self._is_unit(start, end):
            return Found(start, end)
        if not 2 <= end - start <= _TAILLESS or free < 2 or form.strip("Aa0-&") == "":
            return None  # Latin alone is for `_latin_names`
        before, after = self.before(start), self.after(end)
        if after == "c":
            return None
        if self.text.startswith(("(", "*("), end) and (
            _CODE.match(self.text, end) or (_LATIN_ALIAS.match(self.text, end) and before != "0")
        ):
            return Found(start, end)
        if "E" in form:
            return None  # a row of the table and what is said of it
        if form[-1] == "t" and after == "D" and _MAKER.match(self.text, end):
            return None  # 特化材料|厂甲股: what the one named after it makes
        if form[-1] in "tT" and (after in "SsBPD(、" or (before in "OBDP" and after in "SsBPFNJ0W(、,:)>\n ")):
            return Found(start, end)
        opening = before in "\n ,:[]"
        if opening and form[-1] in "tT" and _THAT_DAY.match(self.text, end):
            return Found(start, end)
        if opening and (_OWNS.match(self.text, end) or _LISTING.match(self.text, end)):
            return Found(start, end)
        if form == "cc":  # two free characters are a word more often than a name
            if self.led.get(start, start) < start:
                return None  # 美国|民兵
            does = self.text.startswith(("拟收购", "拟入股", "拟并购"), end) or _SPENDS.match(self.text, end)
            shown = (before in "\n ,:[" and (after == "B" or does)) or (before == "O" and after in "0N(")
            return Found(start, end) if shown or self._apposed(before, after) else None
        with_it = before in "DC" and self.text.startswith("合作", end)  # 与家电品牌|甲隆行|合作
        if end - start <= 6 and (
            with_it or self._apposed(before, after) or self._acts(before, after, end) or self._acted_on(before, after)
        ):
            return Found(start, end, kind="person" if self._speaks(start, end) else "company")
        if before in "\n[,>" and after == ":" and self.form[end + 1 : end + 2] in ("S", "s", "B", "D", "W", "O", "P"):
            return Found(start, end)
        return None

    def _is_unit(self, start: int, end: int) -> bool:
        """海尔机器人 beside a verb or a preposition: the listed company and the trade of its unit."""
        row = self.rows.get(start)
        if row is None or row.kind not in ("company", "unit") or not _UNIT.fullmatch(self.text, row.end, end):
            return False
        before, after = self.before(start), self.after(end)
        if self.text.startswith("中国", row.end):
            return before in "OBS" and after == "0"  # 收购|家乐福中国|80%股权, 获|软银中国|10亿元投资
        return (before in "\n ,:[O" and after in "SBP") or (before in "P、" and after in "SBPsF、,>(\n")

    def _speaks(self, start: int, end: int) -> bool:
        surname = self.text[start] in _words().surnames and end - start == 3
        return surname and self.text.startswith(_SPEECH, end)

    @staticmethod
    def _stands(before: str, after: str) -> bool:
        """Whether a place and a few free characters (无锡岚沛) stand where a party stands."""
        return (before in "OBDCWP、" and after in "SsBPFN0W(、,") or (before in "\n ,:[" and after in "SB(")

    @staticmethod
    def _apposed(before: str, after: str) -> bool:
        return before in "DC" and after in "SsBPFW0,、(:>\n "

    def _acts(self, before: str, after: str, end: int) -> bool:
        if before not in _ACTS_AFTER:
            return False
        if after == "P":
            return before not in "PsF" and _WITH.match(self.form, end) is not None
        return after in "SB" or (after == "s" and _THEN.match(self.form, end) is not None)

    def _acted_on(self, before: str, after: str) -> bool:
        return (before in _DONE_BY and after in _ENDS_OBJECT) or (before == "P" and after in _AFTER_PARTNER)


_OPENS_IT = "\n ,:[]DC"
"""The letters before a stretch that many rules begin with"""
_ACTS_AFTER = "\n ,:[]<>、P)sF"
_DONE_BY, _ENDS_OBJECT = "OBW", "SsBPFN0W,、(\n D"
_AFTER_PARTNER = "sSBOW、P"
_NEIGHBOURS = frozenset(
    before + after
    for befores, afters in ((_ACTS_AFTER, "PSBs"), (_DONE_BY, _ENDS_OBJECT), ("P", _AFTER_PARTNER), (">", ":"))
    for before in befores
    for after in afters
)
"""The letters before and after free characters between which they may be a name, apart from those of `_OPENS_IT`"""
_DULL = (
    frozenset(before + after for before in LETTERS.difference(_OPENS_IT, "<q") for after in LETTERS.difference(">qAa"))
    - _NEIGHBOURS
)
"""The letters before and after free characters between which they are no name, where neither is skipped"""

_UNIT = re.compile(
    "中国|机器人|宠物|购物|房屋|汽车|能源|物流|医疗|健康|出行|支付|影业|游戏|体育|文化|保险|航空|航天|零售|生物|智能|人工智能"
)
_THAT_DAY = re.compile("(?:同日|今日|今天|昨日|昨天|近日|日前|当日)(?:表示|宣布|公布|公告|指出|回应|透露)")
_SPENDS = re.compile(r"(?:豪?砸下?|斥资|豪掷|耗资)\s*(?:逾|约|近|超过?)?\d")
_MAKER = re.compile("大?厂(?![区房办])|厂商|业者|龙头|巨头|巨擘|新兵|新创|尖兵|黑马|老将|独角兽|[制开供设][造发应备]商")
_COUNTER = re.compile("[年月日号时点分秒个家倍成股点线期届度后前]")
_ROUND = re.compile(
    r"(?:(?:[Pp][Rr][Ee]-?)?[A-H]?\d?\+{0,3}-?|[一二三四五六七八九十两多数几首新本]{1,3})轮|[Pp]re-?(?:IPO|[A-H])"
)
_OWNS = re.compile("(?:(?:第[一二三]大|最大|大|控股|主要|单一最大)?股东|(?:全资|控股)?[子孙]公司)[\u3400-\u9fffA-Z]")
"""Right after a name: its owner or its unit, named next"""
_LISTING = re.compile(
    "(?:正式|日前|近日|已|再次)*(?:向(?=.{1,12}(?:递|提交|申请)))?(?:科创板|创业板|主板|北交所|港交所|联交所|上交所|深交所|[AH]股|港股|美股|IPO|上市|挂牌)"
)
_WITH = re.compile(r"P[GDC]*(?:[EAa]+|c{2,6})[^,\n]{0,12}?[BSOW]|P0|P+F?[ND]")
_THEN = re.compile(r"[>q]?s[sF0]{0,10}[SBW]")
_SPEECH = ("表示", "指出", "称", "说", "透露", "强调", "认为", "回应", "坦言", "直言", "今天表示", "今日表示")
_ADDED = ("公司", "集团", "股份", "集团公司", "控股集团")
_HOUSE_ADDED = ("集团", "集团公司", "控股集团", "控股")
_COUNTRY_NAMES = (
    "美国|日本|韩国|南韩|中国大陆|大陆|台湾|英国|法国|德国|印度|荷兰|瑞士|加拿大|以色列|新加坡|俄罗斯|欧洲|意大利|瑞典"
    "|(?:英属)?(?:维京群岛|开曼群岛|盖曼群岛)商?|萨摩亚|[美日德英法荷韩港星加澳]商"
)
COUNTRY = re.compile(_COUNTRY_NAMES)
_DISTRICTS = tuple("县市区")
_TRADES = re.compile("[TtWNOSB]{2,6}")
_COUNTRY_ENDS = re.compile(f"(?:{_COUNTRY_NAMES})$")


_LATIN = re.compile(
    r"[A-Z](?<![A-Za-z0-9@._&-][A-Z])(?<![A-Za-z0-9:/]/[A-Z])[A-Za-z0-9]*(?:[&'’.-](?!\d+\.?\d*%)[A-Za-z0-9]+)*"
    r"(?: (?:(?:&|of|and|the|for) )?[A-Z][A-Za-z0-9]*(?:[&'’.-](?!\d+\.?\d*%)[A-Za-z0-9]+)*| [0-9]{1,2}(?![0-9.,%A-Za-z]))*"
)
_CLOSES_LATIN = frozenset({"Global", "Live", "Home", "Cloud", "Data", "Computing", "Learning", "Intelligence", "Video"})
"""Terms by themselves, and the end of a name after another word: IM Global"""
LATIN_LEGAL = re.compile(
    r"(?: HOLDINGS?| Holdings?)?(?: COMPANY| Company)?,? (?:(?:PTE|Pte|PTY|Pty)\.? )?"
    r"(?:CO\.|Co\.|INC|Inc|LTD|Ltd|LIMITED|LLC|GMBH|GmbH|CORP|Corp)(?![A-Za-z])"
)
"""MWT| HOLDINGS CO., LTD.: what shows even three letters to be a company's"""
_LONGEST_TERM = 4
"""Letters of what may be a term (InP, 5G) rather than a name"""
_TOKEN = re.compile(r"[A-Za-z]+")


def _latin_names(reader: _Reader) -> Iterator[Found]:
    """Capitalised Latin runs: Sierra Space, Lancium, Bain & Company; no units, titles, terms or models."""
    stop = _words().latin_stop
    for match in _LATIN.finditer(reader.text):
        start, end = match.span()
        words = match.group().split(" ")
        keeps = words[1:] == ["AI"] and not _is_term(words[0], stop) and reader.after(end) in "SsB,>P("  # Kando AI 完成
        while words and not keeps and _is_term(words[-1], stop) and not (len(words) > 1 and words[-1] in _CLOSES_LATIN):
            end -= len(words.pop()) + 1
        while words and _is_term(words[0], stop):
            start += len(words.pop(0)) + 1
        name = reader.text[start:end] if words else ""
        if reader.form[end : end + 1] == "%":
            name = name.rstrip("0123456789")  # Juul35%
            end = start + len(name)
        if len(name) < 2 or "E" in reader.form[start:end] or all(w.lower() in stop for w in _TOKEN.findall(name)):
            continue
        if LATIN_LEGAL.match(reader.text, end):
            yield Found(start, end)
            continue
        long = end - start > _LONGEST_TERM
        placed = _COUNTRY_ENDS.search(reader.text, max(start - 4, 0), start) if long else None  # 收购加拿大|FUTURE ELECTRONICS
        before, after = reader.before(placed.start() if placed else start), reader.after(end)
        if _looks_named(name) or before in "DOCB" or (before in "\n,: P" and after in "SsB("):
            yield Found(start, end)


def _is_term(word: str, stop: frozenset[str]) -> bool:
    return word.lower() in stop or word in ("&", "of", "and", "the", "for") or word.isdigit()


def _looks_named(name: str) -> bool:
    """Several words, or one with small letters and no digit; all capitals and digits are terms and models more often than not."""
    return (" " in name or (len(name) >= 4 and not any(c.isdigit() for c in name))) and any(c.islower() for c in name)


def _aliases(reader: _Reader, names: Iterable[Found]) -> Iterator[tuple[Found, Found]]:
    """(name, other form of it that follows in brackets)."""
    mark = _words().short_mark
    for name in names:
        at = name.end + (reader.form[name.end : name.end + 1] in (">", "q"))
        if reader.text[at : at + 1] != "(":
            continue
        marked = mark.match(reader.text, at + 1)
        start = marked.end() if marked else at + 1
        match = _ALIAS.match(reader.text, start)
        if match is None:
            continue
        introduced = marked is not None and marked.group().strip('"“「『') != ""
        if match.group().lower() in _words().latin_stop:
            continue
        if introduced or _is_alias(reader, start, match.end()):
            yield name, Found(start, match.end(), name.entity, name.kind)


def _is_alias(reader: _Reader, start: int, end: int) -> bool:
    """Whether what stands in the brackets is a name, though no word says so: a Latin one, or a short free stretch."""
    text, form = reader.text[start:end], reader.form[start:end]
    if _LATIN.fullmatch(text):
        return not all(word.lower() in _words().latin_stop for word in _TOKEN.findall(text))
    return form.strip("cGTtW") == "" and form.count("c") >= 2 and len(form) <= 6 and reader.text[end : end + 1] == ")"


_ALIAS = re.compile(r"[A-Za-z0-9&.\u3400-\u9fff][A-Za-z0-9&. \u3400-\u9fff'·-]{1,40}(?=[)\",;”」』])")


def _short_forms(reader: _Reader, name: Found) -> Iterator[str]:
    """What a full legal name is called by later: without legal form and place, then its free heart.

    苏州岚悟科技有限公司 -> 苏州岚悟科技, 岚悟科技, 岚悟
    """
    text, form = reader.text[name.start : name.end], reader.form[name.start : name.end]
    if text.endswith("人民政府"):
        yield text.removesuffix("人民政府") + "政府"
    if "L" not in form:
        return
    end = form.index("L")
    if "(" in form[:end]:
        end = form.index("(")
    start = len(form) - len(form.lstrip("G"))
    yield from (text[:end], text[start:end])
    heart = re.match("E*c{2,5}", form[start:end])
    if heart is not None:
        yield from (text[start : start + heart.end()], text[: start + heart.end()])


def _stems(reader: _Reader, names: Iterable[Found]) -> Iterator[tuple[str, Found]]:
    """What a name is called by without the noun that closes it (恒生银行: 恒生), where nobody else is called so."""
    owners: dict[str, Found | None] = {}
    for name in names:
        stem = _stem(reader.text[name.start : name.end])
        if stem:
            owner = owners.setdefault(stem, name)
            same = owner and (owner.entity, owner.full) == (name.entity, name.full)
            owners[stem] = owner if owner and (name.entity is None or same) else None
    yield from ((stem, name) for stem, name in owners.items() if name is not None)


@functools.lru_cache(maxsize=4096)
def _stem(text: str) -> str:
    closing = _words().closing.search(text)
    stem = text[: closing.start()] if closing else ""
    free = _STEM.fullmatch(stem) and shape(stem, []).strip("c") == "" and not is_spelling(stem)
    return stem if free else ""


_STEM = re.compile("[\u3400-\u9fff]{2,4}")
_GOES_ON = re.compile(r"[今昨]\(\d{1,2}\)日|治疗|董事会|公告")
"""What no list has as a word, after a name of two characters"""
_INDEX = re.compile("(?:科技|国企|综合)?(?:指数|综指|成指|指[,。)数])")


def find_chinese(text: str, known: Sequence[Found]) -> list[Found]:
    """Names in folded `text` that are not in `known`.

    >>> text = fold("科技公司铭枢智能完成融资，拟收购四川岚川能源有限公司（下称“岚川”）持有的股权")
    >>> [(text[f.start:f.end], f.full) for f in find_chinese(text, [])]
    [('铭枢智能', None), ('四川岚川能源有限公司', None), ('岚川', (16, 26))]
    """
    reader = _Reader(text, _parted(text, shape(text, known)), {name.start: name for name in known})
    names = [*_persons(reader), *reader.chunks(), *_latin_names(reader)]
    names += _listed(reader, [*known, *names])
    return longest(_linked(reader, known, names))


def _parted(text: str, form: str) -> str:
    """`form` with the adverbs of `_ADVERBS` as parts of the verbs behind them, where free characters stand before."""
    for match in _ADVERBS.finditer(text):
        start, end = match.span()
        if start and form[start - 1] in "cTtWC" and form[start:end].strip("c") == "":
            verb = form[end : end + 1]
            form = f"{form[:start]}{(verb if verb in _VERBS else 'F') * (end - start)}{form[end:]}"
    return form


_FAMILY = re.compile("氏(?<=[\u3400-\u9fff]氏)(?<![\u3400-\u9fff]{2}氏)(?:父子|家族|兄弟|夫妇)")
_TITLED = re.compile(r"J[<q]?(c{2,4})(?=[^cAa])|(?<![cGTtAa])(c{2,3})J")


def _persons(reader: _Reader) -> Iterator[Found]:
    """Who stands next to an office: 董事长曹德旺."""
    for match in _TITLED.finditer(reader.form) if "J" in reader.form else ():
        start, end = match.span(match.lastindex or 1)
        if reader.text[start] in _words().surnames and end - start <= 3:
            yield Found(start, end, kind="person")
    for match in _FAMILY.finditer(reader.text):
        start = match.start() - 1
        if reader.text[start] in _words().surnames:
            yield Found(start, match.end(), kind="person")


_ITEM = r"[<q]?[GcTtWEAa][GcTtWEAa0CN]{1,13}L*(?:P(?=、))?[>q]?(?:\([^()、,\n]{2,24}\))?"
_ITEMS = re.compile(rf"{_ITEM}(?:(?:、|P{{1,2}}|、 ?){_ITEM})+")
_STRETCH = re.compile(r"[^,\n]+")
"""What no list reaches beyond"""
_BACKERS = re.compile(
    "等?(?:多家|数家|一众|知名|现有|原|新|老|产业|财务|战略)*(?:股东|投资方|投资人|投资机构|机构|领投|跟投|联合领投|共同领投|共同投资|联合投资)"
)
_ONE = re.compile(r"[GcTtWEAa][GcTtWEAa0CN]{1,13}(?:P(?=、))?")
"""With the particle that is its last character, as no list goes on after one"""


def _listed(reader: _Reader, names: Iterable[Found]) -> Iterator[Found]:
    """The others of a list with a name in it: 瀚洋资本、沐恒投资和穗禾致远."""
    if "、" not in reader.form:
        return
    starts = {name.start for name in names}
    stretches = (stretch.span() for stretch in _STRETCH.finditer(reader.form) if "、" in stretch.group())
    for group in (group for span in stretches for group in _ITEMS.finditer(reader.form, *span)):
        items = [match.span() for match in _ONE.finditer(reader.form, *group.span())]
        seeds = len(starts.intersection(start for start, _ in items))
        if _BACKERS.match(reader.text, group.end()):
            seeds += 2  # A、B、C 等老股东: what is listed is what they are
        if not seeds or "、" not in group.group():
            continue
        for start, end in items:
            form = reader.form[start:end]
            short = form.count("c") >= 2 and len(form) <= 6 and (seeds > 1 or form[-1] != "t")
            closed = form[-1] in ("TtW" if seeds > 1 else "TW") and len(form.strip("GNC")) >= 4
            latin = form.isalpha() and form.strip("Aa") == "" and reader.text[start:end].lower() not in _words().latin_stop
            if (start not in starts or form[-1] == "P") and (short or closed or latin) and "E" not in form and form[0] != "N":
                row = lookup_entity(reader.text[start:end])
                yield Found(start, end, row, row.kind if row else "company")


def _linked(reader: _Reader, known: Sequence[Found], names: list[Found]) -> list[Found]:
    """Every mention of `names`, and of the other forms the text gives them, each form under one canonical name."""
    text = reader.text
    forms: dict[str, Found] = {}
    for name in names:
        forms.setdefault(text[name.start : name.end], name)
    for name, other in _aliases(reader, [*known, *names]):
        form = text[other.start : other.end]
        if reader.form[other.start : other.end].strip("tTWGNCDJFsSOBP") and name.end - name.start >= 2:
            forms[form] = _other_form(name)
    for name in names:
        for form in _short_forms(reader, name):
            if len(form) >= 2:
                forms.setdefault(form, _other_form(name))
    for stem, name in _stems(reader, [*known, *names]):
        forms.setdefault(stem, _other_form(name))
    found: dict[tuple[int, int], Found] = {}
    for form, name in forms.items():
        full = name.full if name.full is not None and text[slice(*name.full)] != form else None
        for start, end in _mentions(reader, form):
            found[start, end] = Found(start, end, name.entity, name.kind, full, name.parent)
    return list(found.values())


def _other_form(name: Found) -> Found:
    return name if name.entity is not None else name._replace(full=(name.start, name.end))


def _mentions(reader: _Reader, form: str) -> Iterator[tuple[int, int]]:
    """Where `form` stands as a whole: of two characters only between words."""
    start = reader.text.find(form)
    while start >= 0:
        end = start + len(form)
        if form[0].isascii() and form[0].isalpha():
            whole = not reader.text[start - 1 : start].isascii() or not reader.text[start - 1 : start].isalnum()
            whole = whole and (end >= len(reader.text) or reader.form[end] not in "Aa")
        elif len(form) == 2:
            follows = reader.after(end) != "c" or _GOES_ON.match(reader.text, end) or _RUNS_OVER.match(reader.text, end)
            whole = reader.before(start) != "c" and bool(follows) and not _INDEX.match(reader.text, end)
        else:
            whole = True
        if whole:
            yield start, end
        start = reader.text.find(form, end)
