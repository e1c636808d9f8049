"""`gwsim gateway`: a gateway without a lab, against any other IKEv1 device."""

import os
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from gwsim.cli.files import stop_for
from gwsim.cli.labs import in_words
from gwsim.cli.output import complain, stop, write
from gwsim.gateway.config import GatewayConfig
from gwsim.ike.config import Connection
from gwsim.lab.source import ScenarioError
from gwsim.lab.standalone.configuration import ConfigurationError, Standalone, read_configuration
from gwsim.lab.standalone.keys import VARIABLE, read_keys, with_keys
from gwsim.vendors.registry import VENDORS


def gateway(
    config: Annotated[
        Path,
        typer.Option("--config", "-c", metavar="FILE", help="Of a device, or YAML; see above."),
    ],
    keys: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Pre-shared keys: lines `PEER KEY`.")
    ] = None,
    vendor: Annotated[
        str, typer.Option(metavar="VENDOR", help="Whose configuration, where it does not tell.")
    ] = "",
    name: Annotated[
        str, typer.Option(metavar="NAME", help="The gateway's name; of YAML, which one it is.")
    ] = "",
    initiate: Annotated[
        bool, typer.Option("--initiate", help="Negotiate at once, not when traffic wants it.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only say what the configuration comes to.")
    ] = False,
) -> None:
    """Be one gateway on this machine's network, until Ctrl-C.

    FILE is what the device prints (`more system:running-config`, `show running-config`, `get
    config`) or YAML: `gateways` and `tunnels` as in a scenario, peers without vendor. Keys that
    are starred there come from --keys or from $GWSIM_PSK. It needs its addresses on interfaces of
    this machine, and NET_ADMIN and NET_RAW. Then, elsewhere: gwsim show, logs, status, down.
    """
    found = _read(config, keys, vendor, name)
    for line in found.unused:
        complain(f"not used: {line}")
    if found.foreign:
        complain(f"{found.foreign} lines on other matters were passed over")
    told = _eager(found.config) if initiate else found.config
    write(_summary(told))
    if not check:
        _serve(told)


def _read(config: Path, keys: Path | None, vendor: str, name: str) -> Standalone:
    try:
        found = read_configuration(config, vendor, name)
        told = read_keys(keys) if keys is not None else {}
        keyed = with_keys(found.config, told, os.environ.get(VARIABLE, ""))
    except ConfigurationError as error:
        stop(str(error))
    except ScenarioError as error:
        stop_for(error)
    return replace(found, config=keyed)


def _eager(config: GatewayConfig) -> GatewayConfig:
    peers = tuple(
        replace(peer, auto_start=peer.may_initiate) for peer in config.endpoint.connections
    )
    return replace(config, endpoint=replace(config.endpoint, connections=peers))


def _summary(config: GatewayConfig) -> str:
    """Say in few lines what the gateway will do."""
    inside = ", ".join(config.inside) or "nothing"
    title = VENDORS[config.vendor].title
    head = f"{config.name}: {title} at {config.endpoint.address}, behind it {inside}"
    off = [] if config.endpoint.enabled else ["  IKE is not enabled on its outside interface"]
    return "\n".join([head, *off, *(_peer(peer) for peer in config.endpoint.connections)])


def _peer(peer: Connection) -> str:
    mode = "aggressive" if peer.aggressive else "main"
    pairs = ", ".join(f"{child.local} -> {child.remote}" for child in peer.children)
    return f"  peer {peer.remote or 'any'}, {mode} mode: {pairs or 'no traffic'}"


def _serve(config: GatewayConfig) -> None:
    """Run it; what that takes is not on every machine, so it is imported only here."""
    alone = import_module("gwsim.lab.live.alone")
    node_error: type[Exception] = import_module("gwsim.daemon.process").NodeError
    with in_words():
        try:
            alone.serve(config, alone.lab_name(config.name))
        except node_error as error:
            stop(str(error))
