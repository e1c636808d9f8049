"""Labs that are real: interfaces, routes and processes, of which nothing outlives the lab.

They are made of namespaces or of containers. Namespaces have no names. One process, the keeper,
holds them open as descriptors; when it ends, however it ends, the kernel takes processes,
interfaces and namespaces away. What stays after a crash is a directory in which nobody holds the
lock, and the next command sweeps it up.

Both kinds:

* `topology`: a plan as nodes, cables, addresses and routes, `ports` the names of interfaces.
* `places`: the directories of running labs, their locks and what is written there about them;
  `state`: as much of that as a plan tells.
* `outside` finds a lab's doors and ends it, `client` speaks with its engines in
  values; `acts` does to it what a timeline says, `changes` breaks and repairs it, `broken` tells
  with what; `silent` says why a node does not answer; `starters` are what labs can be left running
  on.
* `hosts`: pings and streams from inside a host's namespace. `sniff`: packets at a node.
* `pace`: how fast the clock of a lab may go on this machine.
* `alone`: a gateway without a lab; `single`: one node of a scenario.
* `process`: child processes; `desk`: a door without an event loop.

Of namespaces:

* `wiring` makes a topology with netlink; `linux`: the system calls that Python 3.11 does not have.
* `keeper`: the process that holds a lab, and `nodes` those of its nodes; `launch` starts it.

Of containers:

* `dockerlab` starts them with an `engine` (`knock`: is there one?), `contained` finds and ends
  them, `making` has them made, on networks from `subnets`; `training` is the lab of
  docker-compose.yml. `owner` tells whether the process that a lab belongs to still lives.
* `order` is what a container is told, `orders` makes one for each node of a plan, `remembered` is
  what they leave each other.
* `container` is the first process of each: `links` makes its interfaces, `names` are whom it knows,
  `conflicts` finds out who else has their addresses, `hostdesk` is the door of a host, `steward`
  answers for the whole lab, `player` does what the scenario says.
* `alive` is the health check; `relay` is the way to the doors from outside, `relayed` its far end.
"""
