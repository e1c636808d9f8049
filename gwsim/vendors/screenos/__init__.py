"""Juniper NetScreen with ScreenOS 5 or 6, as an IKEv1 peer of policy-based VPNs."""

from gwsim.vendors.screenos.behaviour import BEHAVIOUR, DEFAULTS
from gwsim.vendors.screenos.config_reader import CONFIG_TEXT
from gwsim.vendors.screenos.log import format_line, log
from gwsim.vendors.screenos.proven import PROVEN
from gwsim.vendors.screenos.show import COMMANDS, COMPLAINTS, PARAMETRIC, prompt
from gwsim.vendors.screenos.states import STATE_WORDS, state_word
from gwsim.vendors.screenos.words import BELIEVED
from gwsim.vendors.vendor import Vendor

VENDOR = Vendor(
    name="screenos",
    title="Juniper NetScreen (ScreenOS)",
    behaviour=BEHAVIOUR,
    defaults=DEFAULTS,
    state_words=STATE_WORDS,
    state_word=state_word,
    commands=COMMANDS,
    log=log,
    format_line=format_line,
    prompt=prompt,
    believed=BELIEVED,
    proven=PROVEN,
    parametric=PARAMETRIC,
    complaints=COMPLAINTS,
    config_text=CONFIG_TEXT,
)
"""What the registry knows of a NetScreen."""
