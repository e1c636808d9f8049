"""ESP through two real daemons, beside plain routing, a bare TUN relay and strongSwan.

    python benchmarks/bench_throughput.py [--seconds 3] [--rounds 2] [NAME ...]

TCP by iperf3; UDP as the highest rate of packets of which at most one in a hundred is lost. All
four namespaces share the machine's cores, iperf3 included, so figures compare within one run only;
the processor time that both gateways need for a Gbit says more on a machine that is busy.
Needs root or user namespaces, /dev/net/tun, ip, iperf3, and strongSwan where it is to be compared.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import rigs  # noqa: E402
from gwsim.ike.config import Phase2Transform  # noqa: E402

Rig = Callable[[Path], AbstractContextManager[list[int]]]

_INSIDE = "GWSIM_BENCH_NAMESPACE"
_SETUP = 'mount -t tmpfs tmpfs /run && mkdir /run/netns && ip link set lo up && exec "$@"'
_HEADERS = 28
_MOST_KPPS = 200.0
_STEPS = 6
_COLUMNS = ("TCP Mbit/s", "CPU s/Gbit", "kpps 1400 B", "kpps 64 B")


def _ours(transform: int, authentication: int | None, bits: int | None, udp: bool = True) -> Rig:
    return partial(
        rigs.gateways, transform=Phase2Transform(transform, authentication, bits), udp=udp
    )


RIGS: dict[str, Rig] = {
    "plain routing": rigs.plain,
    "TUN relay, no crypto": rigs.relay,
    "strongSwan aes128-sha1": partial(rigs.strongswan, proposal="aes128-sha1"),
    "strongSwan aes128gcm16": partial(rigs.strongswan, proposal="aes128gcm16"),
    "gwsim aes128-sha1": _ours(12, 2, 128),
    "gwsim aes128gcm16": _ours(20, None, 128),
    "gwsim aes256-sha256": _ours(12, 5, 256),
    "gwsim 3des-sha1": _ours(3, 2, None),
    "gwsim null-sha1": _ours(11, 2, None),
    "gwsim aes128-sha1, protocol 50": _ours(12, 2, 128, udp=False),
}


def iperf(*options: str) -> dict[str, dict[str, float]]:
    """Run one iperf3 from client to server and give what it measured."""
    server = subprocess.Popen(
        rigs.inside("server", "iperf3", "-s", "-1"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(50):
            done = rigs.run(
                *rigs.inside("client", "iperf3", "-c", rigs.SERVER, "-J", *options), check=False
            )
            found = json.loads(done.stdout)
            if "error" not in found:
                end: dict[str, dict[str, float]] = found["end"]
                return end
            time.sleep(0.1)
        raise RuntimeError(found["error"])
    finally:
        server.terminate()
        server.wait(10)


def tcp(seconds: int, pids: list[int]) -> tuple[float, float]:
    """Measure TCP in Mbit/s, and the seconds both gateways compute for a Gbit."""
    before = computed(pids)
    found = iperf("-t", str(seconds))["sum_received"]
    cost = (computed(pids) - before) / (found["bytes"] * 8 / 1e9)
    return found["bits_per_second"] / 1e6, cost


def computed(pids: list[int]) -> float:
    """Give the seconds of processor that processes have used, in the kernel too."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")")[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def udp(length: int, most: float) -> float:
    """Find the rate in kpps at which packets of `length` octets still come through, 1 % lost."""
    payload = length - _HEADERS
    low, high, best = 0.0, most, 0.0
    for _ in range(_STEPS):
        rate = (low + high) / 2
        bits = int(rate * 1000 * payload * 8)
        words = ["-u", "-t", "1", "-w", "2M", "-l", str(payload), "-b", str(bits)]
        found = iperf(*words)["sum"]
        arrived = (found["packets"] - found["lost_packets"]) / found["seconds"] / 1000
        if found["lost_percent"] <= 1.0:
            best = max(best, arrived)
            low = rate
            if arrived < rate * 0.9:
                break  # the sender has no more to give
        else:
            high = rate
    return best


def measure(name: str, seconds: int) -> tuple[float, ...]:
    """Set a rig up and measure it: TCP Mbit/s and its cost, kpps at 1400 and at 64 octets."""
    with tempfile.TemporaryDirectory(prefix="gwsim-") as folder, RIGS[name](Path(folder)) as pids:
        return *tcp(seconds, pids), udp(1400, _MOST_KPPS), udp(64, _MOST_KPPS)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(RIGS)}")
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=2)
    chosen = parser.parse_args()
    names = [name for name in RIGS if not chosen.names or name in chosen.names]
    missing = [name for name in ("ip", "iperf3", "ping") if shutil.which(name) is None]
    if missing:
        sys.exit(f"not measured: {', '.join(missing)} must be installed")
    if not rigs.has_strongswan():
        names = [name for name in names if not name.startswith("strongSwan")]
        print("strongSwan is not installed and not compared")
    found: dict[str, list[tuple[float, ...]]] = {name: [] for name in names}
    for _ in range(chosen.rounds):
        for name in names:
            found[name].append(measure(name, chosen.seconds))
    print(f"{'best of ' + str(chosen.rounds):32}" + "".join(f"{word:>13}" for word in _COLUMNS))
    for name, rounds in found.items():
        rates, costs, large, small = zip(*rounds, strict=True)
        best = max(rates), min(costs), max(large), max(small)
        print(f"{name:32}" + "".join(f"{value:13.1f}" for value in best), flush=True)


def isolated() -> None:
    """Start again inside namespaces of our own, for root or anybody."""
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    flags = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    again = [sys.executable, str(Path(__file__).resolve()), *sys.argv[1:]]
    os.environ[_INSIDE] = "1"
    os.environ["PYTHONPATH"] = str(ROOT)
    os.execvp("unshare", ["unshare", *user, *flags, "sh", "-c", _SETUP, "sh", *again])


if __name__ == "__main__":
    if os.environ.get(_INSIDE):
        main()
    else:
        isolated()
