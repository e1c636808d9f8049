"""The tables of `docs/peers.md`, from what was found."""

from collections.abc import Iterable, Mapping
from textwrap import fill

from tests.peers.arena import REFERENCE
from tests.peers.explanations import EXPLANATIONS, keys_for
from tests.peers.faults import FAULTS, Conduct

_BEGIN, _END = "<!-- found: begin -->\n", "<!-- found: end -->\n"
_HEAD = (
    "| fault | strongSwan in our place | ASA | IOS | NetScreen | FortiGate |\n"
    "|---|---|---|---|---|---|\n"
)
_WHO = {"west": "This end begins", "east": "The peer begins"}


def differences(
    vendor: str, name: str, initiator: str, reference: Conduct, conduct: Conduct
) -> str:
    """Say in a cell what a vendor does otherwise, and by which habits."""
    found = reference.differences(conduct)
    if not found:
        return "the same"
    keys = sorted({key for field in found for key in keys_for(vendor, name, initiator, field)})
    told = ", ".join(f"{field} {words}" for field, words in found.items())
    return f"{told} [{', '.join(keys)}]"


def rows_of(
    name: str, initiator: str, conducts: Mapping[str, Conduct], vendors: Iterable[str]
) -> str:
    """Write the row of one case."""
    reference = conducts[REFERENCE]
    cells = [differences(v, name, initiator, reference, conducts[v]) for v in vendors]
    return f"| {' | '.join([FAULTS[name].title, str(reference), *cells])} |\n"


def written(text: str, found: Mapping[tuple[str, str], str]) -> str:
    """Put all rows and explanations where they belong in the document."""
    parts = []
    for initiator, title in _WHO.items():
        rows = [row for (who, _), row in found.items() if who == initiator]
        parts.append(f"### {title}\n\n{_HEAD}{''.join(rows)}")
    habits = [_wrapped(one.key, one.text) for one in EXPLANATIONS]
    parts.append(f"### Habits\n\n{''.join(habits)}")
    before, _, rest = text.partition(_BEGIN)
    after = rest.partition(_END)[2]
    return f"{before}{_BEGIN}\n{chr(10).join(parts)}\n{_END}{after}"


def _wrapped(key: str, text: str) -> str:
    return fill(f"* **{key}** {text}", 110, subsequent_indent="  ") + "\n"
