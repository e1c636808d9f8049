"""The student sees what devices show, is graded for what he says, and cannot peek."""

from pathlib import Path

import pytest

from gwsim.lab.compile import compile_scenario
from gwsim.lab.exam.paper import by_level
from gwsim.lab.exam.room import FIRST, LAST, Misunderstood, Room
from gwsim.lab.exam.veil import veiled
from gwsim.lab.exam.words import WORDS, answer
from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.live.places import running
from gwsim.lab.runtimes.registry import make_runtime
from tests.lab.exam.conftest import paper_of


@pytest.fixture
def room(wrong_key):
    with Room(wrong_key) as room:
        yield room


def test_the_ticket_says_who_complains_and_not_what_is_wrong(room):
    told = room.ticket()
    assert "One thing is wrong" in told
    assert "london" in told
    assert "psk" not in told


def test_screens_logs_and_wire_are_those_of_the_lab(room):
    screens = []
    for _ in range(6):
        screens.append(answer(room, "show leeds show crypto isakmp sa"))
        answer(room, "wait 10s")
    assert any("MM_WAIT_MSG5" in screen for screen in screens)
    assert "mismatched pre-shared key" in answer(room, "log leeds")
    assert len(answer(room, "debug leeds")) > len(answer(room, "log leeds"))
    assert "main-5" in answer(room, "wire")
    assert answer(room, "ping london leeds").endswith("4 sent, 0 answered")


def test_who_finds_and_repairs_it_passes_and_the_tunnel_really_works(room):
    assert answer(room, "diagnose psk-mismatch") == "that is right"
    assert answer(room, "repair psk-mismatch").startswith("that is mended; try")
    assert answer(room, "ping london leeds").endswith("4 sent, 3 answered")
    result = room.result()
    assert (result.points, result.passed, room.progress.works) == (100, True, True)
    [told] = room.evidence()
    assert "proof:  leeds refused main-5" in told


def test_who_guesses_pays_and_who_leaves_it_broken_fails(room):
    assert answer(room, "diagnose esp-blocked") == "that is not it"
    assert answer(room, "repair esp-blocked") == "you look, and nothing is wrong there"
    assert answer(room, "hint").startswith("look at phase 1")
    result = room.result()
    assert (result.points, result.passed, room.progress.works) == (0, False, False)


def test_the_end_matters_where_there_is_one():
    paper = paper_of("beginner", 3)
    [right] = paper.answers
    assert right.fault == "missing-psk"
    other = next(name for name in paper.scenario.gateways if name != right.at)
    with Room(paper) as room:
        assert answer(room, f"diagnose missing-psk {other}").startswith("the fault is right")
        assert answer(room, f"repair missing-psk {other}").startswith("you look, and nothing")
        assert answer(room, f"diagnose missing-psk {right.at}") == "that is right"


def test_of_two_faults_the_second_is_still_there_when_the_first_is_mended():
    paper = paper_of("advanced", 3)
    first, second = paper.answers
    with Room(paper) as room:
        told = answer(room, f"repair {first.fault} {first.at}")
        assert told == "that is mended, and something else is still wrong"
        assert answer(room, f"repair {second.fault} {second.at}").startswith("that is mended; try")
        room.result()
        assert room.progress.works


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("diagnos x", "did you mean 'diagnose'"),
        ("diagnose", r"it is `diagnose FAULT \[GATEWAY\]`"),
        ("diagnose psk-mismach", "did you mean 'psk-mismatch'"),
        ("diagnose psk-mismatch rome", "no gateway 'rome'; there are london, leeds"),
        ("show londons x", "did you mean 'london'"),
        ("ping london rome", "no host 'rome'"),
        ("wait soon", "soon"),
        ('log "london', "closing quotation"),
    ],
)
def test_what_the_room_does_not_understand_it_says(room, line, words):
    with pytest.raises(Misunderstood, match=f"(?i){words}"):
        answer(room, line)


def test_help_lists_every_word(room):
    told = answer(room, "help")
    assert all(f"  {name} " in told for name in WORDS)
    assert max(map(len, told.splitlines())) <= 80


def test_the_list_of_faults_has_those_that_can_be_hidden_and_no_others(room):
    told = [line.partition(":")[0].strip() for line in answer(room, "faults").splitlines()]
    asked = {name for names in by_level().values() for name in names}
    assert asked <= set(told)
    assert "ke-omit" not in told
    assert "reboot" not in told


def test_the_commands_of_a_device_can_be_typed_there(room):
    gateway = room.paper.scenario.tunnels[0].between[0]
    commands = [line.strip() for line in answer(room, f"commands {gateway}").splitlines()]
    assert commands
    assert all(answer(room, f"show {gateway} {one}") for one in commands if "<" not in one)


def test_a_long_ladder_loses_its_middle_unless_all_is_wanted(room):
    room.wait("10m")
    short, whole = answer(room, "wire").splitlines(), answer(room, "wire all").splitlines()
    assert len(short) == FIRST + 1 + LAST < len(whole)
    assert (short[:FIRST], short[-LAST:]) == (whole[:FIRST], whole[-LAST:])
    with pytest.raises(Misunderstood, match="it is `wire`"):
        answer(room, "wire some")


@pytest.mark.parametrize(("level", "seed"), [("beginner", 2), ("intermediate", 2), ("advanced", 1)])
def test_what_runs_is_never_told_a_fault(level, seed):
    """Rules and acts have neutral names; the plan still does the same."""
    paper = paper_of(level, seed)
    plan = compile_scenario(paper.scenario)
    told = repr(veiled(plan))
    assert not [name for name in CATALOGUE if name in told and "-" in name]
    assert [rule.match for rule in veiled(plan).path.rules] == [r.match for r in plan.path.rules]


@pytest.mark.needs("ip")
def test_files_and_processes_of_a_lab_do_not_tell_the_answer():
    paper = paper_of("beginner", 2)
    [right] = paper.answers
    assert right.fault == "udp-500-blocked"
    with Room(paper, make_runtime("netns", 4.0)) as room:
        found = []
        for place in running():
            found += [path for path in place.path.rglob("*") if path.is_file()]
        assert found
        for path in found:
            assert b"blocked" not in path.read_bytes()
        for process in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                assert b"udp-500-blocked" not in process.read_bytes()
            except OSError:
                continue
        assert answer(room, f"repair udp-500-blocked {right.at}").startswith("that is mended")
        assert room.result().reasons
        assert room.progress.works
