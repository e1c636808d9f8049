"""Where a gateway writes what its device would write."""

from pathlib import Path


def debug_beside(log: Path) -> Path:
    """Give the file for what debug commands show, beside that of the log."""
    return log.with_suffix(".debug")
