"""The command line: one module for each command, `main` puts them together.

* `run`, `validate`, `show`, `trace`, `explain`, `faults`, `new`, `demo`: the commands.
* `files`: what a path on the command line stands for; `output`: text for people and terminals.

Exit codes: 0 as expected, 1 an expectation failed, 2 bad usage or a bad file.
"""
