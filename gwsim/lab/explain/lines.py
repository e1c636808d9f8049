"""Articles about lines of a vendor's log: where they are made and which scenarios show them."""

from collections.abc import Mapping, Sequence

from gwsim.lab.explain.article import Article, Section
from gwsim.lab.explain.examples import showing_line
from gwsim.lab.explain.source import Template, folder_of, templates
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
    for vendor in vendors.values():
        found = [text for text in _texts(vendor, vendors) if text.mentions(word)]
        if found:
            articles.append(_article(word, vendor, found, library))
    return articles


def _texts(vendor: Vendor, vendors: Mapping[str, Vendor]) -> list[Template]:
    """List the texts in a vendor's folder, but not those of another that has a part of it."""
    own = folder_of(vendor.log)
    homes = {folder_of(other.log) for other in vendors.values()}
    foreign = tuple(f"gwsim/{home}/" for home in homes if home.startswith(f"{own}/"))
    return [text for text in templates(own) if not text.place.file.startswith(foreign)]


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
