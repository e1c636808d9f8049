"""A Docker engine, as labs use it: connections, the image, and what it complains of in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import docker
from docker.errors import APIError, DockerException, ImageNotFound, NotFound

from gwsim.lab.live.knock import TIMEOUT, knock
from gwsim.lab.live.order import IMAGE
from gwsim.lab.runtimes.failure import RuntimeFailure

_NO_SUBNET = (
    "the engine has no subnet left for the lab's networks, or all are occupied: remove networks"
    " nobody uses, `docker network prune`, or give it more with default-address-pools in"
    " /etc/docker/daemon.json; `ip route` on its machine tells what else takes them"
)

_REMEDIES: tuple[tuple[str, str], ...] = (
    (
        "/dev/net/tun",
        "the engine's machine has no /dev/net/tun: load the module there, `modprobe tun`",
    ),
    ("pools have been fully subnetted", _NO_SUBNET),
    ("non-overlapping ipv4 address pool", _NO_SUBNET),
    (
        "overlaps with other one",
        "a subnet that the lab's networks need is occupied: find out by whom with `docker network"
        " ls` and `ip route`, and remove that network",
    ),
    (
        "is already in use by container",
        "a lab of this name is running already; end it with `gwsim down NAME`, or give this one"
        " another name with --name",
    ),
    (
        "operation not permitted",
        "the engine does not grant what a node needs (NET_ADMIN, NET_RAW, /dev/net/tun); a rootless"
        " engine or a security module may forbid it",
    ),
    (
        "sysctl",
        "the engine does not let containers have their own net.ipv4 settings (--sysctl); containers"
        " that share the machine's network cannot be nodes",
    ),
)


def connect() -> Any:
    """Give a client of the engine that DOCKER_HOST names; raises RuntimeFailure, in words."""
    client = None
    try:
        knock()
        client = docker.from_env(timeout=TIMEOUT)
        client.ping()
    except (DockerException, OSError) as error:
        if client is not None:
            client.close()
        raise RuntimeFailure(
            f"no Docker engine answers here ({_first_words(error)}): install and start one"
            " (`systemctl start docker`), join the group docker, or set DOCKER_HOST to one"
        ) from None
    return client


def require_image(client: Any) -> None:
    """Raise RuntimeFailure unless the image is there."""
    try:
        client.images.get(IMAGE)
    except ImageNotFound:
        raise RuntimeFailure(
            f"there is no image called {IMAGE} on this engine: build it in the project's folder"
            f" with `docker build -t {IMAGE} .`"
        ) from None


@contextmanager
def engine_words() -> Iterator[None]:
    """Turn what an engine complains of into a RuntimeFailure with a remedy."""
    try:
        yield
    except APIError as error:
        said = str(error.explanation or error)
        for sign, remedy in _REMEDIES:
            if sign in said.lower():
                raise RuntimeFailure(remedy) from None
        raise RuntimeFailure(f"the Docker engine refused: {said}") from None
    except (DockerException, OSError) as error:
        raise RuntimeFailure(f"the Docker engine broke off: {_first_words(error)}") from None


@contextmanager
def gone_is_fine() -> Iterator[None]:
    """Take no offence at what is not there any more, or just going."""
    try:
        yield
    except NotFound:
        return
    except APIError as error:
        if error.status_code != 409:
            raise


def _first_words(error: BaseException) -> str:
    """Give the heart of an error that wraps others."""
    text = f"{type(error).__name__}: {error}"
    for sign in ("FileNotFoundError", "ConnectionRefusedError", "PermissionError"):
        if sign in text:
            return {
                "FileNotFoundError": "there is no socket",
                "ConnectionRefusedError": "nobody listens at its socket",
                "PermissionError": "its socket may not be used",
            }[sign]
    return str(error) or type(error).__name__
