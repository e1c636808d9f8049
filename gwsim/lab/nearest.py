"""The nearest legal word to one that is not: what every complaint ends with."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches


def nearest(word: str, legal: Iterable[str]) -> str:
    """Give the legal word that was probably meant, or "" when none is near.

    A word that only one legal word begins with counts as near, and so does a difference in case.
    """
    folded = {str(candidate).lower().replace("_", "-"): str(candidate) for candidate in legal}
    wanted = word[:64].lower().replace("_", "-").replace(" ", "-")
    if wanted in folded:
        return folded[wanted]
    begun = [name for name in folded if wanted and name.startswith(wanted)]
    if len(begun) == 1:
        return folded[begun[0]]
    close = get_close_matches(wanted, folded, n=1, cutoff=0.6 if len(wanted) > 3 else 0.5)
    return folded[close[0]] if close else ""


def hint(word: str, legal: Collection[str]) -> str:
    """Give `; did you mean 'x'?` to append to a complaint, "" when no legal word is near."""
    near = nearest(word, legal)
    return f"; did you mean {near!r}?" if near else ""


def instead(word: str, legal: Collection[str]) -> str:
    """Give what to write instead: the nearest legal word, or all of them when none is near."""
    near = nearest(word, legal)
    return f"did you mean {near!r}?" if near else f"there are {', '.join(legal)}"
