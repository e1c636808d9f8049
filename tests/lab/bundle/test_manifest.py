"""A manifest comes back as it was written; a stranger's is checked before anything else is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.lab.bundle.manifest import BundleError, manifest_text, read_manifest
from tests.lab.bundle.made import listed, manifest, members


def test_a_manifest_comes_back_equal():
    text = members()["manifest.json"].decode()
    found = read_manifest(text)
    assert manifest_text(found) == text
    assert (found.name, found.seed, found.runtime, found.keys) == ("two-asas", 1, "sim", False)
    assert found.size == sum(len(content) for name, content in members().items()) - len(text)


@pytest.mark.parametrize(
    "path",
    [
        "../x", "a/../../x", "/etc/passwd", "a//b", "a/./b", "./a", "a\\b", "C:x", "", "a/", ".x",
        "a\nb", "a\0b", "x" * 200, "a/b/c/d/e", "\u202eb", "a/.ssh",
    ],
)  # fmt: skip
def test_a_path_that_leads_elsewhere_is_refused(path):
    said = manifest(files=[listed("two-asas.yaml"), listed("report.html"), listed(path)])
    with pytest.raises(BundleError, match="which may not be written"):
        read_manifest(json.dumps(said))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": 2}, "its format is 2; this gwsim reads format 1 only"),
        ({"format": None}, "its format is None"),
        ({"seed": -1}, "a seed that is none"),
        ({"seed": "1"}, "manifest.seed is '1', not int"),
        ({"name": "../../x"}, "a name that no scenario can have"),
        ({"title": None}, "manifest.title is None"),
        ({"extra": 1}, "no field 'extra'"),
        ({"report": "other.html"}, "'other.html', which is not among its files"),
        ({"files": [listed("a"), listed("a")]}, "names a file twice"),
        ({"files": [listed("manifest.json")]}, "names a file twice"),
        ({"files": [listed("a", size=-1)]}, "no size or digest of a"),
        ({"files": [listed("a", sha256="zz")]}, "no size or digest of a"),
        ({"files": [listed("a", size=1 << 40)]}, "that is no bundle"),
        ({"files": [listed(f"f{n}") for n in range(600)]}, "that is no bundle"),
    ],
)
def test_a_manifest_that_promises_nonsense_is_refused(changes, words):
    with pytest.raises(BundleError) as refused:
        read_manifest(json.dumps(manifest(**changes)))
    assert words in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "[" * 100_000, '{"format": 1}'])
def test_what_is_no_manifest_is_refused(text):
    with pytest.raises(BundleError):
        read_manifest(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@given(field=st.sampled_from(sorted(manifest())), value=json_values)
def test_any_value_in_any_field_is_a_manifest_or_a_complaint(field, value):
    try:
        read_manifest(json.dumps(manifest(**{field: value})))
    except BundleError as error:
        assert str(error)
