"""YAML comes through as plain data with its lines, and whatever else is in a file is told."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.lab.source import MAX_BYTES, ScenarioError, parse_source, read_source


def complaints(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        parse_source(text, "x.yaml")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "x.yaml: is empty"),
        ("# nothing\n", "x.yaml: is empty"),
        ("- a\n", "x.yaml:1:1: a scenario is a mapping"),
        ("a: 1\nb: 2\na: 3\n", "x.yaml:3:1: the key 'a' is already there on line 1"),
        ("a:\n\tb: 1\n", "x.yaml:2:1: a tab"),
        ("a: [1,\n", "x.yaml:2:1: not YAML"),
        ("a: 'x\n", "x.yaml:2:1: not YAML: found unexpected end of stream: a quote that is opened"),
        ("a:\n  b: 1\n c: 2\n", "x.yaml:3:2: not YAML: expected <block end>, but found '<block"),
        (
            "a: @x\n",
            "x.yaml:1:4: not YAML: found character '@' that cannot start any token: a text",
        ),
        ('a: "\\e[31m"\n', "x.yaml:1:4: character U+001B is not allowed in a text"),
        ('a: "\\ud83d\\ude00"\n', "x.yaml:1:4: character U+D83D is not allowed in a text"),
        ("a: 1\n---\nb: 2\n", "x.yaml:2:1: a second document"),
        ("a: *nope\n", "x.yaml:1:4: not YAML: found undefined alias"),
        ("a: !!python/object:os.system x\n", "x.yaml:1:4: the tag"),
        ("? [a]\n: 1\n", "x.yaml:1:3: a key must be a word"),
        ("a: b: c\n", "x.yaml:1:5: not YAML"),
        ('a: "\\UFFFFFFFF"\n', "x.yaml: is not YAML: it escapes a character"),
        ("a: \x01\n", "x.yaml:1:4: character U+0001"),
        ("<<: 3\n", "x.yaml:1:5: `<<` merges mappings only"),
        ("a: " + "[" * 100, "x.yaml:1:27: this is nested too deeply"),
        ("a: &x [*x]\n", "x.yaml:1:4: aliases make this too large"),
        ("a: &x\n  <<: *x\n", "x.yaml:1:4: aliases make this too large"),
    ],
)
def test_what_is_no_plain_yaml_is_told_with_its_place(text: str, complaint: str) -> None:
    assert complaints(text)[0].startswith(complaint)


def test_an_alias_bomb_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "aliases make this too large" in complaints("\n".join(lines))[0]


def test_too_many_lines_are_refused() -> None:
    assert "too long" in complaints("\n".join(f"k{n}: 1" for n in range(30_000)))[0]


def test_scalars_are_what_they_look_like() -> None:
    text = (
        "i: 12\nm: -3\np: +3\nf: 1.5\nyes: on\nno: Off\nz: 0123\nn: null\ne:\n"
        "t: 2020-01-01\nc: 1:30\nx: =\n"
    )
    assert parse_source(text, "x").data == {
        "i": 12,
        "m": -3,
        "p": "+3",
        "f": 1.5,
        "yes": True,
        "no": False,
        "z": "0123",
        "n": "null",
        "e": None,
        "t": "2020-01-01",
        "c": "1:30",
        "x": "=",
    }


def test_anchors_and_merge_keys_save_typing() -> None:
    data = parse_source("x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\n", "x").data
    assert data["y"] == {"a": 1, "b": 3}


def test_every_key_and_value_knows_its_line() -> None:
    source = parse_source("a:\n  - b: 1\n    c: [x,\n      y]\n", "dir/x.yaml")
    assert source.line(("a", 0, "c")) == 3
    assert source.position(("a", 0, "c", 1)) == (4, 7)
    assert source.place(("a", 0, "b")) == "dir/x.yaml:2"
    assert source.source_line(("a", 0, "c")) == "c: [x,"
    assert source.line(("a", 0, "d", "e")) == 2, "the nearest place above"
    assert source.line(("nowhere",)) == 1


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"a: \xff\n", ":1:4: octet 0xff is not UTF-8"),
        (b"a: 1\n" + b"#" * MAX_BYTES, ": is larger than 1 MiB"),
        (b"\x7fELF\x00\x00", ":1:1: character U+007F"),
    ],
)
def test_what_is_no_text_is_told(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError, match=r"x\.yaml") as caught:
        read_source(path)
    assert complaint in str(caught.value)


def test_a_byte_order_mark_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_source(path).data == {"a": 1}


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    for path, complaint in (
        (tmp_path / "none.yaml", "there is no such file"),
        (tmp_path, "a directory"),
        (Path("a\0b"), "cannot be read"),
        (tmp_path / ("x" * 300), "cannot be read"),
    ):
        with pytest.raises(ScenarioError, match=complaint):
            read_source(path)


def test_a_text_too_large_is_refused() -> None:
    assert "larger than 1 MiB" in complaints("#" * (MAX_BYTES + 1))[0]


@given(st.text(alphabet="ab:-[]{}&*!|>'\"%@`#, \n\t\\xU0", max_size=60))
def test_any_text_is_data_or_a_list_of_problems(text: str) -> None:
    try:
        source = parse_source(text, "x")
    except ScenarioError as error:
        assert error.problems
        assert all(problem.message for problem in error.problems)
    else:
        assert isinstance(source.data, dict)
