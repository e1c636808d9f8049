"""Screens and logs of a report are the device's own, cut where nobody reads on."""

from gwsim.lab.html import screens as module
from gwsim.lab.html.screens import changed, log, said_last, screens
from gwsim.lab.matrix.wording import is_believed
from tests.lab.html.runs import FILTERED, STUCK, evidence, judged


def hq(text):
    return evidence(text).of("hq")


def shown(text, moment):
    return screens(hq(text), judged(text).scenario, moment)


def test_a_screen_is_what_the_device_prints():
    first = shown(STUCK, 10.0)[0]
    assert first.command == "show crypto isakmp sa"
    assert first.text == hq(STUCK).screen(first.command, 10.0).strip("\n")
    assert "MM_WAIT_MSG6" in first.text


def test_commands_that_show_the_same_stand_together():
    spelled = [name for screen in shown(STUCK, 10.0) for name in (screen.command, *screen.also)]
    wanted = {name for name in hq(STUCK).vendor.commands if not name.startswith("debug")}
    assert sorted(spelled) == sorted(wanted)
    texts = [screen.text for screen in shown(STUCK, 10.0)]
    assert len(texts) == len(set(texts))


def test_what_the_scenario_speaks_of_is_marked_and_comes_early():
    second = shown(FILTERED, 10.0)[1]
    assert (second.command, second.wanted) == ("show crypto ipsec sa", True)


def test_later_only_what_has_changed_is_shown():
    before, after = shown(STUCK, 10.0), shown(STUCK, 60.0)
    different = changed(after, before)
    assert "show crypto isakmp sa" in [screen.command for screen in different]
    assert "show running-config" not in [screen.command for screen in different]
    assert changed(before, before) == ()


def test_a_long_screen_is_cut_and_says_so(monkeypatch):
    monkeypatch.setattr(module, "_LINES", 3)
    screen = shown(STUCK, 10.0)[0]
    assert len(screen.text.splitlines()) == 3
    assert screen.left_out > 5


def test_a_log_holds_the_devices_lines_and_keeps_debug_apart():
    ordinary, debug = log(hq(STUCK), False), log(hq(STUCK), True)
    witness = hq(STUCK)
    lines = [witness.written(line) for line in witness.lines if not line.debug]
    assert [line.text for line in ordinary.first] == lines
    assert (ordinary.total, ordinary.left_out, ordinary.last) == (len(lines), 0, ())
    assert [line.believed for line in ordinary.first] == [
        is_believed(witness.vendor, line) for line in witness.lines if not line.debug
    ]
    assert debug.total == len(witness.lines) - len(lines)


def test_the_last_different_lines_up_to_a_moment_are_picked():
    found = said_last(evidence(STUCK).of("hq"), 10.0)
    ordinary = [line for line in log(hq(STUCK), False).first if line.at <= 10.0]
    assert found[-1].text == ordinary[-1].text
    assert len({line.text.partition(": ")[2] for line in found}) == len(found) == 3
    assert said_last(hq(STUCK), -1.0) == ()


def test_the_middle_of_a_long_log_is_left_out(monkeypatch):
    monkeypatch.setattr(module, "_LOG_HEAD", 2)
    monkeypatch.setattr(module, "_LOG_TAIL", 1)
    found = log(hq(STUCK), False)
    assert (len(found.first), len(found.last)) == (2, 1)
    assert found.left_out == found.total - 3
