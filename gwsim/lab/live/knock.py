"""Whether anybody listens where a Docker engine would, without the library that speaks to one."""

import os
import socket

TIMEOUT = 60
"""Seconds that an engine may take for one answer."""

_UNIX = "unix://"
_USUAL_HOST = "unix:///var/run/docker.sock"


def knock() -> None:
    """Raise OSError when nobody listens at the unix socket of the engine that DOCKER_HOST names.

    An engine elsewhere is taken to be there. The library would leave its own socket open.
    """
    host = os.environ.get("DOCKER_HOST") or _USUAL_HOST
    if host.startswith(_UNIX):
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(TIMEOUT)
            probe.connect(host.removeprefix(_UNIX))
