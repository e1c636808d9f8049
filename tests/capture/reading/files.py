"""Capture files of every kind, made for the tests that read them."""

import struct

PCAP_MAGIC = {"us": 0xA1B2C3D4, "ns": 0xA1B23C4D, "patched": 0xA1B2CD34}


def pcap(frames, order="<", kind="us", link=101):
    """A pcap file of frames (time, octets)."""
    made = struct.pack(f"{order}IHHiIII", PCAP_MAGIC[kind], 2, 4, 0, 0, 262144, link)
    fraction = 10**9 if kind == "ns" else 10**6
    for at, data in frames:
        seconds = int(at)
        rest = round((at - seconds) * fraction)
        made += struct.pack(f"{order}IIII", seconds, rest, len(data), len(data))
        made += bytes(8) if kind == "patched" else b""
        made += data
    return made


def block(kind, body, order="<"):
    """A block of pcapng."""
    body += bytes(-len(body) % 4)
    length = struct.pack(f"{order}I", len(body) + 12)
    return struct.pack(f"{order}I", kind) + length + body + length


def section(order="<"):
    return block(0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(link=101, order="<", options=b""):
    return block(1, struct.pack(f"{order}HHI", link, 0, 0) + options, order)


def option(code, value, order="<"):
    return struct.pack(f"{order}HH", code, len(value)) + value + bytes(-len(value) % 4)


def packet(at, data, order="<", number=0, ticks=10**6):
    """An enhanced packet block."""
    high, low = divmod(round(at * ticks), 1 << 32)
    head = struct.pack(f"{order}IIIII", number, high, low, len(data), len(data))
    return block(6, head + data, order)


def pcapng(frames, order="<", link=101):
    """A pcapng file of frames (time, octets)."""
    made = section(order) + interface(link, order)
    return made + b"".join(packet(at, data, order) for at, data in frames)
