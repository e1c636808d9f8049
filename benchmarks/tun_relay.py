"""A tunnel without protection: packets from TUN to UDP and back, what a tunnel costs at least.

tun_relay.py OWN PEER NETWORK
"""

import os
import selectors
import socket
import subprocess
import sys

from gwsim.daemon.tun import Tun


def main(own: str, peer: str, network: str) -> None:
    """Relay until killed."""
    tun = Tun("relay")
    subprocess.run(["ip", "link", "set", "relay", "up", "mtu", "1400"], check=True)
    subprocess.run(["ip", "route", "add", network, "dev", "relay"], check=True)
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    udp.bind((own, 4500))
    udp.connect((peer, 4500))
    udp.setblocking(False)
    ready = selectors.DefaultSelector()
    ready.register(tun, selectors.EVENT_READ, (lambda: os.read(tun.fileno(), 65536), udp.send))
    write = tun.fileno()
    ready.register(
        udp, selectors.EVENT_READ, (lambda: udp.recv(65536), lambda data: os.write(write, data))
    )
    while True:
        for key, _ in ready.select():
            take, give = key.data
            try:
                while True:
                    give(take())
            except OSError:
                continue


if __name__ == "__main__":
    main(*sys.argv[1:])
