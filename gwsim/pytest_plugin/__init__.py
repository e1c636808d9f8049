"""Scenario files as tests, and live labs for tests written in Python.

Any project that has gwsim installed beside pytest has it: `plugin` holds what pytest calls,
`items` makes tests of scenario files, `labs` the fixture `lab`. The last two are imported when
there is something for them to do, so that a project without scenarios pays nothing.
"""
