"""One whole box: the negotiation engine, the data plane and the policy behind one door.

* `config` is what a box is told, `commands` what its operator can say to it.
* `gateway` is the box: packets and time go in, `outputs` and `events` come out; `journal` keeps
  them in order. `forwarding` is the way of a packet through it, `bulk` that of many, `translation`
  a NAT that exempts nothing.
* `installation` hands what was negotiated to the data plane; `lineage` adds up what the pairs of a
  flow have counted.
* `policy` makes the SPD and keeps what each of its entries has counted.
* `snapshot` is all a screen may show, taken by `observe`; `wireform` carries it, events and
  commands as JSON, `jsonform` any frozen value.
* `keys` is what a capture needs to be read, given out on explicit request only.

Nothing here knows a socket: whoever runs a gateway wraps its outputs into packets and hands in
what arrives, be it a simulated path or a real interface.
"""
