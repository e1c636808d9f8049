"""The anti-replay window, and the half of an extended sequence number that is not sent.

The window is asked before the ICV is computed and moved only after it proved right: a forged
number must not push the window on (RFC 4303 3.4.3). The bitmap is one number, bit 0 standing for
the highest sequence number accepted, bit n for the n-th before it.
"""

from gwsim.esp.drops import Drop

NARROWEST = 32
WIDEST = 2048

_HALF = 0x100000000
_ESN_WITHOUT_REPLAY_CHECK = 64


class ReplayWindow:
    """A window of `width` sequence numbers, 32 to 2048; 0 refuses nothing.

    `top` is the highest number accepted, `bits` the bitmap. Number 0 is never sent, so it counts
    as seen from the start. Raises ValueError for another width.
    """

    __slots__ = ("_mask", "bits", "top", "width")

    def __init__(self, width: int) -> None:
        if width and not NARROWEST <= width <= WIDEST:
            raise ValueError(f"a replay window has {NARROWEST} to {WIDEST} places, not {width}")
        self.width = width
        self.top = 0
        self.bits = 1
        self._mask = (1 << (width or 1)) - 1

    def check(self, sequence: int) -> Drop | None:
        """Say why a packet with this number must not be looked at, None when it may."""
        offset = self.top - sequence
        if offset < 0 or not self.width:
            return None
        if offset >= self.width:
            return Drop.TOO_OLD
        return Drop.REPLAYED if self.bits >> offset & 1 else None

    def update(self, sequence: int) -> None:
        """Take note of a number whose packet was authentic."""
        ahead = sequence - self.top
        if ahead == 1:
            self.top = sequence
            self.bits = (self.bits << 1 | 1) & self._mask
        elif ahead > 0:
            self.top = sequence
            # Shifting by what may be billions would build a number of that many bits first.
            self.bits = (self.bits << ahead | 1) & self._mask if ahead < WIDEST else 1
        elif -ahead < self.width:
            self.bits |= 1 << -ahead

    def advance(self, count: int) -> None:
        """Take note of the next numbers after the highest, fewer than WIDEST."""
        self.top += count
        self.bits = ((self.bits + 1 << count) - 1) & self._mask

    def extend(self, low: int) -> int | None:
        """Give the whole 64-bit number whose low half was sent (RFC 4303 Appendix A2.2).

        None means that it can only be one from before the first number of the association.
        """
        width = self.width or _ESN_WITHOUT_REPLAY_CHECK
        high, top = divmod(self.top, _HALF)
        bottom = top - width + 1
        if bottom >= 0:
            if low < bottom:
                high += 1
        elif low >= bottom + _HALF:
            high -= 1
        return high * _HALF + low if high >= 0 else None
