"""Cisco ASA, 8.4 and later, as an IKEv1 peer of LAN-to-LAN tunnels."""

from gwsim.vendors.asa.behaviour import BEHAVIOUR, DEFAULTS
from gwsim.vendors.asa.config_reader import CONFIG_TEXT
from gwsim.vendors.asa.log import format_line, log
from gwsim.vendors.asa.proven import PROVEN
from gwsim.vendors.asa.show import COMMANDS, COMPLAINTS, PARAMETRIC, prompt
from gwsim.vendors.asa.states import STATE_WORDS, state_word
from gwsim.vendors.asa.words import BELIEVED
from gwsim.vendors.vendor import Vendor

VENDOR = Vendor(
    name="asa",
    title="Cisco ASA",
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
"""What the registry knows of an ASA."""
