"""The first process of a container of a lab: `python -m gwsim.lab.live.container [SERVICE]`.

It makes the container's interfaces those of its node and sees to it that the node lives: a gateway
or the internet as a process of its own, which comes back when it dies; a host in this one. What a
gateway logs in its vendor's words goes to standard output, `docker logs` shows it.

The containers of a lab share one directory (a volume in memory) with their doors, their logs and
the moment at which the lab's clock began.

* `container`: what all of them do; `host`, `gateway`, `endpoint` (a gateway with hosts at its own
  address) and `internet`: what each kind does besides, `process` what those with a process share;
  `kinds` lists them. A container imports no more than its kind needs: the time in which a lab is
  up is mostly that of its containers' imports.
"""
