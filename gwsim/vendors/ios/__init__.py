"""Cisco IOS, 12.4T to 15.x, as an IKEv1 peer with a crypto map."""

from gwsim.vendors.ios.behaviour import BEHAVIOUR, DEFAULTS
from gwsim.vendors.ios.config_reader import CONFIG_TEXT
from gwsim.vendors.ios.log import format_line, log
from gwsim.vendors.ios.proven import PROVEN
from gwsim.vendors.ios.show import COMMANDS, COMPLAINTS, prompt
from gwsim.vendors.ios.states import STATE_WORDS, state_word
from gwsim.vendors.ios.words import BELIEVED
from gwsim.vendors.vendor import Vendor

VENDOR = Vendor(
    name="ios",
    title="Cisco IOS",
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
"""What the registry knows of a router."""
