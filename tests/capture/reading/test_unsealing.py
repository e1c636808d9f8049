"""Encrypted messages open with exported keys, also those sent again; wrong keys open nothing."""

import pytest

from gwsim.capture.reading.unsealing import KeyTableError, parse_table
from tests.capture.reading.stories import capture_of, dialogue_of, keys_of, read_with


def texts(dialogue):
    return [row.payloads for row in dialogue.rows[0] if row.label not in ("esp", "keepalive")]


@pytest.mark.parametrize(
    "story",
    [
        "healthy/asa-screenos",
        "healthy/aggressive",
        "healthy/behind-nat",
        "life/rekey",
        "life/dead-peer",
        "phase1/main-6-lost-once",
        "phase2/proxy-id-not-mirrored",
    ],
)
def test_with_its_keys_nothing_of_a_story_stays_closed(story):
    assert any(text == "*" for text in texts(dialogue_of(story)))
    assert not [text for text in texts(dialogue_of(story, keys=True)) if text in ("*", "")]


def test_messages_sent_again_are_read_like_the_first():
    found = texts(dialogue_of("phase1/psk-mismatch", keys=True))
    assert found[4:] == [found[4]] * 4
    assert found[4].startswith("* ID HASH")


def test_notifies_and_proposals_under_encryption_are_learnt():
    story = "phase2/pfs-only-screenos-asa-initiates"
    attempt = next(iter(dialogue_of(story, keys=True).attempts.values()))
    assert "quick-1" in attempt.offers
    assert not [said for said in attempt.said if said.clear]
    assert attempt.said


def test_wrong_keys_open_nothing_and_break_nothing():
    story = "healthy/asa-screenos"
    wrong = {cookie: bytes(len(key)) for cookie, key in keys_of(story).items()}
    [dialogue] = read_with(capture_of(story, "hq-outside"), wrong).dialogues
    assert texts(dialogue) == texts(dialogue_of(story))


def test_keys_of_an_impossible_length_open_nothing():
    story = "healthy/asa-screenos"
    wrong = dict.fromkeys(keys_of(story), b"seven!!")
    [dialogue] = read_with(capture_of(story, "hq-outside"), wrong).dialogues
    assert texts(dialogue) == texts(dialogue_of(story))


def test_a_table_is_read_as_wireshark_writes_it():
    text = '# a comment\n\n0102030405060708,aabb\n"0x1112131415161718" , "0xCCDD"\n'
    assert parse_table(text) == {
        bytes(range(1, 9)): b"\xaa\xbb",
        bytes(range(0x11, 0x19)): b"\xcc\xdd",
    }


@pytest.mark.parametrize("line", ["0102,aa", "0102030405060708", "zz,aa", "0102030405060708,"])
def test_a_bad_line_is_named(line):
    with pytest.raises(KeyTableError, match="line 2: a cookie of 8 octets"):
        parse_table(f"# first\n{line}\n")
