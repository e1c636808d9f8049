"""Nortel Contivity, known by what it does on the wire and by nothing else.

No capture of its screens and no catalogue of its messages was at hand, so it has neither commands
nor a log; its states go by the engine's own words.
"""

from gwsim.vendors.contivity.behaviour import BEHAVIOUR, DEFAULTS
from gwsim.vendors.contivity.proven import PROVEN
from gwsim.vendors.contivity.views import UNSEEN, format_line, log, prompt, state_word
from gwsim.vendors.vendor import Vendor

VENDOR = Vendor(
    name="contivity",
    title="Nortel Contivity",
    behaviour=BEHAVIOUR,
    defaults=DEFAULTS,
    state_words=(),
    state_word=state_word,
    commands={},
    log=log,
    format_line=format_line,
    prompt=prompt,
    proven=PROVEN,
    unseen=UNSEEN,
)
"""What the registry knows of a Contivity."""
