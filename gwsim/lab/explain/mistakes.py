"""Articles about faults, out of the catalogue."""

from collections.abc import Sequence

from gwsim.lab.explain.article import Article, Section
from gwsim.lab.explain.examples import having_fault
from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.load import Loaded


def fault_articles(word: str, library: Sequence[Loaded]) -> list[Article]:
    """Give the article about a fault, if the word names one."""
    fault = CATALOGUE.get(word)
    if fault is None:
        return []
    sections = (
        Section("cause", (fault.cause,)),
        Section("signs", fault.signs),
        Section("repair", (fault.repair,)),
        Section("scenarios", having_fault(library, word)),
    )
    return [Article(f"{fault.kind.value} fault", f"{fault.name}: {fault.title}", sections)]
