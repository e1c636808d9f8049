"""The command line: one module for each command, `main` puts them together.

* `run`, `validate`, `show`, `trace`, `explain`, `faults`, `new`, `demo`: the commands.
* `files`: what a path on the command line stands for; `output`: text for people and terminals.

* `usage` and `examples`: what help looks like; `signals`: ending in order.

Exit codes: 0 as expected, 1 not as expected, 2 bad usage, a bad file or a machine that lacks what
it takes, 130 broken off by Ctrl-C (128 + signal in general), 127 a program that `exec` cannot
find.
"""
