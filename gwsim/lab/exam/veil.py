"""Keeping an exam's answers out of what runs: no node is told the name of a fault."""

from dataclasses import replace

from gwsim.lab.plan import ChangePath, Plan, PlannedAct
from gwsim.path.config import PathConfig

TITLE = "exam"
"""What the lab of an exam is called."""


def veiled(plan: Plan) -> Plan:
    """Give a plan that does the same and says nothing: neutral names for rules, acts and itself."""
    return replace(
        plan,
        name=TITLE,
        title=TITLE,
        path=_path(plan.path),
        acts=tuple(map(_act, plan.acts)),
    )


def _act(planned: PlannedAct) -> PlannedAct:
    act = planned.act
    if isinstance(act, ChangePath):
        act = ChangePath(_path(act.config))
    return replace(planned, act=act, text="")


def _path(path: PathConfig) -> PathConfig:
    rules = (
        replace(rule, name=f"rule {number}") for number, rule in enumerate(path.rules, start=1)
    )
    return replace(path, rules=tuple(rules))
