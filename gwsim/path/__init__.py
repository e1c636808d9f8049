"""What lies between two gateways: lines that lose and delay, NATs that forget, rules that filter.

* `config` is what a path is told, `rules` reads a rule's match from words (`the 2nd quick-2`).
* `middlebox` is the path: IPv4 packets of every side go in, deliveries and `events` come out.
* `accesses` joins sides to it, `agenda` is what it will do later, `express` is its short way.
* `line` is one direction of a link, `rulebook` says which rules act, `naming` which message it is.
* `nat` is the device in front of a side; `translation` has its two kinds, `bindings` its table,
  `esp_passage` the helper without which protocol 50 does not cross; `passage` crosses it in few
  steps.
* `transit` is a packet on its way, `rewriting` changes its octets, `memory` is what rules keep of
  it; `sharing` says whose it is where several sides share a NAT.

Between two sides, from left to right and back::

    gateway - NAT - link - [ the internet: routes, rules, the router ] - link - NAT - gateway

The same object serves every runtime. It never raises for octets that travel, only for a
configuration that contradicts itself.
"""
