"""A scenario file becomes a scenario, or one list of everything that is wrong with it."""

import random
from pathlib import Path

import pytest
import yaml

from gwsim.lab.compile import compile_scenario
from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.load import ScenarioError, load_scenario, load_text
from tests.lab.scenarios_for_tests import TWO_ASAS, varied, with_fault

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").rglob("*.yaml"))


def problems(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_text(text, "x.yaml")
    return [str(problem) for problem in caught.value.problems]


def test_a_scenario_knows_its_file_and_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "two.yaml"
    path.write_text(TWO_ASAS)
    loaded = load_scenario(path)
    assert loaded.scenario.name == "two-asas"
    assert loaded.name == str(path)
    assert loaded.line(("expect", 0, "hq", "state")) == 15
    assert loaded.place(("timeline", 0)) == f"{path}:12"
    assert loaded.source_line(("expect", 0, "hq")) == "hq: {state: ESTABLISHED}"
    assert loaded.warnings == ()


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_scenario_of_the_collection_loads_without_a_warning(path: Path) -> None:
    loaded = load_scenario(path)
    assert loaded.warnings == ()
    assert loaded.scenario.title
    assert loaded.scenario.story
    assert loaded.scenario.expect


def test_there_is_a_collection_and_its_names_are_unique() -> None:
    names = [load_scenario(path).scenario.name for path in SCENARIOS]
    assert len(names) > 30
    assert len(set(names)) == len(names)


def test_the_words_of_a_complaint() -> None:
    [complaint] = problems(varied(("hash: sha1", "hahs: sha1")))
    assert complaint == "x.yaml:9:35: unknown key 'hahs' in phase1; did you mean 'hash'?"


def test_everything_wrong_is_told_at_once_in_the_order_of_the_file() -> None:
    text = varied(
        ("vendor: asa, outside: 198.51.100.1", "vendor: asaa, outside: 198.51.100.300"),
        ("hash: sha1", "hahs: sha1"),
        ("group: 2", "group: 99"),
        ("from: hq.server", "from: hq.servr"),
        ("hq: {state", "hw: {state"),
    )
    told = problems(text)
    assert [line.split(": ", 1)[1].split("'")[1] for line in told[:2]] == ["asaa", "198.51.100.300"]
    assert [int(line.split(":")[1]) for line in told] == [4, 4, 9, 9, 12, 15]


def test_a_word_that_is_told_once_is_not_told_twice() -> None:
    assert len(problems(varied(("hq: {state: ESTABLISHED}", "hqq: nonsense")))) == 1


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        (
            "psk-mismach",
            "x.yaml:12:5: there is no fault 'psk-mismach'; did you mean 'psk-mismatch'?",
        ),
        (
            "psk-mismatch: {kye: x}",
            "x.yaml:12:20: unknown key 'kye' in psk-mismatch; did you mean 'key'?",
        ),
        ("psk-mismatch: {at: hw}", "x.yaml:12:24: there is no gateway 'hw'; did you mean 'hq'?"),
        ("psk-mismatch: hw", "x.yaml:12:19: there is no gateway 'hw'; did you mean 'hq'?"),
        ("drop: main-9", "x.yaml:12:11: 'main-9' names no message and no protocol"),
        ("drop: {}", "x.yaml:12:11: 'what' is missing in drop"),
        ("drop: main-4 from hw", "x.yaml:12:11: there is no gateway 'hw'; did you mean 'hq'?"),
        ("loss: lots", "x.yaml:12:11: 'lots' is not a share"),
        ("delete-lost: x", "x.yaml:12:18: delete-lost has nothing that a bare word could mean"),
        ("proxy-id-mismatch: {kind: mirrored}", "x.yaml:12:31: 'mirrored' is none of not-mirrored"),
        ("dpd-off: {start: 5s, end: 5s}", "x.yaml:12:5: dpd-off ends before it begins"),
        ("[dpd-off]", "x.yaml:12:5: a block of `key: value` lines is wanted here, not a list"),
        ("{dpd-off: , reboot: }", "x.yaml:12:5: a fault is a name, or one name with"),
        ("mtu: hq", "x.yaml:12:10: a bare word behind mtu is its 'mtu'; write {at: hq}"),
        (
            "ke-zero: hq",
            "x.yaml:12:14: a bare word behind ke-zero is its 'message'; write {at: hq}",
        ),
        ("loss: {share: 5%, bites: perhaps}", "x.yaml:12:30: yes or no is wanted here"),
        (
            "{name: drop, brief: x, start: 1s, end: 5s, bites: yes, parameters: {}}",
            "x.yaml:12:5: a fault is a name, or one name with its parameters below it",
        ),
        ("dpd-off: [1]", "x.yaml:12:5: the parameters of dpd-off are a word or"),
    ],
)
def test_faults_are_checked_against_the_catalogue(fault: str, complaint: str) -> None:
    told = problems(with_fault(fault))
    assert len(told) == 1
    assert told[0].startswith(complaint)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "gateways:",
            "gatways:",
            "unknown key 'gatways' in the scenario; did you mean 'gateways'?",
        ),
        ("title: Two ASAs", "seed: yes\ntitle: x", "a number is wanted here, not yes"),
        ("state: ESTABLISHED", "state: []", "at least 1 are wanted here, not 0"),
        ("state: ESTABLISHED", "log: {pattern: '('}", "'(' is no regular expression: missing )"),
        (
            "state: ESTABLISHED",
            "show crypto isakmp sa: {pattern: ['[(']}",
            "'[(' is no regular expression: unterminated character set",
        ),
        ("  - at: 10s\n", "  - always: no\n", "`always` is said with `yes`"),
        ("  - at: 10s\n", "  - traffic: some\n", "traffic is `none`, `both`, or by direction"),
        ("  - at: 10s\n", "  - traffic: {hq->hq: yes}\n", "'hq->hq' leads nowhere"),
    ],
)
def test_one_mistake_is_one_complaint(old: str, new: str, complaint: str) -> None:
    [told] = problems(varied((old, new)))
    assert complaint in told


def test_taking_the_only_fault_out_leaves_a_scenario() -> None:
    text = with_fault("psk-mismatch").replace("  - psk-mismatch\n", "")
    assert load_text(text).scenario.faults == ()


def test_a_missing_file_is_a_problem_without_a_line() -> None:
    with pytest.raises(ScenarioError, match="no such file") as caught:
        load_scenario("nowhere.yaml")
    assert str(caught.value.problems[0]) == "nowhere.yaml: there is no such file"


def _mutated(rng: random.Random, text: str) -> str:
    """Change, remove and add values at random places of a scenario."""
    data = yaml.safe_load(text)
    values = [None, True, 0, -1, 10**30, 1.5, "", "x", "hq", "10s", "10.1.0.0/24", "any", "no"]
    values += [[], [[]], {}, {"a": 1}, {"at": "hq"}, ">= 3", "main-4", "aes-128-gcm", "hq->branch"]
    values += list(CATALOGUE)
    for _ in range(rng.randint(1, 3)):
        places = list(_places(data))
        block, key = rng.choice(places)
        if rng.random() < 0.2:
            del block[key]
        else:
            block[key] = rng.choice(values)
        if not data:
            break
    return yaml.safe_dump(data, allow_unicode=True)


def _places(node: object) -> list[tuple[object, object]]:
    found: list[tuple[object, object]] = []
    items = node.items() if isinstance(node, dict) else enumerate(node)  # type: ignore[arg-type]
    for key, value in items:
        found.append((node, key))
        if isinstance(value, dict | list):
            found += _places(value)
    return found


@pytest.mark.parametrize("seed", range(20))
def test_garbage_in_a_scenario_is_told_and_never_breaks_anything(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(10):
        text = _mutated(rng, rng.choice(SCENARIOS).read_text())
        try:
            loaded = load_text(text, "x.yaml")
        except ScenarioError as error:
            assert error.problems
            assert all("\n" not in str(problem) for problem in error.problems)
        else:
            compile_scenario(loaded.scenario)
