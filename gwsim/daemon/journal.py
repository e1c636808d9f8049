"""What a node says about itself: one JSON object per line on standard error."""

import json
import logging
import sys
from datetime import UTC, datetime


class _Lines(logging.Formatter):
    """Writes a record as a line: when, how grave, who, what, and why it went wrong."""

    def __init__(self, node: str) -> None:
        super().__init__()
        self._node = node

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "node": self._node,
            "from": record.name.removeprefix("gwsim."),
            "text": record.getMessage(),
        }
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def open_journal(node: str) -> None:
    """Let all of gwsim write to standard error under the name of this node."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines(node))
    root = logging.getLogger("gwsim")
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    root.propagate = False
