"""What the debug output says of payloads: vendor IDs, identities, the attributes of a transform.

Source: vendor sheet, IOS debug (captures of both roles).
"""

from collections.abc import Iterator, Sequence

from gwsim.vendors.ios import catalogue
from gwsim.vendors.ios.names import (
    CONSTRUCTED_NAT_T,
    DEBUG_AUTHENTICATION,
    DEBUG_ENCRYPTION,
    DEBUG_ESP_AUTHENTICATION,
    DEBUG_HASH,
    DEBUG_TRANSFORM,
    KNOWN_VENDOR_IDS,
    MODES,
    identity_kind,
)
from gwsim.vendors.ios.text import Text
from gwsim.wire import vendor_ids
from gwsim.wire.codec import build_body
from gwsim.wire.ip import format_address
from gwsim.wire.numbers import (
    IdType,
    LifeType,
    PayloadType,
    Phase1Attribute,
    Phase2Attribute,
)
from gwsim.wire.payloads import (
    Attribute,
    Identification,
    Payload,
    SecurityAssociation,
    Transform,
    VendorId,
)

Line = tuple[Text, dict[str, object]]

MAJOR = 14
"""Which octet of a vendor ID a router takes for the major version of Unity and DPD."""

_OWN_MAJOR = 1
_IOS = "Cisco IOS"


def vendor_id_lines(payloads: Sequence[Payload]) -> Iterator[Line]:
    """Tell of the vendor IDs of a message, one by one.

    A router compares every one with those of Unity and DPD first. It looks at the same octet of
    each, and so beyond the end of a short one: into the payload that follows.
    """
    for place, payload in enumerate(payloads):
        if isinstance(payload, VendorId):
            yield catalogue.PROCESSING_VENDOR_ID, {}
            yield from _one_vendor_id(payload.data, payloads[place + 1 :])


def _one_vendor_id(data: bytes, following: Sequence[Payload]) -> Iterator[Line]:
    if data[:MAJOR] == vendor_ids.CISCO_UNITY[:MAJOR]:
        yield catalogue.VENDOR_ID_IS, {"what": "Unity"}
    elif data[:MAJOR] == vendor_ids.DPD[:MAJOR]:
        yield catalogue.VENDOR_ID_IS, {"what": "DPD"}
    elif vendor_ids.name_of(data) == _IOS:
        yield catalogue.ANOTHER_IOS, {}
    else:
        major = _major(data, following)
        if major == _OWN_MAJOR:
            yield catalogue.SEEMS_UNITY_HASH, {}
        elif major is not None:
            yield catalogue.SEEMS_UNITY, {"major": major}
        if data in KNOWN_VENDOR_IDS:
            yield catalogue.VENDOR_ID_IS, {"what": KNOWN_VENDOR_IDS[data]}


def _major(data: bytes, following: Sequence[Payload]) -> int | None:
    octets = data
    if len(octets) <= MAJOR and following:
        body = build_body(following[0])
        length = 4 + len(body)
        # What follows the next payload is not needed: MAJOR lies before its end.
        octets += bytes(2) + length.to_bytes(2, "big") + body
    return octets[MAJOR] if len(octets) > MAJOR else None


def constructed_lines(payloads: Sequence[Payload]) -> Iterator[Line]:
    """Tell which dialects of NAT-T are announced in a message of ours."""
    for payload in payloads:
        if isinstance(payload, VendorId) and payload.data in CONSTRUCTED_NAT_T:
            yield catalogue.CONSTRUCTED_NAT_T, {"what": CONSTRUCTED_NAT_T[payload.data]}


def identity_line(payload: Identification) -> Line:
    """Print an identity of phase 1."""
    if payload.id_type == IdType.IPV4_ADDR and len(payload.data) == 4:
        caption = "address     "
        name = format_address(int.from_bytes(payload.data, "big"))
    else:
        caption = "FQDN name   " if payload.id_type == IdType.FQDN else "USER FQDN   "
        name = payload.data.decode("ascii", "backslashreplace")
    return catalogue.IDENTITY, {
        "following": int(PayloadType.HASH),
        "kind": payload.id_type,
        "caption": caption,
        "name": name,
        "protocol": payload.protocol,
        "port": payload.port,
        "length": identity_length(payload),
    }


def identity_length(payload: Identification) -> int:
    """Give the length of an identification payload, octets with its header."""
    return 8 + len(payload.data)


def identity_name(payload: Identification) -> str:
    """Name the type of an identity: `ID_IPV4_ADDR`."""
    return identity_kind(payload.id_type)


def offered(payloads: Sequence[Payload]) -> list[tuple[int, Transform, bool]]:
    """List the transforms of an SA payload: proposal number, transform, whether more follow."""
    for payload in payloads:
        if isinstance(payload, SecurityAssociation):
            return [
                (proposal.number, transform, number < len(proposal.transforms))
                for proposal in payload.proposals
                for number, transform in enumerate(proposal.transforms, 1)
            ]
    return []


def phase1_lines(transform: Transform) -> Iterator[Line]:
    """Tell the attributes of a transform of phase 1, in their order."""
    tables: dict[int, tuple[str, dict[int, str]]] = {
        Phase1Attribute.ENCRYPTION: ("encryption ", DEBUG_ENCRYPTION),
        Phase1Attribute.HASH: ("hash ", DEBUG_HASH),
        Phase1Attribute.GROUP_DESCRIPTION: ("default group ", {}),
        Phase1Attribute.AUTHENTICATION_METHOD: ("auth ", DEBUG_AUTHENTICATION),
        Phase1Attribute.KEY_LENGTH: ("keylength of ", {}),
    }
    for attribute in transform.attributes:
        if attribute.type == Phase1Attribute.LIFE_TYPE:
            yield _attribute(f"life type in {_unit(attribute)}")
        elif attribute.type == Phase1Attribute.LIFE_DURATION:
            yield _attribute(f"life duration {_duration(attribute)}")
        elif attribute.type in tables:
            caption, table = tables[attribute.type]
            value = attribute.as_int
            yield _attribute(f"{caption}{table.get(value, value)}")


def phase2_lines(proposal: int, transform: Transform) -> Iterator[Line]:
    """Tell a transform of phase 2 and its attributes, in their order."""
    name = DEBUG_TRANSFORM.get(transform.transform_id, f"ESP_{transform.transform_id}")
    yield catalogue.CHECKING_IPSEC, {"proposal": proposal}
    yield catalogue.TRANSFORM, {"transform": transform.number, "name": name}
    yield catalogue.ATTRIBUTES, {}
    for attribute in transform.attributes:
        value = attribute.as_int
        if attribute.type == Phase2Attribute.LIFE_TYPE:
            yield _attribute(f"SA life type in {_unit(attribute)}")
        elif attribute.type == Phase2Attribute.LIFE_DURATION:
            yield _attribute(f"SA life duration {_duration(attribute)}")
        elif attribute.type == Phase2Attribute.ENCAPSULATION_MODE:
            yield _attribute(f"encaps is {value} ({MODES.get(value, 'unknown')})")
        elif attribute.type == Phase2Attribute.AUTHENTICATION_ALGORITHM:
            yield _attribute(f"authenticator is {DEBUG_ESP_AUTHENTICATION.get(value, value)}")
        elif attribute.type == Phase2Attribute.KEY_LENGTH:
            yield _attribute(f"key length is {value}")
        elif attribute.type == Phase2Attribute.GROUP_DESCRIPTION:
            yield _attribute(f"group is {value}")


def _attribute(what: str) -> Line:
    return catalogue.ATTRIBUTE, {"what": what}


def _unit(attribute: Attribute) -> str:
    return "kilobytes" if attribute.as_int == LifeType.KILOBYTES else "seconds"


def _duration(attribute: Attribute) -> str:
    if attribute.short:
        return f"(basic) of {attribute.as_int}"
    return f"(VPI) of  {''.join(f'0x{octet:X} ' for octet in attribute.value)}"
