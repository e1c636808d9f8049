"""Configurations as people leave them: lines lost, doubled, moved, written over, cut short."""

from hypothesis import strategies as st

_ACTS = ("lose", "double", "move", "write over", "cut")


def spoiled(text: str) -> st.SearchStrategy[str]:
    """Give the text with a few of its lines damaged, so that most of it still means something."""
    lines = text.splitlines()
    place = st.integers(0, len(lines) - 1)
    words = st.sampled_from(lines) | st.text(max_size=60)
    return st.lists(
        st.tuples(place, st.sampled_from(_ACTS), place, words), min_size=1, max_size=5
    ).map(lambda damage: _damaged(lines, damage))


def _damaged(lines: list[str], damage: list[tuple[int, str, int, str]]) -> str:
    found = [[line] for line in lines]
    for at, act, other, words in damage:
        if act == "double":
            found[at] *= 2
        elif act == "move":
            found[other] += found[at]
            found[at] = []
        else:
            cut = [line[: other % (len(line) + 1)] for line in found[at]]
            found[at] = {"lose": [], "write over": [words], "cut": cut}[act]
    return "\n".join(line for kept in found for line in kept) + "\n"
