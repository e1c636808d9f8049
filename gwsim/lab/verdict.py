"""What came of a run, as values that reports are made from.

A verdict holds text and numbers only, so that it travels between processes and into JSON.
"""

from dataclasses import dataclass

from gwsim.lab.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Finding:
    """An expectation that was not met, ready to be read.

    `place` is `file:line`, `line` the text that stands there. `at` is the moment that decided it
    (seconds), `before` the last messages up to then, one line each.
    """

    place: str
    line: str
    gateway: str
    expected: str
    seen: str
    at: float
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bite:
    """What a fault's witness says: whether the fault made itself felt, and the proof in words.

    `wanted` is False in a control experiment, where the scenario says that it must not bite.
    """

    fault: str
    place: str
    bit: bool
    wanted: bool
    words: str

    @property
    def ok(self) -> bool:
        """Whether the fault did what the scenario says."""
        return self.bit is self.wanted


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one scenario.

    `file` is its name as given, `seed` repeats the run, `simulated` and `elapsed` are its seconds
    on the virtual and on the real clock. `tunnels` tells what became of each tunnel: one that is
    up and carries nothing is another thing than one that never came up. `error` is the words of a
    run that broke off, else "".
    """

    file: str
    name: str
    title: str
    seed: int
    simulated: float = 0.0
    elapsed: float = 0.0
    findings: tuple[Finding, ...] = ()
    bites: tuple[Bite, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str = ""
    tunnels: tuple[Outcome, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything came out as the scenario says."""
        return not self.error and not self.findings and all(bite.ok for bite in self.bites)

    @property
    def word(self) -> str:
        """The verdict in one word."""
        if self.error:
            return "error"
        return "passed" if self.passed else "failed"
