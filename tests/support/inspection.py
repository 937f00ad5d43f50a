"""What every page must be: valid, labelled, silent to others, with nothing leaked. One function per promise."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from bs4 import BeautifulSoup, Tag
from bs4.builder._html5lib import HTML5TreeBuilder
from html5lib import HTMLParser
from html5lib.constants import E as PARSE_ERRORS

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
# A page whose address is a secret says so to robots, and then tells nobody where one comes from.
SECRET = {**HEADERS, "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"}
LEAKS = re.compile(r"\{\{|\}\}|\{%|%\}|%\(\w+\)|\bNone\b|\bUndefined\b|<(?:built-in|function|bound method|LazyProxy)\b")
READ_ATTRIBUTES = ("value", "placeholder", "title", "alt", "aria-label", "href", "action", "content")
LOADING = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "link": "href",
    "object": "data",
    "use": "href",
}
NOT_LABELLED = {"hidden", "submit", "button", "reset", "image"}
BUTTONS = {"submit", "button", "reset"}
HEADING = re.compile(r"^h[1-6]$")
ELSEWHERE = re.compile(r"^\s*(?:https?:)?//", re.IGNORECASE)
REFERENCES = ("for", "aria-labelledby", "aria-describedby")


class _AttentiveBuilder(HTML5TreeBuilder):
    """Beautiful Soup's html5lib builder throws the parser and its errors away; this one keeps them."""

    errors: list[tuple[tuple[int, int], str, dict[str, str]]]

    def feed(self, markup: str) -> None:
        parser = HTMLParser(tree=self.create_treebuilder)
        self.underlying_builder.parser = parser
        parser.parse(markup)
        self.errors = parser.errors


def parse(markup: str) -> BeautifulSoup:
    """The page as a browser understands it, its errors kept in `builder.errors`."""
    return BeautifulSoup(markup, builder=_AttentiveBuilder())


def faults_of_headers(headers: dict[str, str]) -> Iterator[str]:
    """Security headers that are absent or are not exactly the expected ones."""
    for name, expected in (SECRET if "X-Robots-Tag" in headers else HEADERS).items():
        if headers.get(name) != expected:
            yield f"header {name} is {headers.get(name)!r}, expected {expected!r}"


class Survey:
    """The elements of a page sorted in one pass: by name, by id, labels by what they name."""

    def __init__(self, page: BeautifulSoup) -> None:
        self.tree = page
        self.tags = [tag for tag in page.descendants if isinstance(tag, Tag)]
        self.by_name: dict[str, list[Tag]] = defaultdict(list)
        self.by_id: dict[str, list[Tag]] = defaultdict(list)
        self.labels: dict[str, list[Tag]] = defaultdict(list)
        for tag in self.tags:
            self.by_name[tag.name].append(tag)
            if tag.has_attr("id"):
                self.by_id[str(tag["id"])].append(tag)
            if tag.name == "label" and tag.has_attr("for"):
                self.labels[str(tag["for"])].append(tag)

    def named(self, *names: str) -> list[Tag]:
        """The elements with one of these names, grouped by name."""
        return [tag for name in names for tag in self.by_name[name]]

    def referred(self, tag: Tag, attribute: str) -> list[Tag]:
        """The elements whose ids this attribute lists."""
        return [other for name in _tokens(tag, attribute) for other in self.by_id.get(name, [])[:1]]


def faults_of_page(page: BeautifulSoup, markup: str, network: str) -> Iterator[str]:
    """Everything wrong with a page, one sentence each."""
    survey = Survey(page)
    yield from _invalid(page, markup)
    yield from _head(survey, network)
    yield from _headings(survey)
    yield from _ids(survey)
    yield from _unlabelled(survey)
    yield from _nameless(survey)
    yield from _untold(survey)
    yield from _inline_code(survey)
    yield from _third_parties(survey)
    yield from _leaks(survey)


def _invalid(page: BeautifulSoup, markup: str) -> Iterator[str]:
    lines = markup.splitlines()
    for (line, column), code, values in page.builder.errors:
        source = lines[line - 1].strip()[:100] if 0 < line <= len(lines) else ""
        yield f"not valid HTML, line {line} column {column}: {PARSE_ERRORS[code] % values} — {source}"


def _head(page: Survey, network: str) -> Iterator[str]:
    if not page.tree.html or not page.tree.html.get("lang"):
        yield "<html> says no language"
    titles = [title for title in page.named("title") if not title.find_parent("svg")]
    if len(titles) != 1:
        yield f"{len(titles)} <title>, expected one"
        return
    title = words(titles[0])
    if not title.endswith(network) or title.strip(" –—-·|") == "":
        yield f"the title {title!r} does not end with the network’s name {network!r}"


def _headings(page: Survey) -> Iterator[str]:
    headings = [tag for tag in page.tags if HEADING.match(tag.name)]
    count = sum(heading.name == "h1" for heading in headings)
    if count != 1:
        yield f"{count} <h1>, expected one"
    for heading in headings:
        if not words(heading):
            yield f"an empty heading: {short(heading)}"
    for before, after in pairwise(headings):
        if int(after.name[1]) > int(before.name[1]) + 1:
            yield f"a level of heading is skipped before {short(after)}"


def _ids(page: Survey) -> Iterator[str]:
    counts = Counter({name: len(tags) for name, tags in page.by_id.items()})
    yield from (f"the id {name!r} is there {count} times" for name, count in counts.items() if count > 1)
    for attribute in REFERENCES:
        for tag in page.tags:
            for name in _tokens(tag, attribute):
                if name not in counts:
                    yield f"{attribute}={name!r} points to nothing: {short(tag)}"
    for link in page.named("a"):
        target = str(link.get("href", ""))
        if target.startswith("#") and len(target) > 1 and target[1:] not in counts:
            yield f"the link {target} points to nothing"


def _unlabelled(page: Survey) -> Iterator[str]:
    for field in page.named("input", "select", "textarea"):
        if field.get("type") not in NOT_LABELLED and not _label(page, field):
            yield f"a field without label: {short(field)}"


def _label(page: Survey, field: Tag) -> str:
    if field.get("aria-label"):
        return str(field["aria-label"]).strip()
    labels = page.labels.get(str(field.get("id", "")), [])
    around = field.find_parent("label")
    return " ".join(
        words(tag) for tag in [*page.referred(field, "aria-labelledby"), *labels, around] if isinstance(tag, Tag)
    ).strip()


def _nameless(page: Survey) -> Iterator[str]:
    for tag in page.named("a", "button"):
        if (tag.name == "button" or tag.has_attr("href")) and not _name(page, tag):
            yield f"a link or button without words: {short(tag)}"
    for button in page.named("input"):
        if button.get("type") in BUTTONS and not button.get("value"):
            yield f"a button without words: {short(button)}"


def _untold(page: Survey) -> Iterator[str]:
    for image in page.named("img"):
        if not image.has_attr("alt"):
            yield f"an image without alt: {short(image)}"
    for drawing in page.named("svg"):
        hidden = drawing.get("aria-hidden") == "true" or drawing.find_parent(attrs={"aria-hidden": "true"})
        if not hidden and not (drawing.find("title") or _said(page, drawing)):
            yield f"a drawing neither named nor hidden: {short(drawing)}"
    for table in page.named("table"):
        if not (table.caption and words(table.caption)) and not _said(page, table):
            yield f"a table without caption: {short(table)}"


def _name(page: Survey, tag: Tag) -> str:
    images = " ".join(str(image.get("alt", "")) for image in tag.find_all("img"))
    return (words(tag) + images + _said(page, tag)).strip()


def _said(page: Survey, tag: Tag) -> str:
    return str(tag.get("aria-label", "")) + " ".join(words(other) for other in page.referred(tag, "aria-labelledby"))


def _inline_code(page: Survey) -> Iterator[str]:
    for tag in page.tags:
        for attribute in tag.attrs:
            if attribute == "style" or attribute.startswith(("on", "hx-on")):
                yield f"an attribute {attribute}, which the content policy blocks: {short(tag)}"
        if str(tag.get("href", "")).lower().startswith("javascript:"):
            yield f"a javascript: address: {short(tag)}"
    for tag in page.named("style"):
        yield f"a <style>, which the content policy blocks: {short(tag)}"
    for tag in page.named("script"):
        if not tag.get("src") or words(tag):
            yield f"an inline <script>, which the content policy blocks: {short(tag)}"


def _third_parties(page: Survey) -> Iterator[str]:
    for name, attribute in LOADING.items():
        for tag in page.named(name):
            if ELSEWHERE.match(str(tag.get(attribute, ""))):
                yield f"something is loaded from elsewhere: {short(tag)}"


def _leaks(page: Survey) -> Iterator[str]:
    for text in page.tree.find_all(string=LEAKS):
        yield f"the template shows through: {str(text).strip()[:100]!r}"
    for tag in page.tags:
        for attribute in READ_ATTRIBUTES:
            if tag.has_attr(attribute) and LEAKS.search(str(tag[attribute])):
                yield f"the template shows through in {attribute}: {short(tag)}"


def leaks_of(markup: str) -> Iterator[str]:
    """The same looked for in the page as it was sent, without reading it as a tree."""
    for leak in LEAKS.finditer(markup):
        yield f"the template shows through: {markup[max(0, leak.start() - 60) : leak.end() + 40]!r}"


def words(tag: Tag) -> str:
    """The text of an element, spaces collapsed (non-breaking ones are kept)."""
    return re.sub(r"[ \t\r\n]+", " ", tag.get_text()).strip()


def short(tag: Tag) -> str:
    """The beginning of an element, enough to find it."""
    return re.sub(r"\s+", " ", str(tag))[:120]


def _tokens(tag: Tag, attribute: str) -> list[str]:
    value = tag.get(attribute) or ""
    return value.split() if isinstance(value, str) else list(value)
