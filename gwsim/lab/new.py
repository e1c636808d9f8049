"""A scenario to start from: two gateways of chosen vendors, a tunnel, and comments that teach.

The text loads and passes as it stands; what the gateways are expected to show is asked of their
vendors, so that the words are right for each.
"""

from gwsim.ike.states import State
from gwsim.vendors.registry import VENDORS

_TEMPLATE = """\
# yaml-language-server: $schema={schema}
#
# A lab of two VPN gateways. Check it:  gwsim validate {name}.yaml
#                            Run it:    gwsim run {name}.yaml
#                            Watch it:  gwsim trace {name}.yaml
# Durations carry units: 250ms, 90s, 2m, 1h30m. Whatever is left out is the vendor's own default.

name: {name}
title: {first_title} and {second_title} bring up a tunnel
level: beginner            # beginner, intermediate or advanced
story: >
  Tell here what the person in front of the gateways knows, and no more.

gateways:
  hq:
    vendor: {first}
    outside: 198.51.100.1
    inside: 10.1.0.0/24                # one network or a list
    hosts: {{server: 10.1.0.10}}
  branch:
    vendor: {second}
    outside: 203.0.113.1
    inside: 10.2.0.0/24
    hosts: {{pc: 10.2.0.10}}
    # behind_nat: {{public: 203.0.113.1}}   # then `outside` is a private address

tunnels:
  - between: [hq, branch]
    psk: correct horse battery staple
    phase1: {{encryption: aes-256, hash: sha1, group: 2, lifetime: 24h}}
    phase2: {{encryption: aes-256, integrity: sha1, lifetime: 1h}}
    pfs: none                          # or a group, such as group14
    # What one end alone has stands under its name:
    # branch: {{pfs: group2}}

# What lies between them; without it 5 ms over each line and nothing is lost.
# internet: {{latency: 20ms, loss: 1%}}

# Take the `#` away and the tunnel fails. `gwsim faults` lists all of them.
faults:
  # - psk-mismatch: {{at: branch}}
  # - drop: the 2nd quick-2

timeline:
  - {{at: 1s, ping: {{from: hq.server, to: branch.pc, count: 5}}}}

expect:
  - at: 10s
    hq: {{role: initiator, state: {first_up}}}
    branch: {{role: responder, state: {second_up}}}
    traffic: both
  - always: true
    wire: {{main-1: "<= 1"}}           # nothing had to be repeated
"""


def new_scenario(
    name: str, first: str = "asa", second: str = "screenos", schema: str = "scenario.schema.json"
) -> str:
    """Give the text of a commented scenario.

    `first` and `second` are vendors of the registry (KeyError for another), `schema` is where
    the editor finds the JSON Schema, seen from the file.
    """
    ours, theirs = VENDORS[first], VENDORS[second]
    up = str(State.ESTABLISHED)
    return _TEMPLATE.format(
        name=name,
        schema=schema,
        first=first,
        second=second,
        first_title=ours.title,
        second_title=theirs.title,
        first_up=ours.state_word(up, "main") or "up",
        second_up=theirs.state_word(up, "main") or "up",
    )
