"""strongSwan as one end of a tunnel: charon with ESP in user space, spoken to by swanctl.

Each has its own configuration, socket and log in a folder of its own. Its retransmissions can be
made faster (`hurry`), in step with a gateway of ours whose clock runs as much faster.
"""

import contextlib
import os
import re
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.peers.spaces import Spaces, eventually
from tests.peers.tunnel import EAST, WEST, Tunnel

PROGRAMS = ("charon-systemd", "swanctl", "nsenter", "setpriv", "nft")
"""What a machine must have for tests with it."""

_PLUGINS = (
    "aesni random nonce aes des sha1 sha2 md5 hmac kdf xcbc ctr ccm gcm gmp drbg openssl"
    " {kernel} kernel-netlink socket-default vici"
)
_SCHEDULE = 4.0
_TRIES = 5
_HALF_OPEN = 60

_AT_ONCE = ("--timeout", "-1")


@dataclass(frozen=True, slots=True)
class Charon:
    """How a charon is started.

    Its waits are `hurry` times shorter. A `plain` one has no ESP in user space: it negotiates
    transport mode and protocol 50 and writes the keys down, whether its kernel can use them or not.
    """

    hurry: float = 1.0
    plain: bool = False


AS_IT_IS = Charon()


class StrongSwan:
    """One strongSwan at a node; `side` is the side of the tunnel that it plays."""

    def __init__(
        self, spaces: Spaces, node: str, side: str, folder: Path, how: Charon = AS_IT_IS
    ) -> None:
        self._spaces = spaces
        self._node = node
        self._side = side
        self._folder = folder
        self._how = how
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "etc").mkdir(parents=True)
        (folder / "strongswan.conf").write_text(self._settings(), encoding="utf-8")

    # its life

    def start(self) -> None:
        """Start it; it answers when this returns."""
        socket = self._folder / "vici"
        socket.unlink(missing_ok=True)
        with (self._folder / "stdout").open("ab") as words:
            self._process = subprocess.Popen(
                self._spaces.words(self._node, "charon-systemd"),
                stdout=words,
                stderr=words,
                env={**os.environ, "STRONGSWAN_CONF": str(self._folder / "strongswan.conf")},
            )
        ready = eventually(lambda: self.control("--stats", check=False).returncode == 0)
        assert ready, f"charon does not answer: {self.log()}"

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it, in order or as a power failure would; a TUN device of it ends with it."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(20)
            self._process = None

    def configure(self, *tunnels: Tunnel) -> None:
        """Replace what it is told; nothing that is up is touched."""
        text = "\n".join(self._connection(f"gw{n}", t) for n, t in enumerate(tunnels))
        (self._folder / "etc" / "swanctl.conf").write_text(text, encoding="utf-8")
        self.control("--load-all", "--clear", "--noprompt")

    # what it is told to do

    def initiate(self, child: int = 0, wait: bool = True) -> bool:
        """Begin; True when it came up. Without `wait` it goes on by itself."""
        self.control("--initiate", "--child", f"net{child}", *_AT_ONCE)
        return not wait or eventually(lambda: self._is_up(child), 20.0)

    def _is_up(self, child: int) -> bool:
        return re.search(rf"^  net{child}: .* INSTALLED,", self.sas(), re.MULTILINE) is not None

    def rekey(self, phase: int) -> None:
        """Renew the ISAKMP SA or the IPsec SAs."""
        self.control("--rekey", *(("--ike", "gw0") if phase == 1 else ("--child", "net0")))

    def delete(self, phase: int) -> None:
        """Delete the ISAKMP SA or the IPsec SAs, with a word to the peer."""
        which = ("--ike", "gw0") if phase == 1 else ("--child", "net0")
        self.control("--terminate", *which, *_AT_ONCE)

    def clear(self) -> None:
        """Forget everything at once; what was being negotiated is forgotten as well."""
        if self.sas():
            self.control("--terminate", "--ike", "gw0", "--force", *_AT_ONCE, check=False)
        assert eventually(lambda: not self.sas()), self.sas()

    # what it says

    def sas(self) -> str:
        """List its SAs, in its own words."""
        return self.control("--list-sas").stdout

    def states(self) -> list[str]:
        """Give the states of its ISAKMP SAs."""
        return re.findall(r"^\S+: #\d+, (\w+), IKEv1", self.sas(), re.MULTILINE)

    def children(self) -> list[str]:
        """Give the states of its IPsec SAs."""
        return re.findall(r"^  \S+: #\d+, reqid \d+, (\w+),", self.sas(), re.MULTILINE)

    def log(self) -> str:
        """Everything it wrote down."""
        with contextlib.suppress(FileNotFoundError):
            return (self._folder / "log").read_text(encoding="utf-8", errors="replace")
        return (self._folder / "stdout").read_text(encoding="utf-8", errors="replace")

    def control(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Speak to it by swanctl."""
        done = subprocess.run(
            ["swanctl", *words, "--uri", f"unix://{self._folder}/vici"],
            capture_output=True,
            text=True,
            env={**os.environ, "SWANCTL_DIR": str(self._folder / "etc")},
            timeout=60,
            check=False,
        )
        assert not check or done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done

    # its configuration

    def _settings(self) -> str:
        how = self._how
        kernel = "" if how.plain else "kernel-libipsec"
        return f"""charon {{
  load = {_PLUGINS.format(kernel=kernel)}
  retransmit_timeout = {_SCHEDULE / how.hurry}
  retransmit_tries = {_TRIES}
  half_open_timeout = {max(1, round(_HALF_OPEN / how.hurry))}
  i_dont_care_about_security_and_use_aggressive_mode_psk = yes
  delete_rekeyed_delay = 1
  filelog {{ f {{
    path = {self._folder}/log
    flush_line = yes
    time_format = %H:%M:%S
    default = 1
    chd = {4 if how.plain else 1} }} }}
  plugins {{
    vici {{ socket = unix://{self._folder}/vici }}
    kernel-libipsec {{ allow_peer_ts = yes }}
  }}
}}
charon-systemd {{ journal {{ default = -1 }} }}
"""

    def _connection(self, name: str, tunnel: Tunnel) -> str:
        own, other = ("west", "east") if self._side == "west" else ("east", "west")
        identities = {"west": tunnel.west, "east": tunnel.east}
        peer = tunnel.peer or tunnel.address_of(other)
        address = {"west": WEST, "east": EAST}[own]
        children = [self._child(n, tunnel, pair) for n, pair in enumerate(tunnel.pairs)]
        secret = f'secrets {{ ike-{name} {{ secret = "{tunnel.psk}" }} }}' if tunnel.psk else ""
        probes = f"dpd_delay = {tunnel.dpd}\n  dpd_timeout = {tunnel.dpd * 3}" if tunnel.dpd else ""
        return f"""connections {{ {name} {{
  version = 1
  aggressive = {_yes(tunnel.aggressive)}
  local_addrs = {address}
  remote_addrs = {peer}
  proposals = {tunnel.ike}
  rekey_time = {tunnel.ike_lifetime}
  encap = {_yes(tunnel.forced)}
  {probes}
  local {{
    auth = psk
    id = {identities[own]} }}
  remote {{
    auth = psk
    id = {identities[other]} }}
  children {{ {" ".join(children)} }} }} }}
{secret}
"""

    def _child(self, number: int, tunnel: Tunnel, pair: tuple[str, str]) -> str:
        local, remote = pair if self._side == "west" else pair[::-1]
        return f"""net{number} {{
    local_ts = {local}
    remote_ts = {remote}
    esp_proposals = {tunnel.esp}
    mode = {"transport" if tunnel.transport else "tunnel"}
    rekey_time = {tunnel.lifetime} }}"""


def _yes(wish: bool) -> str:
    return "yes" if wish else "no"
