"""Articles about notifies and about the flaws they answer."""

from collections.abc import Iterable, Mapping

from gwsim.ike.flaws import TABLE, Answer, Flaw
from gwsim.lab.explain.article import Article, Section
from gwsim.lab.explain.source import uses
from gwsim.vendors.vendor import Vendor
from gwsim.wire.numbers import NotifyType

_ANSWERS: dict[Answer, str] = {
    Answer.SILENCE: "says nothing",
    Answer.CLEAR: "answers in the clear",
    Answer.PROTECTED: "answers encrypted, or not at all without keys",
    Answer.BEST: "answers encrypted, without keys in the clear",
}


def spelling(notify: NotifyType) -> str:
    """Write a notify's name as the RFC does: NO-PROPOSAL-CHOSEN."""
    return notify.name.replace("_", "-")


def notify_articles(word: str, vendors: Mapping[str, Vendor]) -> list[Article]:
    """Give the article about a notify, named or numbered, if the word is one."""
    wanted = word.upper().replace("_", "-").replace(" ", "-")
    return [
        _notify(notify, vendors)
        for notify in NotifyType
        if wanted in (spelling(notify), str(notify.value))
    ]


def flaw_articles(word: str, vendors: Mapping[str, Vendor]) -> list[Article]:
    """Give the article about something a peer does wrong, by its name or its words."""
    wanted = word.upper().replace("-", "_").replace(" ", "_")
    return [
        Article("flaw", flaw.value, (*_flaw(flaw, vendors),))
        for flaw in Flaw
        if wanted == flaw.name or word.lower() == flaw.value.lower()
    ]


def _notify(notify: NotifyType, vendors: Mapping[str, Vendor]) -> Article:
    flaws = [flaw for flaw, row in TABLE.items() if row.notify == notify]
    sections: list[Section] = []
    for flaw in flaws:
        sections += _flaw(flaw, vendors)
    places = Section("code", _lines(uses("ike", "NotifyType", notify.name)))
    title = f"{spelling(notify)}, number {notify.value}"
    return Article("notify", title, (*sections, places))


def _flaw(flaw: Flaw, vendors: Mapping[str, Vendor]) -> Iterable[Section]:
    row = TABLE[flaw]
    answers = {name: v.behaviour.reactions.get(flaw, row.answer) for name, v in vendors.items()}
    name = spelling(row.notify) if row.notify is not None else "no notify"
    yield Section(
        f"answers: {flaw.value}",
        (
            f"notify: {name}",
            *(f"{vendor} {_ANSWERS[answer]}" for vendor, answer in answers.items()),
            "the negotiation is abandoned" if row.fatal else "the negotiation goes on",
            *_lines(uses("ike", "Flaw", flaw.name)),
        ),
    )


def _lines(places: Iterable[object]) -> tuple[str, ...]:
    return tuple(str(place) for place in places if "flaws.py" not in str(place))
