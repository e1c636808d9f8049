"""From a word to everything that is known about it."""

import re
from collections.abc import Mapping, Sequence

from gwsim.lab.explain.article import Article
from gwsim.lab.explain.lines import line_articles
from gwsim.lab.explain.messages import message_articles
from gwsim.lab.explain.mistakes import fault_articles
from gwsim.lab.explain.notifies import flaw_articles, notify_articles, spelling
from gwsim.lab.explain.states import state_articles, state_words
from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.load import Loaded
from gwsim.lab.nearest import hint
from gwsim.vendors.vendor import Vendor
from gwsim.wire.labels import LABELS
from gwsim.wire.numbers import NotifyType

_TAGGED = re.compile(r"%?[A-Za-z]+-\d-(\d+):?")


def explain(
    word: str, vendors: Mapping[str, Vendor], library: Sequence[Loaded] = ()
) -> list[Article]:
    """Give all articles about a word; `library` are the scenarios that examples come from.

    Case does not matter. Only a word that names nothing is looked for in log lines.
    """
    exact = _exact(word.strip(), vendors)
    articles = [
        *state_articles(exact, vendors, library),
        *message_articles(exact, library),
        *fault_articles(exact, library),
        *notify_articles(exact, vendors),
        *flaw_articles(exact, vendors),
    ]
    return articles or line_articles(_number(word.strip()), vendors, library)


def suggestion(word: str, vendors: Mapping[str, Vendor]) -> str:
    """Give `; did you mean ...?` for a word that names nothing, "" where none is near."""
    return hint(word, _known(vendors))


def _exact(word: str, vendors: Mapping[str, Vendor]) -> str:
    folded = {known.lower(): known for known in _known(vendors)}
    return folded.get(word.lower(), word)


def _number(word: str) -> str:
    """Give the number of a message alone: `%ASA-5-713119` is 713119."""
    found = _TAGGED.fullmatch(word)
    return found[1] if found else word


def _known(vendors: Mapping[str, Vendor]) -> tuple[str, ...]:
    notifies = (spelling(notify) for notify in NotifyType)
    return (*sorted(state_words(vendors)), *LABELS, *CATALOGUE, *notifies)
