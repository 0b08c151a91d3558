"""`corpus/deals/<type>.toml`: one kind of deal, its roles in the order payer -> paid, and the words that tell it."""

from __future__ import annotations

import functools
from typing import Literal

from pydantic import Field

from corpus.load import Row, read_toml_folder
from models.errors import CorpusError

Status = Literal["talks", "proposed", "agreed", "completed", "rejected", "terminated", "held"]
Frame = Literal[
    "act",  # S acts on O: 收購, استحوذ على
    "buy",  # S pays a sum and gets O, a company, plant or land: 砸…億元買, 拿下…廠房
    "absorb",  # A takes over B, the verb right between them: A 併 B
    "take",  # an idiom moves B into the hands of A: A 將 B 收入囊中
    "auction",  # who bid most for what the sentence speaks of: 由 A 以…元拍定
    "offer",  # who sends the paper of an offer for the company that its title names: A 出具的《C 要约收购报告书》
    "end",  # S has lost the order that B gave: 遭 B 解約
    "receive",  # S gets it from O: 獲投資, حصل على
    "issue",  # S issues shares or convertibles to O: 發行可換股債券
    "sell",  # S gives X away, to B when named: 出售, باع
    "bring",  # S lets O put money in: 引入…战略投资者
    "licensed",  # S gets rights from O, for money: 取得 O 新藥授權
    "control",  # control of S is to change hands: 筹划控制权转让
    "trade",  # S, a holder of O, adds to its shares or parts with some: 增持, 減持
    "arrange",  # S leads the syndicate of the loan that the text speaks of: 統籌主辦
    "bond",  # S issues bonds: 發行…公司債
    "round",  # S closes a round; who leads or follows is told beside it: 完成…輪融資
    "backers",  # the round's backers follow: 投資方包括
    "bid",  # S offers to buy O, or O turns S's offer down: 報價, 要約
    "back",  # S puts money into the round the text speaks of: 領投, 跟投
    "agree",  # A signs with B; what is signed decides the type: 與…簽訂…協議
    "glad",  # A is glad to work with B: سعداء بالعمل مع B
    "pair",  # A with B, no direction: 合併, شراكة بين
    "winner",  # who has won the contract of B stands right after: 得標廠商
    "choose",  # S chooses O or what O sells: اختارت حلول
    "present",  # S is seen among the backers or holders of O: A 的身影, A 在列
    "nominate",
    "lease",
    "closed",
    "placed",
    "award",  # S is chosen by O to supply it: 定点
    "supply",  # S supplies O: ستزود S O بأجهزة
    "lend",  # S lends to O, or borrows of it: أقرض, اقترضت
    "hand",  # S parts with X, or X is handed over to B: تنازلت عن, انتقلت ملكية
    "win",  # S is given an order by O: 中標, فازت بعقد
    "hold",  # S holds a share of O: 持有, تمتلك
    "owned",  # O, owned by S by so much: المملوكة لـ
    "self",  # S alone: 上市, 重組
    "raise",  # S alone plans new capital, no sum told: تعتزم S زيادة رأسمالها
]


class Cue(Row):
    """Words that tell a deal, and how its roles stand around them (`frame`)."""

    words: tuple[str, ...]
    frame: Frame
    status: Status | None = None
    """What the word itself says of how far the deal has got"""
    needs: Literal["amount", "percent", "size"] | None = None
    """Told only together with an amount, a percentage, or either of them or a quantity"""
    not_before: tuple[str, ...] = ()
    """What must not follow directly: 投資 is no cue in 投資者"""
    not_after: tuple[str, ...] = ()
    """What must not stand directly before"""


class DealType(Row):
    """One kind of deal. `roles[0]` pays and `roles[1]` is paid, where money moves."""

    gloss: str
    family: Literal["equity", "commerce", "cooperation", "debt", "structure"]
    roles: tuple[str, ...]
    status: Status
    """When nothing in the text says how far the deal has got"""
    objects: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """By language: what is signed or closed when a general word (協議, صفقة) tells a deal of this type"""
    providers: tuple[str, ...] = ()
    """Entity ids that sell what this type buys; they tell the direction of a deal told without one"""
    cues: dict[str, tuple[Cue, ...]]


@functools.cache
def deals() -> dict[str, DealType]:
    """Every kind of deal by type. One word with the same frame and the same needs in two types is a clash."""
    table = read_toml_folder("deals", DealType)
    seen: dict[tuple[str, str, str, str | None], str] = {}
    for name, row in table.items():
        for language, cues in row.cues.items():
            for cue in cues:
                for word in cue.words:
                    other = seen.setdefault((language, word, cue.frame, cue.needs), name)
                    if other != name:
                        raise CorpusError(f"corpus/deals/{name}.toml: {language} cue {word!r} is also one of {other}.toml")
    return table
