"""Addresses of pages in one form, so that one page is one document however it was linked to."""

from __future__ import annotations

from urllib.parse import urlsplit

from courlan import normalize_url


def tidy_address(url: str) -> str:
    """An address without what only counts visitors: tracking parameters, default ports, capitals in the host.

    What is no address stays as it is.

    >>> tidy_address("https://Money.UDN.com:443/story/1?utm_source=rss&id=5"), tidy_address("urn:x:1")
    ('https://money.udn.com/story/1?id=5', 'urn:x:1')
    """
    if not url.startswith(("http://", "https://")):
        return url
    try:
        return str(normalize_url(url))
    except ValueError:
        return url


def is_front_page(url: str) -> bool:
    """Whether an address is the first page of a site.

    >>> is_front_page("https://36kr.com/"), is_front_page("https://36kr.com/newsflashes/1")
    (True, False)
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.path in ("", "/", "/index.html", "/index.htm", "/index.php") and not parts.query
