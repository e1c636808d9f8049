"""The computed matrix: every fault, at either end, between every two vendors.

Nothing in it is written by hand. A cell is what came of a run, in words that do not depend on
its addresses, algorithms and random numbers.

* `ground`: what a run stands on that does not matter; `setting`: main mode, NAT, aggressive mode.
* `coordinates`: which cells there are; `staging`: the scenario of a cell; `screens`: the commands
  that are asked in it.
* `patterns`: what a line looks like once addresses and numbers are gone; `wording`: whose words are
  believed only.
* `cell`: what is known of a run; `endings`: how it ended; `summary`: from a record to a cell.
* `compute`: all cells, side by side; `rows`, `tables`: the matrix for people and programs.
"""
