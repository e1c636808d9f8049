"""Labels told beside the wire."""

import contextlib
from pathlib import Path

from gwsim.daemon import hints
from gwsim.daemon.hints import HintBook, HintSender


def test_a_label_is_known_by_the_octets_of_its_message(tmp_path: Path) -> None:
    with (
        contextlib.closing(HintBook(tmp_path / "h")) as book,
        contextlib.closing(HintSender(tmp_path / "h")) as sender,
    ):
        sender.tell(b"one", "info-dpd")
        sender.tell(b"two", "info-delete")
        assert book.label(b"two") == "info-delete"
        assert book.label(b"one") == "info-dpd"
        assert book.label(b"one") == "info-dpd"  # a retransmission is the same message
        assert book.label(b"three") == ""
    assert not (tmp_path / "h").exists()


def test_with_nobody_listening_telling_does_no_harm(tmp_path: Path) -> None:
    with contextlib.closing(HintSender(tmp_path / "h")) as sender:
        sender.tell(b"one", "info-dpd")


def test_what_is_no_label_is_not_remembered(tmp_path: Path) -> None:
    with (
        contextlib.closing(HintBook(tmp_path / "h")) as book,
        contextlib.closing(HintSender(tmp_path / "h")) as sender,
    ):
        sender.tell(b"one", "\x1b[31mred")
        assert book.label(b"one") == ""


def test_old_hints_are_forgotten_first(tmp_path: Path) -> None:
    with (
        contextlib.closing(HintBook(tmp_path / "h")) as book,
        contextlib.closing(HintSender(tmp_path / "h")) as sender,
    ):
        for number in range(hints.REMEMBERED + 1):
            sender.tell(str(number).encode(), "info")
            book.hear()
        assert book.label(b"0") == ""
        assert book.label(b"1") == "info"


def test_an_internet_that_does_not_listen_holds_up_no_gateway(tmp_path: Path) -> None:
    with (
        contextlib.closing(HintBook(tmp_path / "h")) as book,
        contextlib.closing(HintSender(tmp_path / "h")) as sender,
    ):
        for number in range(hints.REMEMBERED):
            sender.tell(str(number).encode(), "info")
        assert book.label(b"0") == "info"
