"""Files of every kind -> articles: ids, fields beside the text, encodings, languages, sources. Texts are our own."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.source_table import find_source, sources
from extractors.charset import NotTextError, decode
from flows.intake import Defaults, Item, UnusableInputError, find_files, take_in, take_in_bytes
from flows.readers import Rejected
from flows.work import Workers
from models.article import Article

HANT = "甲公司昨日宣布，以新台幣三億元收購乙公司的雲端業務，雙方預計在下半年完成交割。"
HANS = "甲公司昨日宣布，以三亿元人民币收购乙公司的云业务，双方预计在下半年完成交割。"
ARABIC = "أعلنت الشركة أمس أنها وقعت اتفاقية لشراء خدمات الحوسبة السحابية بقيمة ملياري دولار خلال العام المقبل."


def read(*paths: Path, defaults: Defaults | None = None) -> list[Item]:
    return list(take_in(find_files([str(path) for path in paths]), defaults or Defaults()))


def articles(*paths: Path, defaults: Defaults | None = None) -> list[Article]:
    items = read(*paths, defaults=defaults)
    assert all(isinstance(item, Article) for item in items), items
    return [item for item in items if isinstance(item, Article)]


def write_jsonl(path: Path, rows: Sequence[object]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_two_processes_take_in_what_one_does_in_the_same_order(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "rows.jsonl", [{"id": 1, "text": HANT}, {"id": 2, "text": 7}])
    page = f"<html><head><title>甲公司</title></head><body><article><p>{HANT}</p><p>{HANS}</p></article></body></html>"
    for n in range(9):
        (tmp_path / f"a{n}.html").write_text(page + " " * 100_000, encoding="utf-8")
    for name in ("a", "b", "c"):
        (tmp_path / f"z{name}.html").write_text("<html></html>", encoding="utf-8")
        (tmp_path / f"{name}.txt").write_text(f"{ARABIC} {name}", encoding="utf-8")
    files = find_files([str(tmp_path)])
    alone = list(take_in(files))
    with Workers(2) as crew:
        assert list(take_in(files, crew=crew)) == alone
        assert crew._pool is not None, "so much is read by the processes"
    assert sum(isinstance(item, Rejected) for item in alone) == 4
    with Workers(2) as crew:
        assert list(take_in(files[:4], crew=crew)) == alone[:4]
        assert crew._pool is None, "so little is not worth starting them"


def test_a_text_file_is_kept_to_the_letter(tmp_path: Path) -> None:
    text = f"\r\n{HANT}\r\n\u200b{HANT}  \n"
    (tmp_path / "a.txt").write_bytes(text.encode())
    (article,) = articles(tmp_path / "a.txt")
    assert (article.id, article.text, article.title, article.language, article.region) == ("a", text, None, "zh-Hant", "TW")


def test_the_other_fields_lie_beside_a_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(HANT, encoding="utf-8")
    meta = {
        "id": "x1",
        "title": "頭條",
        "region": "HK",
        "published": "2025-12-17",
        "source": "hket",
        "text": "not this",
        "gold": 1,
    }
    (tmp_path / "a.meta.json").write_text(json.dumps(meta), encoding="utf-8")
    (article,) = articles(tmp_path)
    assert article == Article("x1", HANT, "頭條", None, "hket", "zh-Hant", "HK", "2025-12-17")


def test_gold_and_meta_are_never_input(tmp_path: Path) -> None:
    for name in ("a.gold.json", "b.gold.jsonl", "b.gold.jsonl.gz", "c.meta.json", "notes.md", ".hidden.txt"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    with pytest.raises(UnusableInputError, match="holds no article"):
        find_files([str(tmp_path)])
    with pytest.raises(UnusableInputError, match="never input"):
        find_files([str(tmp_path / "b.gold.jsonl")])


def test_a_folder_is_read_in_order_to_its_depths(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/1.txt", "a/9.TXT", "c.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(HANT, encoding="utf-8")
    assert [article.id for article in articles(tmp_path)] == ["9", "1", "2", "c"]


def test_equal_stems_are_told_apart(tmp_path: Path) -> None:
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "news.txt").write_text(HANT + name, encoding="utf-8")
    assert [article.id for article in articles(tmp_path)] == ["news", "y/news.txt"]


def test_rows_of_jsonl_plain_and_gzipped(tmp_path: Path) -> None:
    row = {
        "id": 17,
        "url": "https://x.tw/1",
        "source": "x",
        "language": "zh",
        "region": "tw",
        "title": "",
        "text": HANT,
        "k": [],
    }
    plain = write_jsonl(tmp_path / "a.jsonl", [row, {"text": HANS}])
    packed = tmp_path / "b.jsonl.gz"
    packed.write_bytes(gzip.compress(b"\xef\xbb\xbf" + plain.read_bytes().replace(b"\n", b"\r\n\r\n")))
    first, second = articles(plain)
    assert (first.id, first.title, first.language, first.region) == ("17", None, "zh-Hant", "TW")
    assert (second.language, second.region) == ("zh-Hans", "CN")
    assert articles(packed) == [first, second]


def test_a_row_without_an_id_keeps_its_id_wherever_it_stands(tmp_path: Path) -> None:
    one = articles(write_jsonl(tmp_path / "a.jsonl", [{"text": HANT}, {"text": HANS}]))
    other = articles(write_jsonl(tmp_path / "b.jsonl", [{"text": HANS}]))
    assert one[0].id != one[1].id == other[0].id


def test_a_title_alone_is_an_article(tmp_path: Path) -> None:
    (article,) = articles(write_jsonl(tmp_path / "a.jsonl", [{"title": HANT, "text": ""}]))
    assert (article.title, article.text, article.language) == (HANT, "", "zh-Hant")


def test_nul_and_half_surrogates_pass_unchanged(tmp_path: Path) -> None:
    text = HANT + "\x00\ud83d"
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": text}), encoding="ascii")
    assert articles(path)[0].text == text


@pytest.mark.parametrize(
    ("text", "charset"),
    [(HANT, "big5"), (HANT, "gb18030"), (HANT, "utf-16"), (HANT, "utf-8-sig"), (HANS, "gbk"), (HANS, "gb2312"),
     (ARABIC, "cp1256"), (ARABIC, "iso-8859-6"), (ARABIC, "utf-16-be-bom")],
)  # fmt: skip
def test_old_encodings_are_read_right(tmp_path: Path, text: str, charset: str) -> None:
    raw = b"\xfe\xff" + text.encode("utf-16-be") if charset.endswith("-bom") else text.encode(charset)
    (tmp_path / "a.txt").write_bytes(raw)
    assert articles(tmp_path / "a.txt")[0].text == text


@pytest.mark.parametrize(
    "raw",
    [
        "Les résultats de l'été à Zürich étaient très élevés, où l'hôtel".encode("latin-1"),
        "회사는 화요일 투자를 발표했다고 밝혔다".encode("euc-kr"),
        "Компания объявила о новых инвестициях в отрасли".encode("cp1251"),
        HANT.encode()[:-1],
        "收購".encode("big5"),
    ],
)
def test_an_uncertain_encoding_is_no_text(raw: bytes) -> None:
    with pytest.raises(NotTextError):
        decode(raw)


def page(body: str, head: str = "", charset: str = "utf-8") -> bytes:
    return f"<!doctype html><html><head><meta charset='{charset}'>{head}</head><body>{body}</body></html>".encode(charset)


BODY = f"<article><h1>甲公司收購乙公司</h1><p>{HANT * 4}</p><p>{HANT * 3}</p></article><footer>版權所有</footer>"


@pytest.mark.parametrize("charset", ["utf-8", "big5"])
def test_a_page_gives_title_text_and_stated_date(tmp_path: Path, charset: str) -> None:
    linked = '<script type="application/ld+json">{"@graph": [{"datePublished": "2025-12-17T08:30:00+08:00"}]}</script>'
    (tmp_path / "a.html").write_bytes(page(BODY, f"<title>甲公司收購乙公司 - 某報</title>{linked}", charset))
    (article,) = articles(tmp_path)
    assert article.id == "a"
    assert article.title is not None
    assert article.title.startswith("甲公司收購乙公司")
    assert article.published == "2025-12-17T08:30:00+08:00"
    assert HANT in article.text
    assert "版權" not in article.text


@pytest.mark.parametrize(
    ("head", "body", "published"),
    [
        ('<meta property="article:published_time" content="2025-12-17">', BODY, "2025-12-17"),
        ("", f"<time pubdate datetime='2025-12-16T01:00:00Z'>昨天</time>{BODY}", "2025-12-16T01:00:00Z"),
        ("", f"<span>發布時間：2025-12-15 08:30</span>{BODY}", "2025-12-15"),
        ("", f"<span>2025-12-15 08:30</span><ul><li>2024-01-01 10:00</li></ul>{BODY}", None),
        ('<link rel="canonical" href="https://example.com/2025/12/14/a.html">', BODY, "2025-12-14"),
        ("", BODY.replace("昨日", "2025年12月1日"), None),
    ],
)  # fmt: skip
def test_a_page_without_a_stated_date_has_none(tmp_path: Path, head: str, body: str, published: str | None) -> None:
    (tmp_path / "a.html").write_bytes(page(body, head))
    assert articles(tmp_path)[0].published == published


FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>某報</title><link>https://www.cna.com.tw</link>
<language>zh-TW</language><item><title>甲 &amp;amp; 乙</title><link>https://www.cna.com.tw/news/1.aspx</link><guid>1</guid>
<pubDate>Tue, 16 Dec 2025 23:30:00 GMT</pubDate><description><![CDATA[<p>{0}</p><script>x()</script>]]></description></item>
<item><title>{0}</title><guid>2</guid></item></channel></rss>"""


def test_a_feed_gives_an_article_an_entry(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(FEED.format(HANT), encoding="utf-8")
    first, second = articles(tmp_path)
    assert (first.title, first.text, first.source, first.region) == ("甲 & 乙", HANT, "cna", "TW")
    assert first.published == "2025-12-17T07:30:00+08:00"  # the day in Taipei, not in Greenwich
    assert (second.title, second.text, second.published) == (HANT, "", None)
    assert first.id != second.id


def test_a_web_archive_gives_its_pages(tmp_path: Path) -> None:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=big5\r\n\r\n" + page(BODY, charset="big5")
    image = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG"
    records = b"".join(
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:%d>\r\nWARC-Target-URI: https://udn.com/%d\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n" % (n, n, len(body), body)
        for n, body in enumerate((image, http))
    )
    (tmp_path / "a.warc").write_bytes(records)
    (tmp_path / "b.warc.gz").write_bytes(gzip.compress(records))
    plain, packed = articles(tmp_path)
    assert (plain.url, plain.source, plain.language) == ("https://udn.com/1", "udn", "zh-Hant")
    assert plain == packed


def test_standard_input_is_text_or_rows() -> None:
    (text,) = take_in_bytes(HANT.encode(), "stdin")
    (row,) = take_in_bytes(json.dumps({"id": "r", "text": HANT}).encode(), "stdin")
    assert isinstance(text, Article)
    assert isinstance(row, Article)
    assert (text.id, text.text, row.id) == ("stdin", HANT, "r")


def test_defaults_fill_what_is_missing_and_nothing_else(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [{"text": HANT}, {"text": HANT, "region": "HK", "published": "2025-01-02 09:00"}])
    first, second = articles(path, defaults=Defaults("zh-TW", "MO", "2025-12-17"))
    assert (first.language, first.region, first.published) == ("zh-Hant", "MO", "2025-12-17")
    assert (second.region, second.published) == ("HK", "2025-01-02 09:00")


@pytest.mark.parametrize("values", [{"language": "en"}, {"region": "Hong Kong"}, {"published": "yesterday"}])
def test_defaults_that_mean_nothing_are_wrong_usage(values: dict[str, str]) -> None:
    with pytest.raises(UnusableInputError):
        Defaults(**values)


def test_the_source_decides_what_the_article_does_not_say(tmp_path: Path) -> None:
    rows = [
        {"source": "中央社", "text": HANT, "published": "2025-12-16T23:30:00Z"},
        {"url": "https://m.argaam.com/ar/1", "text": ARABIC},
    ]
    first, second = articles(write_jsonl(tmp_path / "a.jsonl", rows))
    assert (first.source, first.region, first.published) == ("cna", "TW", "2025-12-17T07:30:00+08:00")
    assert (second.source, second.region) == ("argaam", "SA")


def test_a_source_that_no_table_knows_keeps_its_name(tmp_path: Path) -> None:
    row = {"source": "aggregator", "url": "https://www.cna.com.tw/1", "text": HANT[:12], "title": "", "published": ""}
    (article,) = articles(write_jsonl(tmp_path / "a.jsonl", [row]))
    assert (article.source, article.region, article.title, article.published) == ("aggregator", "TW", None, None)


def test_every_source_is_declared_in_full() -> None:
    publishers = [source for source in sources().values() if source.hosts]
    assert len(publishers) >= 12
    assert {source.language for source in publishers} == {"zh-Hant", "zh-Hans", "ar"}
    for source in publishers:
        assert source.region
        assert source.home_currency
        assert source.hosts
        assert 0 < source.min_articles < source.max_articles
    assert find_source("nobody", "https://udn.com.evil.example/1") is None


def test_a_source_on_disk_is_read_and_one_on_the_network_is_refused() -> None:
    assert find_files(["samples"])
    with pytest.raises(UnusableInputError, match="only dealwire run does"):
        find_files(["cna"])
    with pytest.raises(UnusableInputError, match="no such file or folder"):
        find_files(["no/such/place"])


def test_one_bad_row_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    good = json.dumps({"id": "good", "text": HANT})
    path.write_text(f"{good}\n{{broken\n[1]\n{good}\n", encoding="utf-8")
    first, broken, listed, last = read(path)
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    assert isinstance(broken, Rejected)
    assert str(broken).startswith(f"{path}:2: not JSON: ")
    assert broken.raw == b"{broken\n"
    assert isinstance(listed, Rejected)
    assert listed.reason == "not a JSON object but list"
