"""Cisco PIX 6.3: a firewall with the IKE of a router, its names of states and its own screens."""

from gwsim.vendors.ios.pix.behaviour import BEHAVIOUR, DEFAULTS
from gwsim.vendors.ios.pix.config_reader import CONFIG_TEXT
from gwsim.vendors.ios.pix.log import format_line, log
from gwsim.vendors.ios.pix.proven import PROVEN
from gwsim.vendors.ios.pix.show import COMMANDS, COMPLAINTS, prompt
from gwsim.vendors.ios.pix.words import BELIEVED
from gwsim.vendors.ios.states import STATE_WORDS, state_word
from gwsim.vendors.vendor import Vendor

VENDOR = Vendor(
    name="pix",
    title="Cisco PIX 6",
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
    complaints=COMPLAINTS,
    config_text=CONFIG_TEXT,
)
"""What the registry knows of a PIX."""
