"""Articles about lines of a vendor's log: where they are made and which scenarios show them."""

from collections.abc import Mapping, Sequence

from gwsim.lab.explain.article import Article, Section
from gwsim.lab.explain.examples import showing_line
from gwsim.lab.explain.source import Template, templates
from gwsim.lab.load import Loaded
from gwsim.vendors.vendor import Vendor

SHORTEST = 4
"""How many characters of a line must be known."""

_MOST = 12


def line_articles(
    word: str, vendors: Mapping[str, Vendor], library: Sequence[Loaded]
) -> list[Article]:
    """Give an article for each vendor whose source has a text that the word is a part of."""
    if len(word) < SHORTEST:
        return []
    articles = []
    for name, vendor in vendors.items():
        found = [text for text in templates(f"vendors/{name}") if text.mentions(word)]
        if found:
            articles.append(_article(word, vendor, found, library))
    return articles


def _article(
    word: str, vendor: Vendor, found: list[Template], library: Sequence[Loaded]
) -> Article:
    made = [f"{text.place}  {text.text.strip()}" for text in found[:_MOST]]
    if len(found) > _MOST:
        made.append(f"... and {len(found) - _MOST} more places")

    def matches(line: str) -> bool:
        wanted, said = word.lower(), line.lower()
        return bool(said) and (wanted in said or said in wanted)

    examples = showing_line(library, matches)
    sections = (Section("made here", tuple(made)), Section("scenarios", examples))
    return Article(f"words of {vendor.title}", repr(word), sections)
