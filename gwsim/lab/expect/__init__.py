"""Do the expectations of a scenario hold for the record of a run?

* `evidence`: the record with what is computed from it once: histories, log lines, screens.
* `probe`: one thing to look at, and how the time of a block decides when to look.
* `states`, `logs`, `screens`, `counters`, `wire`, `traffic`: the probes of each kind.
* `evaluate`: walks the blocks of a scenario and judges each.
"""
