"""A gateway without a lab: its configuration from a file of a device or of ours, and its keys.

`configuration` reads the file, `keys` fills in what a device does not show. What runs it is
`gwsim.lab.live.alone`. `sides` puts what a device has into the scenario language, `between` makes
a scenario of two.
"""
