"""Drawings as SVG elements: a thin layer over ElementTree, which escapes whatever it is given."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from markupsafe import Markup


def drawing(kind: str, **attributes: object) -> Element:
    """Begin a drawing that a screen reader passes over; the page says the same in words."""
    return Element("svg", _written({"class": kind, "aria_hidden": "true", **attributes}))


def picture(kind: str, width: int, height: int, words: str) -> Element:
    """Begin a picture that is scaled as a whole; `words` describe it to those who do not see it."""
    box = f"0 0 {width} {height}"
    return Element("svg", {"class": kind, "viewBox": box, "role": "img", "aria-label": words})


def shape(parent: Element, tag: str, kind: str = "", **attributes: object) -> Element:
    """Add a shape; underscores in names of attributes are dashes."""
    given = {"class": kind, **attributes} if kind else attributes
    return SubElement(parent, tag, _written(given))


def text(parent: Element, x: object, y: object, words: str, kind: str = "") -> Element:
    """Add a line of text; `kind` says how it looks and where its anchor is."""
    added = shape(parent, "text", kind, x=x, y=y)
    added.text = words
    return added


def titled(parent: Element, words: str) -> None:
    """Say what a shape is to whoever rests a pointer on it."""
    SubElement(parent, "title").text = words


def markup(drawn: Element) -> Markup:
    """Write a drawing into a page; its text was escaped on the way."""
    return Markup(ElementTree.tostring(drawn, encoding="unicode"))


def percent(value: float) -> str:
    """Write a place or a length as a share of the whole, in percent."""
    return f"{value:.3f}%"


def _written(attributes: dict[str, object]) -> dict[str, str]:
    return {name.replace("_", "-"): _number(value) for name, value in attributes.items()}


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
