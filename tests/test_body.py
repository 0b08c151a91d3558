"""Pages of our own in the manner of many sites: text, headline, the day with where it is told, and the charset."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.page_table import PageTable, page_table
from extractors.body import NotAnArticleError, read_page
from extractors.charset import NotTextError, decode
from extractors.published import Stated, settle, stated
from flows.readers import Found, Rejected, read_page_of

HANT = "甲公司昨日宣布，以新台幣三億元收購乙公司的雲端業務，雙方預計在下半年完成交割。"
HANS = "甲公司昨日宣布，以三亿元人民币收购乙公司的云业务，双方预计在下半年完成交割。"
ARABIC = "أعلنت الشركة أمس أنها وقعت اتفاقية لشراء خدمات الحوسبة السحابية بقيمة ملياري دولار خلال العام المقبل."


def html(body: str = "", head: str = "<title>頭條消息</title>", text: str = HANT) -> str:
    paragraphs = "".join(f"<p>{text}</p>" for _ in range(5))
    return f"<html><head>{head}</head><body><h1>頭條消息</h1>{body}<article>{paragraphs}</article></body></html>"


def day(body: str = "", head: str = "", url: str | None = None) -> tuple[str, str] | None:
    found = read_page(html(body, head), url, latest=date(2026, 1, 1)).published
    return (found.value, found.evidence) if found else None


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("<div class='info'>2025-12-17 20:52:15 <span>來源： 某報</span></div>", ("2025-12-17", "text")),
        ("<p>發布時間：2025年12月17日 08:30　記者 某某</p>", ("2025-12-17", "text")),
        ("<span class='date'>2025/12/17</span>", ("2025-12-17", "text")),
        ("<div>民國114年12月17日 08:30</div>", ("2025-12-17", "text")),
        ("<div>二〇二五年十二月十七日 星期三</div>", ("2025-12-17", "text")),
        ("<div>2025 12/17 20:52:15 来源：某网</div>", ("2025-12-17", "text")),
        ("<span>2025-12-17 | 12:42</span>", ("2025-12-17", "text")),
        ("<div>الأربعاء، 17 كانون الأول/ديسمبر 2025 - 08:30</div>", ("2025-12-17", "text")),
        ("<div>نُشر في: 17 ديسمبر 2025 - 10:30 ص</div>", ("2025-12-17", "text")),
        ("<div>١٧ ديسمبر ٢٠٢٥ ، ١٠:٣٠</div>", ("2025-12-17", "text")),
        ("<div>آخر تحديث: 18 ديسمبر 2025 - 10:30</div>", ("2025-12-18", "text, updated")),
        ("<p>發布時間：2025-12-17 08:30</p><p>更新時間：2025-12-19 09:00</p>", ("2025-12-17", "text")),
        ("<p>17/12/2025 08:30</p>", ("2025-12-17", "text")),
        ("<p>03/04/2025 08:30</p>", None),
        ("<p>12月17日 08:30</p>", None),
        ("<p>3小時前</p>", None),
        ("<p>2025-12-17 08:30</p><p>2025-12-16 10:00</p>", None),
        ("<p>甲公司2025年12月1日宣布，雙方已經簽約。</p>", None),
        ("<ul><li><a href='/1'>別的新聞</a> 2025-12-01 08:30</li></ul>", None),
        ("<nav>2025年12月18日 星期四 08:30</nav>", None),
    ],
)
def test_the_line_under_the_headline_tells_the_day(line: str, told: tuple[str, str] | None) -> None:
    assert day(line) == told


@pytest.mark.parametrize(
    ("head", "url", "told"),
    [
        ('<meta property="article:published_time" content="2025-12-17T08:30:00+08:00">', None,
         ("2025-12-17T08:30:00+08:00", "meta")),
        ('<script type="application/ld+json">[{"@type":"NewsArticle","datePublished":"2025-12-17"}]</script>', None,
         ("2025-12-17", "json-ld")),
        ('<script type="application/ld+json">{"@type":"WebSite","datePublished":"2001-01-01"}</script>'
         '<script type="application/ld+json">{"@graph":[{"@type":["NewsArticle"],"datePublished":"2025-12-17"}]}</script>', None,
         ("2025-12-17", "json-ld")),
        ('<script type="application/ld+json">{broken</script><meta name="pubdate" content="2025-12-17">', None,
         ("2025-12-17", "meta")),
        ("", "https://x.tw/news/2025-12/17/c_1.htm", ("2025-12-17", "url")),
        ("", "https://x.tw/20251217/1.html", ("2025-12-17", "url")),
        ("", "https://x.tw/story/120251217123/", None),
        ("", "https://x.tw/2025/13/45/a.html", None),
        ('<meta name="pubdate" content="2031-05-01">', "https://x.tw/2025/12/17/a.html",
         ("2025-12-17", "url, against meta 2031-05-01")),
        ('<meta name="pubdate" content="1970-01-01">', None, None),
        ('<meta name="pubdate" content="2025-12-17">', "https://x.tw/2024/01/01/a.html",
         ("2025-12-17", "meta, against url 2024-01-01")),
    ],
)  # fmt: skip
def test_what_a_page_declares_outranks_its_address(head: str, url: str | None, told: tuple[str, str] | None) -> None:
    assert day(head=head, url=url) == told


def test_a_date_told_by_a_listing_stands_between_what_a_page_declares_and_its_address() -> None:
    listed = stated("2025-12-17T00:30:00Z", "feed")
    page = html(head="<title>頭條消息</title>")
    assert read_page(page, "https://x.tw/2025/12/17/a.html", told=[listed]).published == listed
    declared = '<meta name="pubdate" content="2025-12-17">'
    assert read_page(html(head=declared), told=[listed]).published == Stated("2025-12-17", "meta")
    assert settle([None, None]) is None
    assert (Stated("2025-12-17", "url").precision, listed.precision if listed else "") == ("day", "second")


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>頭條消息 - 某某新聞網</title>", "頭條消息"),
        ("<title>頭條消息_財經_某某網</title>", "頭條消息"),
        ("<title>某某網：別的</title><meta property='og:title' content='頭條消息｜某報'>", "頭條消息"),
        ("<title>x</title><script type='application/ld+json'>{'a'</script>", "x"),
        ("<title>甲公司—乙公司合作的第一百天</title>", "甲公司—乙公司合作的第一百天"),
        ("<title>عنوان الخبر هنا - صحيفة الخبر</title>", "عنوان الخبر هنا"),
    ],
)
def test_a_headline_is_without_the_name_of_its_site(head: str, title: str) -> None:
    assert read_page(html(head=head)).title == title


def test_lines_around_an_article_are_left_out() -> None:
    around = "<p>【責任編輯：某某】</p><p>分享</p><p>延伸閱讀</p><p>別的消息一則，說的是另一件不同的事情，與本文無關。</p>"
    page = html().replace("</article>", f"{around}</article>")
    assert read_page(page).text == "\n".join([HANT] * 5)


def test_footnotes_do_not_tear_a_sentence_and_a_lead_is_not_lost() -> None:
    marked = HANT.replace("，雙方", "<sup>[1]</sup>，雙方")
    lead = "<div class='article-summary'>乙公司同時表示，交易還需要主管機關核准才能生效。</div>"
    text = read_page(html(lead, text=marked)).text
    assert text.count(HANT) == 5
    assert text.startswith("乙公司同時表示，交易還需要主管機關核准才能生效。")


def test_a_piece_of_a_page_is_read_too() -> None:
    assert read_page(f"<div class='page'>{f'<p>{HANT}</p>' * 5}</div>").text.count(HANT) == 5


def test_text_that_only_scripts_show_is_taken_from_what_is_declared() -> None:
    body = '<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"' + HANT * 5 + '"}</script>'
    assert read_page(f"<html><head>{body}</head><body><div id='app'></div></body></html>").text == HANT * 5


@pytest.mark.parametrize("url", ["https://36kr.com/", "https://36kr.com", "https://36kr.com/index.html"])
def test_a_front_page_is_no_article(url: str) -> None:
    with pytest.raises(NotAnArticleError, match="front page"):
        read_page(html(), url)


@pytest.mark.parametrize("markup", ["", "<html></html>", "<div>" * 5000, "<a><b><c>" * 3000 + "x", "&#x0;<p>", "<" * 10_000])
def test_markup_made_to_break_readers_is_no_article(markup: str) -> None:
    with pytest.raises(NotAnArticleError):
        read_page(markup)


PAGES = [
    (HANT, "big5"), (HANT, "cp950"), (HANT, "gb18030"), (HANS, "gb2312"), (HANS, "gbk"), (HANS, "gb18030"),
    (ARABIC, "windows-1256"), (ARABIC, "iso-8859-6"), (HANT, "utf-8"), (HANS, "utf-16"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "charset"), PAGES)
@pytest.mark.parametrize(
    "meta", ["", "utf-8", "iso-8859-1", "gb2312", "big5", "windows-1256", "windows-1252", "shift_jis", "x-unknown"]
)
@pytest.mark.parametrize("header", [None, "iso-8859-1", "utf-8", "gbk"])
def test_a_page_is_read_right_whatever_charset_it_declares(text: str, charset: str, meta: str, header: str | None) -> None:
    head = f"<meta charset='{meta}'>" if meta else ""
    page = f"<html><head>{head}<title></title></head><body>{f'<p>{text}</p>' * 5}</body></html>"
    read = read_page_of("page", page.encode(charset), {}, header)
    assert isinstance(read, Found), read
    assert read.fields["text"].count(text) == 5


@pytest.mark.parametrize(("text", "charset"), [(HANT, "utf-8"), (HANT, "big5"), (HANS, "gb18030")])
def test_a_few_broken_bytes_do_not_lose_a_page(text: str, charset: str) -> None:
    raw = (f"<p>{text}</p>" * 20).encode(charset)
    broken = raw[:300] + b"\xff" + raw[300:]
    assert decode(broken, damaged=True).count(text) >= 18
    with pytest.raises(NotTextError):
        decode(broken)


def test_a_page_that_was_damaged_before_is_refused() -> None:
    read = read_page_of("page", ("<p>" + "\ufffd" * 50 + HANT + "</p>").encode(), {})
    assert isinstance(read, Rejected)
    assert "damaged before it came here" in read.reason


def test_words_of_pages_are_whole_words() -> None:
    assert page_table().lone_lines
    with pytest.raises(ValueError, match="empty word"):
        PageTable.model_validate({**page_table().model_dump(), "lone_lines": [" 分享"]})
