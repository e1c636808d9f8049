"""What a person reads of a capture."""

from gwsim.capture.reading.dialogue import FIRST_ROWS, LAST_ROWS
from gwsim.capture.reading.text import dialogue_text, outline_text
from gwsim.wire.numbers import ExchangeType
from gwsim.wire.payloads import Attribute
from tests.capture.messages import clear, encrypted, packet
from tests.capture.reading.files import pcap
from tests.capture.reading.stories import outline_of, read_with
from tests.capture.reading.test_terms import phase1
from tests.path.packets import BRANCH, HQ
from tests.wire.captures import CHECK_POINT_MAIN_2

number = Attribute.number
AES = (number(1, 7), number(14, 256), number(2, 2), number(4, 2), number(3, 1))


def lines(text, title):
    """The lines beside a title, joined."""
    found, inside = [], False
    for line in text.splitlines():
        inside = line.startswith(title) or (inside and line.startswith("   "))
        if inside:
            found.append(line.removeprefix(title).strip())
    return " ".join(found)


def test_a_story_with_different_keys():
    text = outline_text(outline_of("phase1/psk-mismatch"))
    assert text.startswith("8 frames in 24.0 s from 2026-03-02 09:00:01 UTC on\n")
    assert "    24.040   |------- main-5        136 B -------->|  *  (again 3)" in text
    assert "Cisco Unity" in lines(text, "vendor IDs")
    offered = "offered 1: AES-256, SHA-1, group 2 (MODP-1024), pre-shared key, 86400 s"
    assert lines(text, "phase 1") == f"{offered} chosen: offer 1"
    assert lines(text, "outcome").startswith(
        "it stops after main-5, sent 4 times"
        " by the protocol that is: initiator in MAIN_WAIT_6, responder in MAIN_WAIT_5"
    )
    assert max(map(len, text.splitlines())) <= 100


def test_a_story_with_keys_names_what_was_encrypted():
    text = outline_text(outline_of("phase2/pfs-only-screenos-asa-initiates", keys=True))
    assert "203.0.113.1: NO-PROPOSAL-CHOSEN, encrypted, 4 times" in text
    assert "198.51.100.1: delete of ISAKMP SAs, encrypted" in text
    assert "the last attempt of 4, as all others: it stops after quick-1" in text
    assert "no PFS" in lines(text, "phase 2")


def test_without_keys_encrypted_notifies_are_counted():
    text = outline_text(outline_of("phase2/pfs-only-screenos-asa-initiates"))
    assert "203.0.113.1: encrypted, unreadable without keys, 4 times" in text


def exchange(offer, *choice):
    """main-1 and main-2 with these SA payloads."""
    heard = [(1.0, packet(clear((offer,), bytes(8))))]
    heard += [(2.0, packet(clear((sa,)), BRANCH, HQ)) for sa in choice]
    return outline_text(read_with(pcap(heard)))


def test_a_choice_with_another_lifetime_is_named():
    hour, day = (number(11, 1), number(12, 3600)), (number(11, 1), number(12, 28800))
    text = exchange(phase1(*AES, *day), phase1(*AES, *hour))
    assert "chosen: offer 1, but with another lifetime: 28800 s and 3600 s" in text


def test_a_choice_that_was_not_offered_is_told_with_what_differs():
    text = exchange(phase1(*AES), phase1(number(1, 5), *AES[2:]))
    assert "chosen: 3DES, SHA-1, group 2 (MODP-1024), pre-shared key, which was not offered" in text
    assert "(encryption: AES-256 and 3DES)" in text


def test_two_ends_that_offer_different_things_are_compared():
    mine, theirs = clear((phase1(*AES),), bytes(8)), clear((phase1(*AES[:3], *AES[4:]),), bytes(8))
    theirs = theirs.replace(b"initiate", b"the-peer")
    heard = [(1.0, packet(mine)), (2.0, packet(theirs, BRANCH, HQ))]
    text = outline_text(read_with(pcap(heard)))
    assert f"group: group 2 (MODP-1024) and no group ({HQ} and {BRANCH})" in text


def test_rows_that_are_left_out_are_counted_where_they_were():
    heard = [
        (float(n), packet(encrypted(64, ExchangeType.INFORMATIONAL, n + 1))) for n in range(400)
    ]
    text = outline_text(read_with(pcap(heard)))
    assert f"...   {400 - FIRST_ROWS - LAST_ROWS} rows are left out here" in text
    assert text.count("time   198.51.100.1") == 1
    assert "   399.000   |" in text


def test_packets_seen_twice_are_said():
    heard = [(1.0, packet(clear((phase1(*AES),), bytes(8))))] * 2
    assert "1 packets seen twice, counted once" in outline_text(read_with(pcap(heard)))


def test_a_narrow_page_is_kept():
    text = outline_text(outline_of("healthy/behind-nat"), 80)
    assert max(len(line) for line in text.splitlines() if not line.startswith("  ")) <= 80


def test_identities_and_proxy_ids_are_told_when_they_can_be_read():
    text = outline_text(outline_of("healthy/aggressive", keys=True))
    assert "calls itself" in lines(text, "identities")
    assert "between 10.1.0.0/24 and 10.2.0.0/24" in lines(text, "phase 2")


def test_a_choice_without_its_offer_is_told():
    text = outline_text(read_with(pcap([(1.0, packet(CHECK_POINT_MAIN_2, BRANCH, HQ))])))
    assert "3DES, SHA-1, group 2 (MODP-1024), RSA signatures, 28800 s" in lines(text, "phase 1")
    assert "the offer is not in the capture" in lines(text, "phase 1")
    assert lines(text, "vendor IDs") == "203.0.113.1: Check Point VPN-1"
    assert lines(text, "NAT") == "203.0.113.1 does not announce NAT traversal"


def test_what_devices_show_stands_beside_the_states():
    [dialogue] = outline_of("phase1/psk-mismatch").dialogues
    text = dialogue_text(dialogue, 0.0, shown=lambda end, state, mode: f"{mode} at {end}")
    assert "initiator in MAIN_WAIT_6 (main mode at 198.51.100.1)" in " ".join(text.split())
