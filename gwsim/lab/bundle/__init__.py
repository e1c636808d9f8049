"""A run in one file that can be sent: scenario, report, captures, logs, and what came of it.

* `result`: what came of a run in a form that two runs can be compared by.
* `manifest`: what a bundle says of itself, with the digest of each file.
* `pack`: makes a bundle of a run; `unpack`: takes one apart, trusting nothing in it.
"""
