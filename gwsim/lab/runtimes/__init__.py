"""Where scenarios run: one interface, and a module for each way of making it true.

* `runtime`: the interface, about seven methods; `registry`: those there are, by name; `failure`:
  what one says that cannot be had here.
* `sim`: gateways, internet and hosts in one process on a virtual clock.
* `hosts`: the hosts behind the gateways, for `sim`; `inner`: the router between them and their
  gateway; `outer`: outer headers and reassembly.
* `netns`: nodes in namespaces, in real time; `docker`: the same in containers.
"""
