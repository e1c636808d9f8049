"""`show crypto isakmp sa` and its relatives: the ISAKMP SAs, one block each.

Layout: vendor sheet, ASA 8.4 and later; blanks at line ends are the device's own.
"""

from gwsim.gateway.snapshot import Snapshot
from gwsim.ike.snapshot import IkeSaSnapshot
from gwsim.vendors.asa.names import POLICY_HASH, policy_encryption
from gwsim.vendors.asa.states import state_word
from gwsim.vendors.vendor import View

NO_IKEV1 = "There are no IKEv1 SAs"
NO_IKEV2 = "There are no IKEv2 SAs"
_AUTHENTICATION = {1: "preshared", 3: "rsa"}


def isakmp_sa(view: View) -> str:
    """`show crypto isakmp sa`: IKEv1, and that there is nothing of IKEv2."""
    return f"{_screen(view, detail=False)}\n{NO_IKEV2}\n"


def isakmp_sa_detail(view: View) -> str:
    """`show crypto isakmp sa detail`."""
    return f"{_screen(view, detail=True)}\n{NO_IKEV2}\n"


def ikev1_sa(view: View) -> str:
    """`show crypto ikev1 sa`."""
    return _screen(view, detail=False)


def ikev1_sa_detail(view: View) -> str:
    """`show crypto ikev1 sa detail`: adds algorithms and lifetimes."""
    return _screen(view, detail=True)


def is_rekey(sa: IkeSaSnapshot) -> bool:
    """Say whether an SA counts as a rekey: the new one until it is up, then the one it replaced."""
    return sa.replaced or (sa.rekeying and sa.established is None)


def shown(snapshot: Snapshot) -> list[IkeSaSnapshot]:
    """List the SAs in states an ASA has a word for."""
    return [sa for sa in snapshot.ike.sas if state_word(sa.state, sa.exchange) is not None]


def _screen(view: View, detail: bool) -> str:
    sas = shown(view.snapshot)
    if not sas:
        return f"\n{NO_IKEV1}\n"
    rekeys = sum(map(is_rekey, sas))
    lines = [
        "",
        "IKEv1 SAs:",
        "",
        f"   Active SA: {len(sas) - rekeys}",
        f"    Rekey SA: {rekeys} (A tunnel will report 1 Active and 1 Rekey SA during rekey)",
        f"Total IKE SA: {len(sas)}",
        "",
    ]
    for number, sa in enumerate(sas, 1):
        lines += _block(number, sa)
        if detail:
            lines += _detail(sa, view.snapshot.now)
    return "\n".join(lines) + "\n"


def _block(number: int, sa: IkeSaSnapshot) -> list[str]:
    kind = "L2L" if sa.peer_known else "user"
    rekey = "yes" if is_rekey(sa) else "no"
    state = state_word(sa.state, sa.exchange)
    return [
        f"{number:<4}IKE Peer: {sa.peer}",
        f"    Type    : {kind:<16}Role    : {sa.role} ",
        f"    Rekey   : {rekey:<16}State   : {state} ",
    ]


def _detail(sa: IkeSaSnapshot, now: float) -> list[str]:
    """Algorithms and lifetime, which do not exist before a transform was chosen."""
    if sa.encryption is None or sa.hash is None:
        return []
    cipher = policy_encryption(sa.encryption, sa.key_bits)
    digest = POLICY_HASH.get(sa.hash, str(sa.hash)).upper()
    proof = _AUTHENTICATION.get(sa.authentication or 0, str(sa.authentication))
    lines = [
        f"    Encrypt : {cipher:<16}Hash    : {digest:<10}",
        f"    Auth    : {proof:<16}Lifetime: {sa.lifetime_seconds or 0}",
    ]
    if sa.expires is not None:
        lines.append(f"    Lifetime Remaining: {max(0, int(sa.expires - now))}")
    return lines
