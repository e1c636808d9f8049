"""A gateway without a lab: its configuration from a file of a device or of ours, and its keys.

`configuration` reads the file, `keys` fills in what a device does not show. What runs it is
`gwsim.lab.live.alone`.
"""
