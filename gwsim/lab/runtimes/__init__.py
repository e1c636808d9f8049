"""Where scenarios run: one interface, and a module for each way of making it true.

* `runtime`: the interface, about seven methods.
* `sim`: gateways, internet and hosts in one process on a virtual clock.
* `hosts`: the hosts behind the gateways; `outer`: outer headers and reassembly.
"""
