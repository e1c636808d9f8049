"""Which faults the text of a scenario puts into a lab, and when they come and go."""

from gwsim.lab.durations import duration_text
from gwsim.lab.load import load_text
from gwsim.lab.scenario import FaultUse


def faults_in(text: str) -> tuple[tuple[str, str], ...]:
    """Name the faults of a scenario in their order; none where there is no text.

    With each stands when it begins and ends, "" if it is there all the time. Raises ScenarioError.
    """
    return tuple((use.name, _times(use)) for use in load_text(text).scenario.faults) if text else ()


def _times(use: FaultUse) -> str:
    bounds = (("begins", use.start), ("ends", use.end))
    return ", ".join(f"{does} at {duration_text(at)}" for does, at in bounds if at)
