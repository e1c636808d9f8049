"""Fortinet FortiGate, FortiOS 6.4 to 7.2, as an IKEv1 peer with route-based tunnels."""

from gwsim.vendors.fortios.behaviour import BEHAVIOUR, DEFAULTS
from gwsim.vendors.fortios.config_reader import CONFIG_TEXT
from gwsim.vendors.fortios.log import format_line, log
from gwsim.vendors.fortios.proven import PROVEN
from gwsim.vendors.fortios.show import COMMANDS, PARAMETRIC, prompt
from gwsim.vendors.fortios.states import STATE_WORDS, state_word
from gwsim.vendors.fortios.words import BELIEVED, COMPLAINTS
from gwsim.vendors.vendor import Vendor

VENDOR = Vendor(
    name="fortios",
    title="Fortinet FortiGate",
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
"""What the registry knows of a FortiGate."""
