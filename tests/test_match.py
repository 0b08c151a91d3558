"""Block keys, vetoes and scores of pairs of claims."""

from __future__ import annotations

import random
from functools import reduce
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.legal_table import legal_forms
from extractors.match import deal_schema, fold_name
from extractors.normalize import fold
from models.blocking import Blocks
from models.claim import Claim
from models.deal import Profile, reader
from models.facts import facts_text, read_facts
from models.store import claim_keys, doc_id_of, origin_of
from tests.claims import deal, money, told

MATCHER = deal_schema().matcher


def kept(claim: Claim, published: str | None = "2025-12-17") -> tuple[str, str]:
    """(key, facts) of a claim, as a store keeps them."""
    article, extraction = told("a", published, claim)
    key = claim_keys("d", [claim])[0]
    return key, facts_text(article, extraction.claims[0], key, doc_id_of(article), origin_of(article))


def profile(claim: Claim, published: str | None = "2025-12-17") -> Profile:
    return MATCHER.profile(read_facts("c", kept(claim, published)[1]), "")


def joins(left: Profile, right: Profile) -> bool:
    """Found by a block key, not forbidden, and with a reason to join."""
    mine, yours = MATCHER.keys(left), MATCHER.keys(right)
    found = not set(mine.asks).isdisjoint(yours.has)
    assert found == (not set(yours.asks).isdisjoint(mine.has))
    return found and MATCHER.veto(left, right) is None and MATCHER.score(left, right) > 0


SAME = {
    "up to and over the same sum": (
        deal("investment", "Amazon", "OpenAI", amount=money("10000000000", modifier="up_to"), status="talks"),
        deal("investment", "Amazon", "OpenAI", amount=money("10000000000", modifier="over"), status="talks"),
    ),
    "unit and owner, dates a month apart": (
        deal("purchase", "OpenAI", "Amazon Web Services", amount="38000000000", on="2025-11"),
        deal("purchase", "OpenAI", "Amazon", amount="38000000000", on="2025-10"),
    ),
    "a date that is far off, the sum to the dollar": (
        deal("purchase", "OpenAI", "Amazon Web Services", amount="38000000000", on="2025-11"),
        deal("purchase", "OpenAI", "Amazon Web Services", amount="38000000000", on="2024-06"),
    ),
    "no amount on one side": (
        deal("investment", "Amazon", "Anthropic", amount="8000000000", status="completed"),
        deal("investment", "Amazon", "Anthropic", status="completed"),
    ),
    "another currency": (
        deal("investment", "Amazon", "OpenAI", amount="10000000000"),
        deal("investment", "Amazon", "OpenAI", amount=money("78000000000", "HKD")),
    ),
    "a co-investor more": (
        deal("investment", ("Apple", "Amazon"), "OpenAI", amount="10000000000"),
        deal("investment", "Amazon", "OpenAI", amount="10000000000"),
    ),
    "investor not named, same sum": (
        deal("investment", "", "OpenAI", amount="10000000000"),
        deal("investment", "Amazon", "OpenAI", amount="10000000000"),
    ),
    "a company of no table, with and without its legal form": (
        deal("acquisition", "南雄礦業股份有限公司", "北嶺科技", amount="50000000"),
        deal("acquisition", "南雄矿业", "北岭科技集团", amount="50000000"),
    ),
    "a target of no table, in two scripts, same sum": (
        deal("acquisition", "Google", "Ansys", amount="35000000000"),
        deal("acquisition", "Google", "安矽思", amount="35000000000"),
    ),
    "same partners in another order": (
        deal("partnership", "Microsoft", "OpenAI"),
        deal("partnership", "OpenAI", "Microsoft"),
    ),
}
APART = {
    "a first cheque and the total": (
        deal("investment", "Microsoft", "OpenAI", amount="1000000000", on="2019"),
        deal("investment", "Microsoft", "OpenAI", amount=money("13000000000", modifier="over")),
    ),
    "two kinds of deal": (
        deal("investment", "Microsoft", "OpenAI", amount="10000000000"),
        deal("purchase", "OpenAI", "Microsoft", amount="10000000000"),
    ),
    "a stake and the investment behind it": (
        deal("stake", "Microsoft", "OpenAI", stake="27"),
        deal("investment", "Microsoft", "OpenAI"),
    ),
    "two rounds of one sum, four years apart": (
        deal("investment", "SoftBank", "OpenAI", amount="500000000", on="2021-03"),
        deal("investment", "SoftBank", "OpenAI", amount="500000000", on="2025-03"),
    ),
    "targets of no table in two scripts, other sums": (
        deal("acquisition", "Google", "Ansys", amount="35000000000"),
        deal("acquisition", "Google", "安矽思", amount="36000000000"),
    ),
    "targets of no table in one script, same sum": (
        deal("acquisition", "Google", "غروك", amount="35000000000"),
        deal("acquisition", "Google", "سيريبراس", amount="35000000000"),
    ),
    "other investors": (
        deal("investment", "Apple", "OpenAI", amount="10000000000"),
        deal("investment", "Amazon", "OpenAI", amount="10000000000"),
    ),
    "the other way round": (
        deal("purchase", "Oracle", "OpenAI", amount="300000000"),
        deal("purchase", "OpenAI", "Oracle", amount="300000000"),
    ),
    "one partner in common": (
        deal("partnership", "Microsoft", "OpenAI"),
        deal("partnership", "OpenAI", "Oracle"),
    ),
    "rounds at different valuations": (
        deal("investment", "SoftBank", "OpenAI", valuation="157000000000"),
        deal("investment", "SoftBank", "OpenAI", valuation="300000000000"),
    ),
    "holdings of different size": (
        deal("stake", "Microsoft", "OpenAI", stake="27"),
        deal("stake", "Microsoft", "OpenAI", stake="32.5"),
    ),
    "a bare name is too little": (
        deal("purchase", "OpenAI", ""),
        deal("purchase", "OpenAI", "Oracle", amount="300000000000"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SAME)
def test_tells_the_same_deal(case: str) -> None:
    left, right = map(profile, SAME[case])
    assert joins(left, right)


@pytest.mark.parametrize("case", APART)
def test_only_looks_alike(case: str) -> None:
    left, right = map(profile, APART[case])
    assert not joins(left, right)


def test_without_sums_reports_years_apart_are_two() -> None:
    claim = deal("partnership", "Microsoft", "OpenAI")
    assert not joins(profile(claim, "2022-01-03"), profile(claim, "2025-01-03"))
    assert joins(profile(claim, "2025-01-30"), profile(claim, "2025-02-01"))


KINDS = st.sampled_from(("investment", "purchase", "partnership", "restructuring"))
FIRST = st.sampled_from(("Amazon", "Amazon Web Services", "Microsoft", "南雄矿业", ""))
SECOND = st.sampled_from(("OpenAI", "Anthropic", "南雄矿业", "سيريبراس", "Cerebras", ""))
DATES = st.sampled_from((None, "2019", "2025-11", "2025-10-03"))
CLAIMS = st.builds(
    deal, KINDS, FIRST, SECOND, amount=st.sampled_from((None, "1000000000", "1030000000", "13000000000")), on=DATES
)  # fmt: skip
ALL_SAID = st.builds(
    deal, KINDS, FIRST, SECOND,
    amount=st.sampled_from((
        None, "1000000000", "1030000000", "13000000000", money("7800000000", "HKD"), money("1300000000", modifier="up_to"),
        money(None, low="900000000", high="1100000000"), "90000000000000000000",
    )),
    on=DATES,
    stake=st.sampled_from((None, None, "5", "5.5", "30")),
    quantity=st.sampled_from((None, None, ("6", "GW"), ("7", "GW"), ("7", "台"))),
    valuation=st.sampled_from((None, None, "20000000000", "20050000000", "50000000000")),
)  # fmt: skip


@given(CLAIMS, CLAIMS)
def test_answers_do_not_depend_on_the_order(one: Claim, other: Claim) -> None:
    left, right = profile(one), profile(other)
    assert MATCHER.score(left, right) == MATCHER.score(right, left)
    assert (MATCHER.veto(left, right) is None) == (MATCHER.veto(right, left) is None)
    mine, yours = MATCHER.keys(left), MATCHER.keys(right)
    assert set(mine.asks).isdisjoint(yours.has) == set(yours.asks).isdisjoint(mine.has)


@given(st.lists(st.tuples(ALL_SAID, st.sampled_from(("2025-12-17", "2025-06-01", "2019-03-02", None))), min_size=2, max_size=8))
def test_a_table_gives_the_answers_of_single_claims(told: list[tuple[Claim, str | None]]) -> None:
    profiles = [profile(claim, published) for claim, published in told]
    packed = MATCHER.pack(profiles)
    read = MATCHER.unpack(packed, reader(profiles))
    left, right = np.indices((len(told), len(told))).reshape(2, -1)
    pairs = list(product(profiles, profiles))
    for table in (MATCHER.table(profiles), read):
        assert table.scores(left, right).tolist() == [MATCHER.score(one, other) for one, other in pairs]
        assert table.tiers.tolist() == [MATCHER.tier(one) for one in profiles]
        gists = [table.gist(place) for place in range(len(told))]
        assert [table.clash(one, other) for one, other in product(gists, gists)] == [
            MATCHER.veto(one, other) is not None for one, other in pairs
        ]  # fmt: skip
    blocks, alone = MATCHER.table(profiles).blocks(), [MATCHER.keys(one) for one in profiles]
    assert [places.tolist() for places in blocks.pairs()] == [places.tolist() for places in Blocks.of(alone).pairs()]
    assert list(zip(*(column.tolist() for column in blocks.has), strict=True)) == sorted(
        (key, place) for place, keys in enumerate(alone) for key in keys.has
    )  # fmt: skip


@given(ALL_SAID, st.sampled_from(("2025-12-17", "2019-03-02", None)))
def test_a_profile_is_the_same_of_facts_that_are_not_read_yet(claim: Claim, published: str | None) -> None:
    key, text = kept(claim, published)
    facts = read_facts("c", text)
    assert MATCHER.profile_of(text, ()) == MATCHER.profile(facts, "")
    assert MATCHER.profile_of(text, {key}) == MATCHER.profile(facts, key)
    assert MATCHER.profile_of(text, {key}).mark == key


@given(st.lists(ALL_SAID, min_size=3, max_size=8), st.randoms(use_true_random=False))
def test_the_gist_of_a_group_does_not_depend_on_the_order_of_joining(told: list[Claim], choose: random.Random) -> None:
    table = MATCHER.table([profile(claim)._replace(type="investment") for claim in told])
    whole = reduce(table.joint, map(table.gist, range(len(told))))
    gists = [table.gist(place) for place in range(len(told))]
    while len(gists) > 1:
        one, other = (gists.pop(choose.randrange(len(gists))) for _ in range(2))
        gists.append(table.joint(one, other))
    assert gists[0] == whole


def mostly_nothing(*values: object) -> st.SearchStrategy[object]:
    """So that of many groups no claim says anything of it."""
    return st.sampled_from((*[None] * 20, *values))


ONE_DEAL = st.lists(
    st.builds(
        deal, st.just("acquisition"), st.just("Amazon"), st.just("OpenAI"),
        amount=st.sampled_from((
            None, "1000000000", "1030000000", "1300000000", money("7800000000", "HKD"), money("8100000000", "HKD"),
            money("10100000000", "HKD"), money("1300000000", modifier="up_to"), "90000000000000000000",
        )),
        on=st.sampled_from((None, None, "2025-11", "2025-10-03", "2025-01-05", "2024-06-01", "2023-10-20")),
        stake=mostly_nothing("5", "5.5", "6.2", "7"), quantity=mostly_nothing(("6", "GW"), ("9", "GW")),
        valuation=mostly_nothing("20000000000", "50000000000"),
    ),
    min_size=1, max_size=3,
)  # fmt: skip


@settings(max_examples=600)
@given(ONE_DEAL, ONE_DEAL, st.sampled_from(("investment", "acquisition")))
def test_two_groups_contradict_where_two_of_their_claims_do(mine: list[Claim], yours: list[Claim], kind: str) -> None:
    roles = profile(deal(kind, "Amazon", "OpenAI")).roles
    profiles = [profile(claim)._replace(type=kind, roles=roles) for claim in (*mine, *yours)]
    table = MATCHER.table(profiles)
    gists = [table.gist(place) for place in range(len(profiles))]
    left, right = (reduce(table.joint, part) for part in (gists[: len(mine)], gists[len(mine) :]))
    pairs = product(profiles[: len(mine)], profiles[len(mine) :])
    assert table.clash(left, right) == any(MATCHER.veto(one, other) is not None for one, other in pairs)


def test_a_group_says_what_its_claims_say_together() -> None:
    told = [
        deal("investment", "Amazon", "OpenAI", amount="8000000000"),
        deal("investment", "Microsoft", "OpenAI", amount="8000000000"),
        deal("investment", ("Amazon", "Microsoft"), "OpenAI"),
        deal("investment", "Amazon", "OpenAI", amount="9000000000"),
    ]
    table = MATCHER.table([profile(claim) for claim in told])
    amazon, microsoft, both, more = map(table.gist, range(4))
    assert table.clash(amazon, microsoft)
    assert not table.clash(table.joint(amazon, both), microsoft)
    assert table.clash(more, amazon)
    assert table.clash(more, table.joint(both, amazon))
    assert not table.clash(more, both)


@pytest.mark.parametrize("value", ["1000000000000", "90000000000000000", "900000000000000000000000"])
def test_sums_of_any_size_are_compared(value: str) -> None:
    one, like, other = (
        profile(deal("loan", "Amazon", "OpenAI", amount=money(figure))) for figure in (value, value[:-2] + "99", "2" + value)
    )
    table = MATCHER.table([one, like, other])
    assert table.scores(np.array([0, 0]), np.array([1, 2])).tolist() == [MATCHER.score(one, like), 0]
    assert MATCHER.score(one, like) > 0


@given(CLAIMS, CLAIMS)
def test_who_has_a_reason_to_join_is_found_by_a_key(one: Claim, other: Claim) -> None:
    left, right = profile(one), profile(other)
    if MATCHER.score(left, right) >= 500:
        assert not set(MATCHER.keys(left).asks).isdisjoint(MATCHER.keys(right).has)


@given(CLAIMS, CLAIMS)
def test_a_veto_is_never_outscored(one: Claim, other: Claim) -> None:
    left, right = profile(one), profile(other)
    if MATCHER.veto(left, right):
        assert MATCHER.score(left, right) == 0


def test_legal_forms_are_folded_as_names_are() -> None:
    for form in (form for forms in legal_forms() for form in forms):
        assert "".join(char for char in fold(form).casefold() if char.isalnum()) == form


NAMES = ("中國銀行", "中国农业银行", "國泰金控", "國泰航空", "騰訊音樂", "騰訊控股", "الراجحي", "الراجحي للتأمين")


@pytest.mark.parametrize(("one", "other"), combinations(NAMES, 2))
def test_names_that_share_a_part_stay_apart(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)
