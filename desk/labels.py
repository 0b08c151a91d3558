"""Words of the store that the interface shows: deal types, statuses, roles, reasons. Named here so that catalogues have them."""

from __future__ import annotations

import re
from collections.abc import Callable


def N_(message: str) -> str:  # noqa: N802 -- gettext's own name for "translate later"
    """A message that is translated where it is shown."""
    return message


TYPES = (
    N_("investment"), N_("acquisition"), N_("merger"), N_("share_transfer"), N_("stake"), N_("purchase"), N_("license"),
    N_("partnership"), N_("loan"), N_("offering"), N_("restructuring"),
)  # fmt: skip
STATUSES = (
    N_("talks"), N_("proposed"), N_("agreed"), N_("completed"), N_("held"), N_("rejected"), N_("terminated"),
)  # fmt: skip
ROLES = (
    N_("investor"), N_("target"), N_("acquirer"), N_("seller"), N_("party"), N_("buyer"), N_("company"), N_("holder"),
    N_("supplier"), N_("licensee"), N_("licensor"), N_("lender"), N_("borrower"),
)  # fmt: skip
PROPERTIES = (
    N_("amount"), N_("valuation"), N_("status"), N_("date"), N_("stake_pct"), N_("quantity"), N_("term"), N_("binding"),
    N_("roles"), N_("type"), N_("confidence"), N_("sources"), N_("languages"), N_("conflicts"), N_("family"), N_("precision"),
    N_("date_start"), N_("date_end"), N_("first_published"), N_("last_published"),
)  # fmt: skip
MODIFIERS = (
    N_("exact"), N_("about"), N_("over"), N_("at_least"), N_("up_to"), N_("under"), N_("range"), N_("vague"),
)  # fmt: skip
EFFECTS = (N_("opens"), N_("advances"), N_("ends"), N_("revives"), N_("kept out"))
CHANGES = (N_("ADD"), N_("MOD"), N_("MERGE"), N_("SPLIT"), N_("DEL"))
CAUSES = (N_("source"), N_("extractor"), N_("decision"), N_("schema"))
DECISIONS = (N_("same"), N_("different"), N_("set"), N_("retract"))
KINDS = (N_("person"), N_("government"), N_("fund"), N_("product"), N_("unit"), N_("other"))
SCRIPTS = (N_("latin"), N_("han"), N_("arabic"))
LANGUAGES = (N_("zh-Hant"), N_("zh-Hans"), N_("ar"))
STAGES = (N_("rates"), N_("intake"), N_("extract"), N_("merge"), N_("publish"), N_("store"), N_("fetch"))
ARTICLES = (N_("new"), N_("unchanged"), N_("changed"), N_("quarantined"))
EVENTS = (N_("added"), N_("merged"), N_("split"), N_("removed"))
RUNS = (N_("done"), N_("failed"), N_("running"), N_("held back"), N_("interrupted"))
QUALITY = (
    N_("with an amount"), N_("with an amount in USD"), N_("with a date"), N_("told by two sources or more"),
    N_("with conflicting values"), N_("of low confidence"),
)  # fmt: skip

_REASONS = (
    (r"only value", N_("only value")),
    (r"backed by (\d+) of (\d+) origins, the next by (\d+)", N_("backed by {0} of {1} texts, the next by {2}")),
    (r"said by (\d+) of (\d+) origins, the next by (\d+)", N_("said by {0} of {1} texts, the next by {2}")),
    (r"named by (\d+) of (\d+) origins", N_("named by {0} of {1} texts")),
    (r"as many origins, more exact or nearer to the first report", N_("as many texts, more exact or nearer to the first report")),
    (r"as many origins, reported later", N_("as many texts, reported later")),
    (r"as many origins, smallest claim id", N_("as many texts, the smallest claim id")),
    (r"set otherwise", N_("a reviewer has set another")),
    (r"set by (.+) \((\w+)\) on (\S+)", N_("set by {0} ({1}) on {2}")),
)
_LOST = re.compile(r"not chosen: the best was (.+)", re.DOTALL)
_PATTERNS = tuple((re.compile(pattern), message) for pattern, message in _REASONS)


def reason(text: str, translate: Callable[[str], str]) -> str:
    """A reason of the store, sentence by sentence; as it is where it is none of those known here.

    >>> reason("not chosen: the best was only value", lambda message: message)
    'not chosen: the best was only value'
    """
    lost = _LOST.fullmatch(text)
    if lost:
        return translate(N_("not chosen: the best was {0}")).format(reason(lost[1], translate))
    for pattern, message in _PATTERNS:
        match = pattern.fullmatch(text)
        if match:
            return translate(message).format(*match.groups())
    return text
