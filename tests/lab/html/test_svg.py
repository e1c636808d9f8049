"""Drawings escape what they are given and say what they are."""

from xml.etree import ElementTree

from gwsim.lab.html.svg import drawing, markup, percent, picture, shape, text, titled


def test_words_of_strangers_stay_words():
    drawn = picture("lab", 10, 20, '"><script>')
    titled(shape(drawn, "rect", "box", x=1), "</title><b>")
    text(drawn, 1, 2.5, "<i>&", "middle")
    written = markup(drawn)
    assert not {"<script", "<b>", "<i>"} & set(written.replace(">", "> <").split())
    assert ElementTree.fromstring(written).find("text").text == "<i>&"


def test_a_picture_has_a_name_and_a_drawing_is_passed_over():
    assert picture("lab", 10, 20, "The lab").attrib == {
        "class": "lab",
        "viewBox": "0 0 10 20",
        "role": "img",
        "aria-label": "The lab",
    }
    assert drawing("band", height=26).attrib == {
        "class": "band",
        "aria-hidden": "true",
        "height": "26",
    }


def test_shares_are_written_in_percent():
    assert percent(100 / 3) == "33.333%"
