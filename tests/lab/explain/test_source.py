"""Places in the source are found by reading it, never by running it."""

import inspect
from pathlib import Path

import gwsim
from gwsim.ike.main_mode import take_main_5
from gwsim.lab.explain.source import Place, Template, place_of, templates, uses


def line_of(place):
    file = Path(gwsim.__file__).parent.parent / place.file
    return file.read_text(encoding="utf-8").splitlines()[place.line - 1]


def test_a_function_is_found_on_its_line():
    place = place_of(take_main_5)
    assert line_of(place).startswith("def take_main_5(")
    assert str(place) == f"gwsim/ike/main_mode.py:{inspect.getsourcelines(take_main_5)[1]}"


def test_uses_of_a_member_are_found_where_they_stand():
    places = uses("ike", "Flaw", "UNDECRYPTABLE")
    assert places
    assert all("Flaw.UNDECRYPTABLE" in line_of(place) for place in places)
    assert uses("ike", "Flaw", "NO_SUCH_FLAW") == ()


def test_docstrings_are_no_texts():
    texts = {template.text for template in templates("lab/explain")}
    assert not any(text.startswith("Places in gwsim's own source text") for text in texts)
    assert "awaits" in texts


def test_what_varies_in_a_text_is_marked():
    texts = {template.text for template in templates("lab/explain")}
    assert "{}, number {}" in texts


def test_a_fragment_is_found_inside_a_text_and_a_text_inside_a_line():
    template = Template(Place("x.py", 1), "Received {} packets from {}!")
    assert template.mentions("packets FROM")
    assert template.mentions("at 9:00 Received 12 packets from 192.0.2.1!")
    assert not template.mentions("Received 12 letters from 192.0.2.1!")


def test_a_text_of_few_letters_or_one_word_is_found_in_no_line():
    assert not Template(Place("x.py", 1), "{} to {}").mentions("from here to there")
    assert not Template(Place("x.py", 1), "MM_WAIT_MSG4").mentions("MM_WAIT_MSG44 is no state")


def test_a_text_is_not_found_across_the_words_of_a_line():
    key = Template(Place("x.py", 1), "Preshared Key")
    assert not key.mentions("preshared keys might not match")
    assert not key.mentions("the preshared key might not match")
    assert key.mentions("Cfg'd: Preshared Key")
    assert not Template(Place("x.py", 1), "Phase 1 SA is up").mentions("Phase 1 SA is upset")


def test_numbers_of_a_fragment_stand_for_what_varies():
    notify = Template(Place("x.py", 1), "Received notify message for DOI <{}> <{}> <{}>.")
    assert notify.mentions("DOI <1> <18>")
    assert not notify.mentions("<1> <18>")


def test_a_text_that_is_a_small_part_of_a_line_does_not_explain_it():
    text = Template(Place("x.py", 1), "{} ID received")
    assert text.mentions("FQDN ID received")
    assert not text.mentions("No policy exists for the proxy ID received")
