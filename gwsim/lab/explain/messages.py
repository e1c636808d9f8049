"""Articles about messages by their labels."""

from collections.abc import Sequence

from gwsim.lab.explain.article import Article, Section
from gwsim.lab.explain.examples import speaking_of_label
from gwsim.lab.explain.steps import EXCHANGES, code, contents, rests
from gwsim.lab.load import Loaded
from gwsim.wire.labels import LABELS, describe


def message_articles(word: str, library: Sequence[Loaded]) -> list[Article]:
    """Give the article about the message of a label, if the word is one."""
    if word not in LABELS:
        return []
    sections = [Section("what it is", (describe(word),))]
    for exchange in EXCHANGES:
        for step in exchange.steps:
            if step.label == word:
                sections.append(Section(f"the {step.sender.value} sends it", contents(step)))
                sections.append(Section("code", code(step)))
    waiting = [
        f"{rest.state.value} ({rest.role.value})"
        for rest in rests()
        if rest.awaited is not None and rest.awaited.label == word
    ]
    sections.append(Section("who waits for it", tuple(waiting)))
    sections.append(Section("scenarios", speaking_of_label(library, word)))
    return [Article("message", word, tuple(sections))]
