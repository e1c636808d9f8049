"""The lowest floor: octets on the wire and the frozen values they stand for.

* `numbers`: every assigned number by its RFC name; `errors`: WireError, the only way to fail.
* `payloads`: the ISAKMP payloads as values; `codec`: messages to octets and back;
  `proposals`: the nested inside of an SA payload; `vendor_ids`: vendor IDs by name.
* `selector`: the traffic selector, written by people, by vendors and as an identification payload.
* `ip`: IPv4 addresses and packets, UDP, ICMP and the ports of TCP, as far as a lab needs them;
  `fragments`: cutting a packet and joining it again; `hops`: its time to live.
* `encapsulation`: what travels on UDP 4500, and the first octets of ESP.
* `labels`: the names of the messages (`main-4`, `quick-2`, ...) as an onlooker can tell them.

Two contracts hold everywhere: a parser takes any octets and raises WireError or nothing, and
`parse(build(x)) == x`. A builder that is given a value no octets can hold raises ValueError.
Nothing here knows a clock, a key or a peer.
"""
