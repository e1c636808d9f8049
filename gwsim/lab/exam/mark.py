"""What a student's answers are worth: points for each fault, less what was guessed and hinted.

Of 100 points each hidden fault has its share: 40 of 100 for its name, 20 for the end at which it
sits if it sits at one, 40 for its repair. Who takes it for another fault of the same theme gets 10
for the name. A wrong answer costs 10 points, a hint 15, a minute of the lab's time beyond the first
twenty 1, at most 20 in all. Nobody gets less than nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gwsim.lab.exam.paper import Answer
from gwsim.lab.faults.catalogue import CATALOGUE

NAME, END, REPAIR, THEME = 40, 20, 40, 10
WRONG, HINT, MINUTE, MOST_FOR_TIME = 10, 15, 1, 20
FREE_MINUTES = 20
FOUND = NAME + END
"""What a diagnosis is worth that is right in every respect."""

PASS = 60
"""Points from which an exam is passed, if the tunnel works."""


@dataclass(slots=True)
class Progress:
    """What a student has achieved so far: diagnoses in their order, repairs, hints, time.

    `seconds` are those of the lab's clock.
    """

    diagnoses: list[Answer] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    wrong: int = 0
    hints: int = 0
    seconds: float = 0.0
    works: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """The result: points of 100, one line for each reason, and whether that is enough."""

    points: int
    reasons: tuple[str, ...]
    passed: bool


def judged(answer: Answer, said: Iterable[Answer]) -> tuple[int, str]:
    """Give the best that was said about one fault: points of 60, and why."""
    best = (0, f"{answer.fault}: not found")
    theme = CATALOGUE[answer.fault].theme
    for guess in said:
        if guess.fault == answer.fault:
            right = guess.at == answer.at or not answer.at
            found = (FOUND, "found") if right else (NAME, "found, but at the wrong end")
        elif CATALOGUE[guess.fault].theme is theme:
            found = (THEME, f"taken for {guess.fault}, which is {theme.value} as well")
        else:
            continue
        best = max(best, (found[0], f"{answer.fault}: {found[1]}"))
    return best


def mark(answers: Sequence[Answer], progress: Progress) -> Mark:
    """Give the mark of an exam that is over."""
    points = 0.0
    reasons = []
    names = {answer.fault for answer in answers}
    for answer in answers:
        meant = [said for said in progress.diagnoses if said.fault not in names - {answer.fault}]
        value, why = judged(answer, meant)
        repaired = answer.fault in progress.repaired
        total = value + (REPAIR if repaired else 0)
        points += total / len(answers)
        reasons.append(f"{why}, {'repaired' if repaired else 'not repaired'}: {total} of 100")
    late = max(0, int(progress.seconds / 60) - FREE_MINUTES) * MINUTE
    for count, cost, what in (
        (progress.wrong, WRONG * progress.wrong, "wrong answer{s}"),
        (progress.hints, HINT * progress.hints, "hint{s}"),
        (late, min(late, MOST_FOR_TIME), f"minute{{s}} beyond {FREE_MINUTES}"),
    ):
        if count:
            points -= cost
            reasons.append(f"{count} {what.format(s='s' if count > 1 else '')}: -{cost}")
    whole = max(0, round(points))
    return Mark(whole, tuple(reasons), whole >= PASS and progress.works)
