"""From claims to events: groups, best values, conflicts, status, ids. No database."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.match import deal_schema
from models.claim import Claim
from models.clustering import cluster
from models.codec import Json
from models.facts import Facts, facts_text, read_facts
from models.resolver import Setting, final_status, resolve, status_history
from models.store import claim_keys, doc_id_of, origin_of
from tests.claims import CLAIMS, DAYS, Told, deal, money, told

SCHEMA = deal_schema()


def facts_of(articles: Sequence[Told]) -> list[Facts]:
    found = []
    for article, extraction in articles:
        doc_id = doc_id_of(article)
        for claim, key in zip(extraction.claims, claim_keys(doc_id, extraction.claims), strict=True):
            found.append(read_facts(f"c-{key}", facts_text(article, claim, key, doc_id, origin_of(article))))
    return found


def events_of(articles: Sequence[Told]) -> list[Json]:
    """Events of the articles, by id."""
    facts = {fact.claim_id: fact for fact in facts_of(articles)}
    profiles = {claim_id: SCHEMA.matcher.profile(fact, "") for claim_id, fact in facts.items()}
    groups = cluster(profiles, SCHEMA.matcher).groups
    events = [resolve([facts[claim_id] for claim_id in group], SCHEMA) for group in groups]
    return sorted(events, key=lambda event: str(event["id"]))


def one(*claims: Claim) -> Json:
    """The one event of claims told by as many articles, a day apart."""
    events = events_of([told(f"a{n}", f"2025-12-{n + 1:02}", claim) for n, claim in enumerate(claims)])
    assert len(events) == 1
    return events[0]


def tables(event: Json, kind: str = "conflicts") -> dict[str, list[str]]:
    return {table["property"]: [value["value"] for value in table["values"]] for table in event[kind]}


def test_one_deal_in_two_languages_keeps_both_figures() -> None:
    event = one(
        deal("investment", "Amazon", "OpenAI", amount=money("10000000000", modifier="up_to"), status="talks"),
        deal("investment", ("Apple", "Amazon"), "OpenAI", amount=money("10000000000", modifier="over"), status="talks"),
    )
    assert event["n_origins"] == 2
    assert tables(event)["amount"] == ["over 10000000000 USD", "up_to 10000000000 USD"]


def test_who_is_named_once_among_several_is_not_corroborated() -> None:
    event = one(
        deal("investment", "Amazon", "OpenAI", amount="10000000000"),
        deal("investment", ("Apple", "Amazon"), "OpenAI", amount="10000000000"),
        deal("investment", "Amazon", "OpenAI", amount="10000000000"),
    )
    investors = {party["canonical"]: (party["support"], party["corroborated"]) for party in event["roles"]["investor"]}
    assert investors == {"Amazon": (3, True), "Apple": (1, False)}


def test_owner_and_unit_are_one_participant_with_conflicting_dates_shown() -> None:
    event = one(
        deal("purchase", "OpenAI", "Amazon Web Services", amount="38000000000", on="2025-11"),
        deal("purchase", "OpenAI", "Amazon", amount="38000000000", on="2025-10"),
        deal("purchase", "OpenAI", "Amazon Web Services", amount="38000000000"),
        deal("purchase", "OpenAI", "Amazon Web Services", amount="38000000000", on="2024-06"),
    )
    supplier = event["roles"]["supplier"]
    assert [(party["canonical"], party["support"]) for party in supplier] == [("Amazon Web Services", 4)]
    assert tables(event)["date"] == ["2025-11", "2025-10", "2024-06"]
    assert event["date"] == "2025-11"


def test_roles_are_in_the_order_payer_paid() -> None:
    assert list(one(deal("loan", "SoftBank", "Oracle", amount="1"))["roles"]) == ["lender", "borrower"]


def test_a_deal_and_its_first_cheque_stay_apart() -> None:
    events = events_of([
        told("a", "2025-11-04", deal("investment", "Microsoft", "OpenAI", amount="1000000000", on="2019", status="completed")),
        told("b", "2025-12-17", deal("investment", "Microsoft", "OpenAI", amount=money("13000000000", modifier="over"))),
    ])  # fmt: skip
    assert len(events) == 2


def test_a_claim_without_a_sum_that_fits_two_deals_joins_neither() -> None:
    rounds = [
        told("a", "2025-11-04", deal("investment", "Google", "Anthropic", amount="2000000000")),
        told("b", "2025-11-05", deal("investment", "Google", "Anthropic", amount="1000000000")),
    ]
    bare = told("c", "2025-11-06", deal("investment", "Google", "Anthropic"))
    assert len(events_of(rounds)) == 2
    assert len(events_of([*rounds, bare])) == 3
    assert len(events_of([rounds[0], bare])) == 1


def test_claims_that_fit_two_deals_do_not_get_in_through_each_other() -> None:
    articles = [
        told("a", "2025-11-04", deal("investment", "Google", "Anthropic", amount="2000000000", on="2025-11-03")),
        told("b", "2025-11-05", deal("investment", "Google", "Anthropic", amount="1000000000", on="2025-11-01")),
        told("c", "2025-11-06", deal("investment", "Google", "Anthropic")),
        told("d", "2025-11-07", deal("investment", "Google", "Anthropic")),
    ]
    assert sorted(event["n_claims"] for event in events_of(articles)) == [1, 1, 2]


def test_a_claim_that_names_one_side_joins_no_chain() -> None:
    articles = [
        told("a", "2025-11-04", deal("investment", "Apple", "OpenAI", amount="10000000000")),
        told("b", "2025-11-05", deal("investment", "Amazon", "OpenAI", amount="10000000000")),
        told("c", "2025-11-06", deal("investment", "", "OpenAI", amount="10000000000")),
    ]
    assert len(events_of(articles)) == 3


def test_copies_of_one_text_are_one_origin() -> None:
    claim = deal("investment", "Amazon", "OpenAI", amount="10000000000")
    text = "A long enough text, printed twice. " + claim.evidence[0].quote
    copies = [told(f"a{n}", "2025-12-01", claim, source=f"paper-{n}", text=text) for n in range(3)]
    event = events_of([*copies, told("b", "2025-12-02", claim)])[0]
    assert (event["n_sources"], event["n_origins"]) == (4, 2)
    assert event["roles"]["investor"][0]["support"] == 2


def test_near_copies_are_one_origin_and_retellings_are_not() -> None:
    claim = deal("investment", "Amazon", "OpenAI", amount="10000000000")
    rng = random.Random(4)
    wire = "".join(chr(rng.randrange(0x4E00, 0x6E00)) for _ in range(900))
    other = "".join(chr(rng.randrange(0x4E00, 0x6E00)) for _ in range(900))
    texts = [wire, f"（本報訊）{wire[:860]}", wire[:400] + "，" + wire[402:], other, other[:450] + wire[:90]]
    articles = [told(f"a{n}", "2025-12-01", claim, text=text) for n, text in enumerate(texts)]
    assert events_of(articles[:3])[0]["n_origins"] == 1
    assert events_of(articles)[0]["n_origins"] == 3


def test_the_value_most_origins_give_wins_and_says_why() -> None:
    event = one(
        deal("acquisition", "Google", "North Hill", amount="10000000000"),
        deal("acquisition", "Google", "North Hill", amount="10400000000"),
        deal("acquisition", "Google", "North Hill", amount="10400000000"),
    )
    assert event["amount"]["value"] == "10400000000"
    values = event["alternatives"][0]["values"]
    assert values[0]["reason"] == "backed by 2 of 3 origins, the next by 1"
    assert [value["best"] for value in values] == [True, False]


def test_a_day_refines_the_month_it_lies_in() -> None:
    event = one(
        deal("purchase", "OpenAI", "Oracle", amount="5", on="2025-09"),
        deal("purchase", "OpenAI", "Oracle", amount="5", on="2025-09-10"),
    )
    assert (event["date"], event["precision"]) == ("2025-09-10", "day")
    assert tables(event) == {}


def test_a_setting_wins_and_the_rest_stays() -> None:
    facts = facts_of([told("a", "2025-12-01", deal("purchase", "OpenAI", "Oracle", amount="5000"))])
    event = resolve(facts, SCHEMA, {"amount": Setting("300000000000 USD", "set by a reviewer")})
    assert event["amount"]["usd"] == "300000000000"
    assert tables(event, "alternatives")["amount"] == ["300000000000 USD", "5000 USD"]


STATUSES = [
    (["talks", "agreed", "completed"], "completed"),
    (["completed", "talks"], "completed"),
    (["talks", "terminated"], "terminated"),
    (["agreed", "terminated", "talks"], "terminated"),
    (["agreed", "terminated", "agreed"], "agreed"),
    (["proposed", "rejected", "proposed"], "rejected"),
    (["completed", "rejected"], "completed"),
    (["held"], "held"),
]


@pytest.mark.parametrize(("reports", "final"), STATUSES)
def test_status_never_falls_back(reports: list[str], final: str) -> None:
    articles = [told(f"a{n}", f"2025-0{n + 1}-01", deal("acquisition", "Google", "X", status=s)) for n, s in enumerate(reports)]
    facts = facts_of(articles)
    random.Random(1).shuffle(facts)
    assert final_status(status_history(facts)) == final


def test_an_event_is_named_after_its_earliest_claim() -> None:
    articles = [told(f"a{n}", f"2025-12-{n + 1:02}", deal("purchase", "OpenAI", "Oracle", amount="5")) for n in range(3)]
    assert events_of(articles)[0]["id"] == events_of(articles[:1])[0]["id"]
    assert events_of(articles[1:])[0]["id"] != events_of(articles)[0]["id"]


def test_different_is_never_overruled() -> None:
    facts = {fact.claim_id: fact for fact in facts_of([
        told(name, "2025-12-01", deal("purchase", "OpenAI", "Oracle", amount="5")) for name in "abc"
    ])}  # fmt: skip
    first, second, third = sorted(facts)
    profiles = {claim_id: SCHEMA.matcher.profile(fact, claim_id) for claim_id, fact in facts.items()}
    found = cluster(profiles, SCHEMA.matcher, same=[(first, second), (second, third)], different=[(first, third)])
    groups = {claim_id: group for group in found.groups for claim_id in group}
    assert groups[first] != groups[third]
    assert [(refusal.left, refusal.right) for refusal in found.refused] in ([(first, third)], [(third, first)])


@given(st.lists(st.tuples(DAYS, st.lists(CLAIMS, min_size=1, max_size=2)), max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_claims_does_not_matter(content: list[tuple[str | None, list[Claim]]], shuffle: random.Random) -> None:
    articles = [told(f"a{n}", day, *claims) for n, (day, claims) in enumerate(content)]
    events = events_of(articles)
    shuffle.shuffle(articles)
    assert events_of(articles) == events


@given(st.lists(st.tuples(DAYS, CLAIMS), max_size=9))
def test_no_event_holds_two_sums_that_exclude_each_other(content: list[tuple[str | None, Claim]]) -> None:
    for event in events_of([told(f"a{n}", day, claim) for n, (day, claim) in enumerate(content)]):
        figures = [float(v.split()[0]) for v in tables(event, "alternatives").get("amount", [])]
        assert not figures or max(figures) <= min(figures) * 1.11


def test_one_article_names_an_owner_and_the_other_does_not() -> None:
    claim = deal("purchase", "Amazon", "OpenAI", amount="10000000000", on="2025-11-03")
    buyer = claim.roles["buyer"][0]
    owned = replace(claim, roles={**claim.roles, "buyer": (replace(buyer, parent="Amazon Holdings"),)})
    event = one(claim, owned)
    assert [party["parent"] for party in event["roles"]["buyer"]] == ["Amazon Holdings"]
