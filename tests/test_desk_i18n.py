"""The languages of the interface: every message is translated, with the same blanks, and the Arabic page is mirrored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from desk.app import create_app
from desk.catalogue import catalogue, messages
from desk.i18n import LANGUAGES, tongue
from desk.labels import N_, reason
from desk.state import Desk
from extractors.match import deal_schema, fold_name
from models.store import Store
from tests.desk_store import fill

FOLDER = Path(__file__).parent.parent / "desk"
TRANSLATED = [tag for tag in LANGUAGES if tag != "en"]
BLANK = re.compile(r"%\(\w+\)s|\{\d\}")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with Store.open(f"sqlite:///{tmp_path_factory.mktemp('desk')}/desk.db") as store:
        fill(store)
        with TestClient(create_app(Desk(store, deal_schema(), fold_name)), base_url="http://localhost") as found:
            yield found


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_catalogue_has_every_message_and_no_other(tag: str) -> None:
    asked = {message.id for message in messages(FOLDER) if message.id}
    assert len(asked) > 200
    found = {message.id: message for message in catalogue(tag) if message.id}
    assert asked - found.keys() == set()
    assert found.keys() - asked == set()
    for message in found.values():
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        assert all(strings), message.id
        assert not message.fuzzy
        blanks = set(BLANK.findall(message.id[-1] if isinstance(message.id, tuple | list) else message.id))
        last = strings[-1]
        assert set(BLANK.findall(last)) == blanks, message.id


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("path", ["/events", "/flow", "/companies", "/company?name=OpenAI", "/review/conflicts", "/runs"])
def test_pages_in_every_language(client: TestClient, tag: str, path: str) -> None:
    answer = client.get(path, params={"ui": tag} if "?" not in path else {"name": "OpenAI", "ui": tag})
    assert answer.status_code == 200
    way = "rtl" if tag == "ar" else "ltr"
    assert f'<html lang="{tag}" dir="{way}">' in answer.text
    assert f"ui={tag}" in answer.text  # links keep the language


def test_the_browser_is_asked_when_the_address_does_not_say(client: TestClient) -> None:
    assert 'lang="zh-Hant"' in client.get("/events", headers={"accept-language": "zh-HK,en;q=0.5"}).text[:60]
    assert "ui=" not in client.get("/events", headers={"accept-language": "zh-HK"}).text.split("<main")[1]


@pytest.mark.parametrize(
    ("tag", "n", "words"),
    [("en", 1, "1 event"), ("en", 1200, "1,200 events"), ("zh-Hant", 3, "3 筆事件"), ("ar", 1, "حدث واحد"), ("ar", 2, "حدثان"),
     ("ar", 5, "5 أحداث"), ("ar", 11, "11 حدثًا"), ("ar", 100, "100 حدث")],
)  # fmt: skip
def test_plurals(tag: str, n: int, words: str) -> None:
    assert tongue(tag).count("%(num)s event", "%(num)s events", n) == words


def test_reasons_of_the_store_are_translated_in_parts() -> None:
    told = reason("not chosen: the best was backed by 4 of 6 origins, the next by 1", tongue("zh-Hant").text)
    assert told == "未選用：最佳者6 篇中有 4 篇支持，次者 1 篇"
    assert reason("something new", tongue("ar").text) == N_("something new")
