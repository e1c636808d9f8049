"""Pure functions on bytes: every key, hash, cipher and group of IKEv1 and ESP.

The map of this floor:

* `dh`: Diffie-Hellman groups, key pairs and shared secrets; their primes stand in `moduli`.
* `hashes`: phase 1 hash algorithms, their HMAC as PRF, comparison in constant time.
* `ciphers`: the CBC ciphers of phase 1.
* `skeyid`: one function per formula of RFC 2409: SKEYID family, HASH_I to HASH(3), IVs, KEYMAT.
* `esp_suites`: which ESP transforms go together and how long their keys, IVs and ICVs are.
* `esp`: one object per ESP security association that seals and opens packets, on `esp_ciphers`;
  `esp_rows`: many packets of one length at once.
* `esp_trailer`: the self-describing padding and next header of ESP.
* `weak`: what is weak about a choice of algorithms, in words for a report.
* `errors`: everything these functions raise.

Algorithms are named by their numbers on the wire. Nothing here has a clock or a source of luck:
private values come from the caller's `rng`, IVs from the caller's octets. This is the only floor
that imports `cryptography` and `gmpy2`.
"""
