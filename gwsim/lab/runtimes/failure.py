"""What a runtime says when it cannot be had here."""


class RuntimeFailure(RuntimeError):
    """This machine cannot do what the runtime needs; the text says why and what to do."""
