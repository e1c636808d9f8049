"""`debug ike detail`: the work on Diffie-Hellman values, which is done beside the main loop.

A NetScreen keeps key pairs in store. Each message with a public value takes one, and a second
later, one after the other, the store is filled again; the shared secret is another such job. What
the job lines print of a number is its beginning, of which ours shows public values only.
"""

from collections.abc import Iterator

from gwsim.ike.events import Event
from gwsim.vendors.screenos.story import Entry, Story
from gwsim.wire.numbers import Group
from gwsim.wire.payloads import KeyExchange, Payload

REFILL = 1.0
"""Seconds until a key pair that was taken is made anew."""

_SHOWN = 12
_WORD = 4
# Octets of a public value, by group.
_PUBLIC: dict[int, int] = {
    Group.MODP_768: 96,
    Group.MODP_1024: 128,
    Group.MODP_1536: 192,
    Group.MODP_2048: 256,
}


def consumed(
    story: Story, event: Event, group: int, who: str, payloads: tuple[Payload, ...]
) -> Iterator[Entry]:
    """Tell that a key pair is taken for a message; `who` is the phase and role of the taker."""
    yield story.box(event, f"dh group {group}")
    yield story.tag(event, f"DH_BG_consume OK. {who}")
    story.refilled = max(event.at, story.refilled) + REFILL
    size = _PUBLIC.get(group, 0)
    lines = [story.box(event, f"dh group {group}"), *_job(story, event, group, payloads)]
    lines.append(story.box(event, f"BN, top32 dmax{size // 2} zero"))
    story.delay(story.refilled, lines)


def secret_computed(
    story: Story, event: Event, group: int, payloads: tuple[Payload, ...]
) -> Iterator[Entry]:
    """Tell that the job for the shared secret is done; `payloads` hold the peer's public value."""
    yield from _job(story, event, group, payloads)


def _job(story: Story, event: Event, group: int, payloads: tuple[Payload, ...]) -> Iterator[Entry]:
    size = _PUBLIC.get(group, 0)
    yield story.box(event, f"finished job pkaidx <0> dh_len<{size}> dmax<{size // 2}>")
    for payload in payloads:
        if isinstance(payload, KeyExchange):
            shown = payload.data[:_SHOWN]
            words = (shown[at : at + _WORD].hex() for at in range(0, len(shown), _WORD))
            yield story.box(event, "finished job d" + "".join(f"<{word}>" for word in words))
