"""Articles about states, in the vendors' words or the engine's."""

from collections.abc import Mapping, Sequence

from gwsim.ike.states import State
from gwsim.lab.diagnose.knowledge import kept_pairs
from gwsim.lab.diagnose.resting import faults_ending_in
from gwsim.lab.expectations import NEUTRAL_STATES
from gwsim.lab.explain.article import Article, Section
from gwsim.lab.explain.examples import showing_state
from gwsim.lab.explain.source import folder_of, templates
from gwsim.lab.explain.steps import Rest, code, contents, rests
from gwsim.lab.load import Loaded
from gwsim.vendors.vendor import Vendor
from gwsim.wire.labels import describe


def state_articles(
    word: str, vendors: Mapping[str, Vendor], library: Sequence[Loaded]
) -> list[Article]:
    """Give an article for every place where a negotiation rests and which the word names."""
    found = [rest for rest in rests() if _names(rest, word, vendors)]
    articles = [_article(rest, vendors, library) for rest in found]
    if word in NEUTRAL_STATES:
        examples = Section("scenarios", showing_state(library, frozenset({word})))
        meaning = Section("true while", (NEUTRAL_STATES[word],))
        articles.append(Article("state of no vendor", word, (meaning, examples)))
    return articles


def state_words(vendors: Mapping[str, Vendor]) -> set[str]:
    """List all words for states there are."""
    words = {word for vendor in vendors.values() for word in vendor.state_words}
    return words | set(State.__members__) | set(NEUTRAL_STATES)


def _names(rest: Rest, word: str, vendors: Mapping[str, Vendor]) -> bool:
    return word == rest.state.value or word in _words(rest, vendors).values()


def _words(rest: Rest, vendors: Mapping[str, Vendor]) -> dict[str, str | None]:
    return {
        name: vendor.state_word(rest.state, rest.exchange.name) for name, vendor in vendors.items()
    }


def _shown(vendor: Vendor, word: str | None) -> str:
    """Give a vendor's word and the line of its table on which it stands."""
    if word is None:
        return vendor.unseen or "nothing"
    texts = templates(folder_of(vendor.state_word))
    places = [text.place for text in texts if text.text == word]
    return f"{word}  {places[0]}" if places else word


def _article(rest: Rest, vendors: Mapping[str, Vendor], library: Sequence[Loaded]) -> Article:
    words = _words(rest, vendors)
    known = frozenset({rest.state.value, *(word for word in words.values() if word)})
    shown = [f"{name}: {_shown(vendors[name], word)}" for name, word in words.items()]
    sections = [Section("what each vendor calls it", tuple(shown))]
    if rest.awaited is None:
        sections.append(Section("awaits", ("nothing: the exchange is finished",)))
    else:
        label = rest.awaited.label
        sections += [
            Section("awaits", (f"{label}: {describe(label)}", *contents(rest.awaited))),
            Section("code", code(rest.awaited)),
        ]
    sections.append(Section("faults that end there", _faults(rest)))
    sections.append(Section("scenarios", showing_state(library, known)))
    title = f"{rest.state.value}, {rest.role.value} of {rest.exchange.name} mode"
    return Article("state", title, tuple(sections))


def _faults(rest: Rest) -> tuple[str, ...]:
    """List the faults of the computed matrix that leave a negotiation here."""
    if not kept_pairs():
        return ("not computed yet; `gwsim diagnose` does it for the vendors it is told",)
    return faults_ending_in(rest.state, rest.role)
