"""What is weak about a choice of algorithms, in words that every report uses.

A lab must speak the algorithms of the field's old gateways; it must not let them pass unmarked.
The judgement follows RFC 8247 and RFC 8221: single and triple DES and the other 64-bit blocks, MD5,
and MODP groups up to 1536 bits.
"""

from gwsim.crypto.ciphers import CIPHERS
from gwsim.crypto.dh import GROUPS
from gwsim.crypto.esp_suites import EspSuite
from gwsim.crypto.hashes import HASHES


def weaknesses_phase1(
    encryption: int, key_bits: int | None, hash_number: int, group: int
) -> tuple[str, ...]:
    """Name what is weak in a phase 1 transform, by wire numbers; empty for a sound one.

    Numbers that are not known here are not judged.
    """
    found = []
    if encryption in CIPHERS:
        found.append(CIPHERS[encryption].weakness)
        found.append(_short_key(CIPHERS[encryption].name, key_bits))
    if hash_number in HASHES:
        found.append(HASHES[hash_number].weakness)
    found.append(_weak_group(group))
    return tuple(words for words in found if words)


def weaknesses_esp(suite: EspSuite, pfs_group: int | None) -> tuple[str, ...]:
    """Name what is weak in an ESP suite and its PFS group (None without PFS)."""
    words = "" if pfs_group is None else _weak_group(pfs_group)
    return (*suite.weaknesses, words) if words else suite.weaknesses


def _short_key(name: str, key_bits: int | None) -> str:
    """Judge a negotiated key length, as Blowfish and CAST allow from 40 bits on."""
    return f"{name}: {key_bits}-bit key" if key_bits is not None and key_bits < 128 else ""


def _weak_group(number: int) -> str:
    of = GROUPS.get(number)
    return f"group {number}: {of.bits}-bit MODP" if of is not None and of.weak else ""
