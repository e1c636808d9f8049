"""The data plane: packets of hosts to ESP packets and back (RFC 4301, 4303, 3948).

* `parameters` is what a negotiated SA is made of, `sa` an SA in use, `replay` its window.
* `selectors` is the security policy database, `inner` the part of a packet it looks at.
* `encapsulate` and `decapsulate` are the two directions of one packet, `transport` what transport
  mode does differently, `header` what passes between inner and outer header, `path_mtu` how large a
  packet may be, `too_big` what becomes of a larger one. `outcomes` are their answers, `drops` the
  reasons to refuse one.
* `dataplane` holds all SAs of a gateway and chooses among them; `batch` is its form for the packets
  of a flow, many at a time, `sealer` and `opener` its two directions.

A packet is dropped for one named reason and counted under it; nothing is dropped silently but
dummies, which were sent to be.
"""
