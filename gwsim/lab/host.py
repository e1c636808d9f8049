"""The hosts of a lab."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Host:
    """A host behind a gateway; `name` is how people call it, `hq.server`."""

    name: str
    gateway: str
    address: str
