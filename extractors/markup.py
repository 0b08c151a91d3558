"""HTML as a tree, and the text of a piece of it with a line for every block."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html

_BLOCKS = {
    "p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "article", "ul", "ol",
    "table", "figure", "figcaption", "main", "header", "footer", "dd", "dt", "pre",
}  # fmt: skip
SILENT = frozenset({"script", "style", "noscript", "template", "iframe"})
"""Elements whose text nobody sees"""
MAX_DEPTH = 200
"""Elements within each other; deeper markup is broken or made to break its readers"""


def parse_markup(markup: str) -> Any:
    """An lxml tree, or None for what holds no element at all. Bytes, since lxml refuses a string that declares an encoding."""
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        return lxml_html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def strip_markup(fragment: str) -> str:
    r"""The text of a piece of HTML, as feeds carry it: a line for every block, no scripts.

    >>> strip_markup("<p>甲公司<b>收購</b>乙公司</p><p>金額未公布</p>")
    '甲公司收購乙公司\n金額未公布'
    >>> strip_markup("甲公司 &amp; 乙公司\n金額未公布")
    '甲公司 & 乙公司\n金額未公布'
    """
    if "<" not in fragment:
        lines = html.unescape(fragment).splitlines()
        return "\n".join(line.strip() for line in lines if line.strip())
    tree = parse_markup(f"<div>{fragment}</div>")
    return "" if tree is None else block_text(tree)


def block_text(element: Any) -> str:
    """The text of an element: a line for every block, without empty ones."""
    lines = "".join(_words(element, 0)).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def line_text(element: Any) -> str:
    """The text of an element as one line.

    >>> line_text(parse_markup("<h1>甲公司 <span>收購</span><script>x()</script></h1>"))
    '甲公司 收購'
    """
    return " ".join(" ".join("".join(_words(element, 0)).split("\n")).split())


def _words(element: Any, depth: int) -> Iterator[str]:
    if element.tag in SILENT or not isinstance(element.tag, str) or depth > MAX_DEPTH:
        return
    if element.tag in _BLOCKS:
        yield "\n"
    yield (element.text or "").replace("\n", " ")
    for child in element:
        yield from _words(child, depth + 1)
        yield (child.tail or "").replace("\n", " ")
    if element.tag in _BLOCKS:
        yield "\n"
