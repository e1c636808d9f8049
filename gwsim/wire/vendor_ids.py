"""Vendor IDs by name.

Most are an MD5 of a text, whole, cut, or with a version in the last octets (RFC 2408 3.16).
Sources: RFC 3706 and 3947 and the latter's drafts; for what devices were seen to send, the
public lists of ike-scan, nmap and libreswan.
"""

# md5 of the document's name.
NAT_T_RFC = bytes.fromhex("4a131c81070358455c5728f20e95452f")
NAT_T_DRAFT_00 = bytes.fromhex("4485152d18b6bbcd0be8a8469579ddcc")
NAT_T_DRAFT_01 = bytes.fromhex("16f6ca16e4a4066d83821a0f0aeaa862")
NAT_T_DRAFT_02 = bytes.fromhex("cd60464335df21f87cfdb2fc68b6a448")
# The draft's text hashed its name with a newline at the end, and everybody sends both.
NAT_T_DRAFT_02_NEWLINE = bytes.fromhex("90cb80913ebb696e086381b5ec427b1f")
NAT_T_DRAFT_03 = bytes.fromhex("7d9419a65310ca6f2c179d9215529d56")
NAT_T_DRAFT_07 = bytes.fromhex("439b59f8ba676c4c7737ae22eab8f582")

DPD = bytes.fromhex("afcad71368a1f1c96b8696fc77570100")
XAUTH = bytes.fromhex("09002689dfd6b712")

# md5("FRAGMENTATION"); Cisco appends a word that says in which modes: 8 main, 4 aggressive.
FRAGMENTATION = bytes.fromhex("4048b7d56ebce88525e7de7f00d6c2d3")
FRAGMENTATION_MAIN = FRAGMENTATION + bytes.fromhex("80000000")
FRAGMENTATION_MAIN_AND_AGGRESSIVE = FRAGMENTATION + bytes.fromhex("c0000000")

CISCO_UNITY = bytes.fromhex("12f5f28c457168a9702d9fe274cc0100")
# md5("ALTIGA GATEWAY"), cut, and a version; 1.0 is what an ASA sends.
CISCO_ASA = bytes.fromhex("1f07f70eaa6514d3b0fa96542a500100")

# Hash of the model and software, then two words; this one is an SSG-550M with ScreenOS 6.2.
SCREENOS = bytes.fromhex("2c9d7e81995b9967d23f571ac641f9348122f1cc1200000014060000")
# The same of an NS-5GT, whose two words are zero.
SCREENOS_5GT = bytes.fromhex("166f932d55eb64d8e4df4fd37e2313f0d0fd84510000000000000000")
# "HeartBeat_Notify" and a version.
NETSCREEN_HEARTBEAT = bytes.fromhex("4865617274426561745f4e6f74696679386b0100")

# "BNES", the Bay Networks Enterprise Switch it once was, and a version.
NORTEL_CONTIVITY = bytes.fromhex("424e455300000009")
FORTIGATE = bytes.fromhex("8299031757a36082c6a621de00000000")
STRONGSWAN = bytes.fromhex("882fe56d6fd20dbc2251613b2ebe5beb")
RACOON = bytes.fromhex("7003cbc1097dbe9c2600ba6983bc8b35")

NAMES: dict[bytes, str] = {
    NAT_T_RFC: "RFC 3947 NAT-T",
    NAT_T_DRAFT_00: "draft-ietf-ipsec-nat-t-ike-00",
    NAT_T_DRAFT_01: "draft-ietf-ipsec-nat-t-ike-01",
    NAT_T_DRAFT_02: "draft-ietf-ipsec-nat-t-ike-02",
    NAT_T_DRAFT_02_NEWLINE: "draft-ietf-ipsec-nat-t-ike-02\\n",
    NAT_T_DRAFT_03: "draft-ietf-ipsec-nat-t-ike-03",
    NAT_T_DRAFT_07: "draft-ietf-ipsec-nat-t-ike-07",
    DPD: "Dead Peer Detection",
    XAUTH: "XAUTH",
    FRAGMENTATION: "IKE Fragmentation",
    FRAGMENTATION_MAIN: "IKE Fragmentation (main mode)",
    FRAGMENTATION_MAIN_AND_AGGRESSIVE: "IKE Fragmentation (main and aggressive mode)",
    CISCO_UNITY: "Cisco Unity",
    CISCO_ASA: "Cisco VPN 3000/ASA",
    SCREENOS: "ScreenOS 6.2 (SSG-550M)",
    SCREENOS_5GT: "ScreenOS (NS-5GT)",
    NETSCREEN_HEARTBEAT: "NetScreen HeartBeat Notify",
    NORTEL_CONTIVITY: "Nortel Contivity",
    FORTIGATE: "FortiGate",
    STRONGSWAN: "strongSwan",
    RACOON: "KAME/racoon",
}
"""Vendor IDs known to the last octet."""

PREFIXES: dict[bytes, str] = {
    DPD[:14]: "Dead Peer Detection",
    FRAGMENTATION: "IKE Fragmentation",
    CISCO_ASA[:14]: "Cisco VPN 3000/ASA",
    bytes.fromhex("3e984048"): "Cisco IOS",
    NETSCREEN_HEARTBEAT[:16]: "NetScreen HeartBeat Notify",
    SCREENOS[:20]: "ScreenOS (SSG-550M)",
    SCREENOS_5GT[:20]: "ScreenOS (NS-5GT)",
    bytes.fromhex("4a4340b543e02b84c88a8b96a8af9ebe77d9accc"): "ScreenOS (NS-5GT)",
    bytes.fromhex("299ee8289f40a8973bc78687e2e7226b532c3b76"): "ScreenOS (NS-5XP)",
    bytes.fromhex("64405f46f03b7660a23be116a1975058e69e8387"): "ScreenOS (NS-5XP)",
    bytes.fromhex("9436e8d67174ef9aed068d5ad5213f187a3f8ba6"): "ScreenOS (NS-5XP)",
    bytes.fromhex("3a15e1f3cf2a63582e3ac82d1c64cbe3b6d779e7"): "ScreenOS",
    bytes.fromhex("47d2b126bfcd83489760e2cf8c5d4d5a03497c15"): "ScreenOS",
    bytes.fromhex("699369228741c6d4ca094c93e242c9de19e7b7c6"): "ScreenOS",
    bytes.fromhex("8c0dc6cf62a0ef1b5c6eabd1b67ba69866adf16a"): "ScreenOS",
    bytes.fromhex("92d27a9ecb31d99246986d3453d0c3d57a222a61"): "ScreenOS",
    bytes.fromhex("9b096d9ac3275a7d6fe8b91c583111b09efed1a0"): "ScreenOS",
    bytes.fromhex("bf03746108d746c904f1f3547de24f78479fed12"): "ScreenOS",
    bytes.fromhex("c2e80500f4cc5fbf5daaeed3bb59abaeee56c652"): "ScreenOS",
    bytes.fromhex("c8660a62b03b1b6130bf781608d32a6a8d0fb89f"): "ScreenOS",
    bytes.fromhex("f885da40b1e7a9abd17655ec5bbec0f21f0ed52e"): "ScreenOS",
    bytes.fromhex("2a2bcac19b8e91b426107807e02e7249569d6fd3"): "ScreenOS",
    bytes.fromhex("a35bfd05ca1ac0b3d2f24e9e82bfcbff9c9e52b5"): "ScreenOS",
    NORTEL_CONTIVITY[:4]: "Nortel Contivity",
    FORTIGATE[:12]: "FortiGate",
    bytes.fromhex("f4ed19e0c114eb516faaac0ee37daf2807b4381f"): "Check Point VPN-1",
    bytes.fromhex("404bf439522ca3f6"): "SonicWall",
    bytes.fromhex("1e2b516905991c7d7c96fcbfb587e461"): "Microsoft Windows",
}
"""Vendor IDs that end in a version or in capabilities: what they begin with."""


def name_of(data: bytes) -> str | None:
    """Name a vendor ID, exactly or by how it begins; None for one that nobody knows."""
    exact = NAMES.get(data)
    if exact is not None:
        return exact
    return next((name for prefix, name in PREFIXES.items() if data.startswith(prefix)), None)
