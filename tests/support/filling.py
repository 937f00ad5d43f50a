"""Filling a form found in a page the way a browser would: what it holds already, what is typed, the button pressed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup, Tag

from tests.support.inspection import short, words

Pairs = list[tuple[str, Any]]
NOT_SENT = {"submit", "button", "reset", "image"}


@dataclass(frozen=True)
class Filled:
    """A form ready to be sent. `action` is empty for the page's own address."""

    action: str
    method: str
    pairs: Pairs


def find_form(page: BeautifulSoup, selector: str | None) -> Tag:
    """The form that `selector` chooses, or the only one of the page’s main part."""
    forms = page.select(selector) if selector else (page.select("main form[method=post]") or page.select("form"))
    assert len(forms) == 1, f"{len(forms)} forms answer to {selector or 'main form'}: {[short(form) for form in forms]}"
    assert forms[0].name == "form", f"{selector} is not a form: {short(forms[0])}"
    return forms[0]


def fill(page: BeautifulSoup, form: Tag, fields: Mapping[str, Any], button: str | None = None) -> Filled:
    """The form as it is on the page with `fields` typed over it.

    A value is a string, a list (several boxes ticked), a boolean (one box), None (field taken out), or a file
    `(stream, name)`. A name or a choice that the form does not offer is a mistake of the test and fails.
    """
    controls = [tag for tag in _controls(page, form) if not _disabled(tag)]
    offered = {str(tag["name"]) for tag in controls}
    unknown = set(fields) - offered
    assert not unknown, f"no field {sorted(unknown)} in this form, which has {sorted(offered)}"
    pressed = _pressed(page, form, button)
    pairs = [pair for name in _in_order(controls) for pair in _sent(name, _named(controls, name), fields)]
    if pressed is not None and pressed.get("name"):
        pairs.append((str(pressed["name"]), str(pressed.get("value", ""))))
    source = pressed if pressed is not None and pressed.get("formaction") else form
    action = str(source.get("formaction") or form.get("action") or "")
    return Filled(action, str(form.get("method", "get")).lower(), pairs)


def _controls(page: BeautifulSoup, form: Tag) -> Iterator[Tag]:
    for tag in page.find_all(["input", "select", "textarea"]):
        owner = page.find(id=tag["form"]) if tag.get("form") else tag.find_parent("form")
        if owner is form and tag.get("name") and tag.get("type") not in NOT_SENT:
            yield tag


def _disabled(tag: Tag) -> bool:
    return tag.has_attr("disabled") or tag.find_parent("fieldset", disabled=True) is not None


def _in_order(controls: Iterable[Tag]) -> list[str]:
    return list(dict.fromkeys(str(tag["name"]) for tag in controls))


def _named(controls: Iterable[Tag], name: str) -> list[Tag]:
    return [tag for tag in controls if tag["name"] == name]


def _pressed(page: BeautifulSoup, form: Tag, button: str | None) -> Tag | None:
    """The button called by its words, its name or `name=value`; else the first, as the Enter key does."""
    inside = [tag for tag in form.find_all(["button", "input"]) if _submits(tag)]
    outside = [tag for tag in page.select(f'[form="{form["id"]}"]') if _submits(tag)] if form.get("id") else []
    buttons = inside + outside
    if button is None:
        return buttons[0] if buttons else None
    called = [tag for tag in buttons if button in _calls(tag)]
    assert called, f"no button {button!r} in this form, which has {[sorted(_calls(tag)) for tag in buttons]}"
    return called[0]


def _submits(tag: Tag) -> bool:
    default = "submit" if tag.name == "button" else "text"
    return tag.get("type", default) == "submit" and not tag.has_attr("disabled")


def _calls(tag: Tag) -> set[str]:
    said = words(tag) if tag.name == "button" else str(tag.get("value", ""))
    return {said, str(tag.get("name", "")), f"{tag.get('name')}={tag.get('value', '')}"} - {""}


def _sent(name: str, tags: list[Tag], fields: Mapping[str, Any]) -> Pairs:
    kept = [(name, value) for tag in tags for value in _held(tag)]
    if name not in fields:
        return kept
    return [(name, value) for value in _typed(name, tags, fields[name])]


def _held(tag: Tag) -> list[str]:
    if tag.name == "textarea":
        return [tag.get_text()]
    if tag.name == "select":
        return _selected(tag)
    if tag.get("type") in {"checkbox", "radio"}:
        return [str(tag.get("value", "on"))] if tag.has_attr("checked") else []
    return [] if tag.get("type") == "file" else [str(tag.get("value", ""))]


def _selected(tag: Tag) -> list[str]:
    options = [option for option in tag.find_all("option") if not option.has_attr("disabled")]
    chosen = [option for option in options if option.has_attr("selected")]
    if not chosen and not tag.has_attr("multiple"):
        chosen = options[:1]
    return [_value(option) for option in chosen]


def _typed(name: str, tags: list[Tag], value: Any) -> list[Any]:
    if value is None or value is False:
        return []
    choices = [choice for tag in tags for choice in _choices(tag)]
    if value is True:
        assert len(choices) == 1, f"{name} is not one box: it offers {choices}"
        return choices
    values = list(value) if isinstance(value, list | set | frozenset) else [value]
    wrong = [item for item in values if choices and str(item) not in choices]
    assert not wrong, f"{name} does not offer {wrong}; it offers {choices}"
    return [item if isinstance(item, tuple) else str(item) for item in values]


def _choices(tag: Tag) -> list[str]:
    if tag.name == "select":
        return [_value(option) for option in tag.find_all("option")]
    return [str(tag.get("value", "on"))] if tag.get("type") in {"checkbox", "radio"} else []


def _value(option: Tag) -> str:
    return str(option["value"]) if option.has_attr("value") else words(option)
