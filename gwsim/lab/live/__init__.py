"""Labs of namespaces: real interfaces, routes and processes, of which nothing outlives the lab.

Namespaces have no names. One process, the keeper, holds them open as descriptors; when it ends,
however it ends, the kernel takes processes, interfaces and namespaces away. What stays after a
crash is a directory in which nobody holds the lock, and the next command sweeps it up.

* `topology`: a plan as nodes, cables, addresses and routes; `wiring` makes them with netlink.
* `linux`: the system calls for namespaces that Python 3.11 does not have.
* `places`: the directories of running labs, their locks and what is written there about them.
* `hosts`: pings and streams from inside a host's namespace.
* `keeper`: the process that holds a lab; `launch` starts it, `client` speaks with it.
"""
