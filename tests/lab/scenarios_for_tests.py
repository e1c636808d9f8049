"""Scenario texts that the tests of the lab vary."""

TWO_ASAS = """\
name: two-asas
title: Two ASAs
gateways:
  hq:     {vendor: asa, outside: 198.51.100.1, inside: 10.1.0.0/24, hosts: {server: 10.1.0.10}}
  branch: {vendor: asa, outside: 203.0.113.1, inside: 10.2.0.0/24, hosts: {pc: 10.2.0.10}}
tunnels:
  - between: [hq, branch]
    psk: correct horse battery staple
    phase1: {encryption: aes-256, hash: sha1, group: 2}
    phase2: {encryption: aes-256, integrity: sha1}
timeline:
  - {at: 1s, ping: {from: hq.server, to: branch.pc}}
expect:
  - at: 10s
    hq: {state: ESTABLISHED}
"""


def varied(*changes: tuple[str, str], text: str = TWO_ASAS) -> str:
    """Give the text with pieces replaced; a piece that is not there is a mistake of the test."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def with_fault(fault: str, *changes: tuple[str, str]) -> str:
    """Give the text with a fault in it."""
    return varied(("timeline:\n", f"faults:\n  - {fault}\ntimeline:\n"), *changes)
