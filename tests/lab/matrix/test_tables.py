"""The matrix in all its forms says the same."""

import csv
import io
import json
from html.parser import HTMLParser

from gwsim.lab.matrix.cell import Cell
from gwsim.lab.matrix.rows import DID_NOT_BITE, HEAD, SHORT, rows
from gwsim.lab.matrix.tables import FORMATS
from tests.lab.matrix.cells import computed

STANDING = "known or believed"


def cells() -> list[Cell]:
    return [
        computed(pair="asa screenos"),
        computed("psk-mismatch", "responder", "asa screenos"),
        computed("udp-4500-blocked", pair="asa screenos"),
        computed("pfs-mismatch", "responder", "asa screenos"),
    ]


def column(words: tuple[str, ...], name: str) -> str:
    return words[HEAD.index(name)]


def test_a_row_says_where_both_ends_were_and_what_was_unusual():
    _, wrong_key, blocked, pfs = [row.words for row in rows(cells())]
    assert column(wrong_key, "initiator's state").startswith("MM_WAIT_MSG6 (MM_WAIT_MSG2 >")
    assert column(wrong_key, "tunnel") == "never up"
    assert "The preshared keys might not match" in column(wrong_key, "responder's log")
    assert "-> main-5 x 2+" in column(wrong_key, "wire")
    assert "flapping" in column(pfs, "initiator's state")
    assert "responder sent NO-PROPOSAL-CHOSEN" in column(pfs, "notifies")
    assert "PHASE 1 COMPLETED" not in column(pfs, "initiator's log")
    assert column(blocked, "tunnel") == DID_NOT_BITE
    assert "no NAT" in column(blocked, STANDING)


def test_a_row_with_words_that_are_only_believed_says_so():
    told = {row.cell.at.fault: row.words for row in rows(cells())}
    for words in (told["healthy"], told["pfs-mismatch"], told["psk-mismatch"]):
        for end in ("initiator", "responder"):
            marked = "[believed]" in column(words, f"{end}'s log")
            assert marked is (f"{end}: words" in column(words, "what is believed").split("; "))
        assert (column(words, STANDING) == "known") is (column(words, "what is believed") == "-")
    healthy = column(told["healthy"], "what is believed").split("; ")
    assert {"initiator: words", "responder: words"}.issuperset(healthy)


def test_a_row_that_rests_on_a_habit_without_a_source_is_believed():
    """An ASA refuses unlike PFS, a NetScreen does too: only of the latter is there a log."""
    told = {row.cell.at.fault: row.words for row in rows(cells())}
    asa = rows([computed("pfs-mismatch", "responder")])[0].words
    assert "responder: PFS group not acceptable" in column(asa, "what is believed").split("; ")
    assert column(asa, STANDING) == "believed"
    assert "responder: PFS" not in column(told["pfs-mismatch"], "what is believed")


def test_a_row_with_a_vendor_of_which_little_is_known_is_believed():
    (row,) = rows([computed(pair="contivity contivity")])
    assert column(row.words, STANDING) == "believed"
    assert "all but some of its wire" in column(row.words, "what is believed")
    assert "[believed]" not in " ".join(row.words)


def test_the_short_form_leaves_columns_out():
    row = rows(cells())[1]
    assert row.short() == tuple(row.words[place] for place in SHORT)


def test_csv_reads_back():
    read = list(csv.reader(io.StringIO(FORMATS["csv"](cells()))))
    assert tuple(read[0]) == HEAD
    assert [tuple(row) for row in read[1:]] == [row.words for row in rows(cells())]


def test_markdown_has_one_line_for_each_row_and_all_columns():
    lines = FORMATS["markdown"](cells()).splitlines()
    assert len(lines) == len(cells()) + 2
    assert all(line.replace("\\|", "").count("|") == len(HEAD) + 1 for line in lines)


def test_json_holds_the_cells():
    entries = json.loads(FORMATS["json"](cells()))
    assert [entry["ending"] for entry in entries] == [cell.ending for cell in cells()]
    assert entries[1]["at"]["fault"] == "psk-mismatch"
    assert entries[1]["initiator"]["rest"] == "MM_WAIT_MSG6"
    assert "screens" not in entries[1]["initiator"]


def test_html_stands_alone_and_is_well_formed():
    class Balance(HTMLParser):
        depth = 0
        columns = 0

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.depth += tag != "meta"
            self.columns += tag == "td"

        def handle_endtag(self, tag: str) -> None:
            self.depth -= 1

    page, reader = FORMATS["html"](cells()), Balance()
    reader.feed(page)
    assert reader.depth == 0
    assert reader.columns == len(cells()) * len(HEAD)
    assert "http" not in page
