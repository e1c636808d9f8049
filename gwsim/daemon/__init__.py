"""Processes round sans-IO boxes: sockets, TUN devices, routes, timers and a control door.

* `node` is the entry: it reads a node file and runs what it says; `process` is its life, until
  it is told to stop.
* `nodefile` is that file, `clock` the time nodes share, `privileges` what a node keeps.
* `gateway_node` is the process round one `Gateway`, `internet_node` the one round a `Middlebox`.
* `packet_path` carries traffic in batches, `joining` makes one packet of TCP segments, `ways_out`
  sends what is said one thing at a time; `sockets`, `tun` and `routing` are what they stand on.
* `inside_tap` keeps what passes on the inside, `silence` mutes the kernel of a box without power.
* `control` is the door on a unix socket, `door` the way in for others and `node_doors` what each
  kind of node is asked there; `eventlog` holds what is handed out there, `vendor_log` writes the
  device's own log (`logfiles` says where), `journal` the process's; `screens` are what it prints.
* `hints` tells an internet node the exact label of a message that it cannot read.

A node is given values, in one file; it knows nothing of scenarios.
"""
