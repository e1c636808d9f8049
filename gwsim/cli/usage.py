"""How the help of a command looks: what to type and an example of it, no names of types."""

from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperOption

from gwsim.cli.examples import EXAMPLES

HELP = {"help_option_names": ["-h", "--help"]}
"""The settings of a context that say how help is asked for, everywhere."""


class Command(TyperCommand):
    """A command whose help shows its arguments as people type them, and ends with examples."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Give what stands behind the command's name in its first line."""
        arguments = [one for one in self.get_params(ctx) if isinstance(one, TyperArgument)]
        return ["[OPTIONS]", *(_typed(argument) for argument in arguments)]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then the options."""
        shown = [one for one in self.get_params(ctx) if not getattr(one, "hidden", False)]
        arguments = [one for one in shown if isinstance(one, TyperArgument)]
        options = [one for one in shown if one not in arguments]
        for title, parameters in (("Arguments", arguments), ("Options", options)):
            if parameters:
                with formatter.section(title):
                    formatter.write_dl([_entry(one, ctx) for one in parameters])

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the examples as they are: a command is never broken into lines."""
        examples = EXAMPLES.get(ctx.command_path.partition(" ")[2], ())
        if examples:
            with formatter.section("Examples"):
                formatter.write("".join(f"  gwsim {example}\n" for example in examples))


def _typed(argument: TyperArgument) -> str:
    """Give an argument as it stands in a line of usage; who may leave it out sees brackets."""
    name = argument.metavar or (argument.name or "").upper()
    return name if argument.required else f"[{name}]"


def _entry(parameter: Any, ctx: Any) -> tuple[str, str]:
    """Give the two columns of a parameter: how it is written, what it is for."""
    if isinstance(parameter, TyperArgument):
        return _typed(parameter), parameter.help or ""
    left, right = parameter.get_help_record(ctx) or ("", "")
    if not isinstance(parameter, TyperOption):
        return left, right
    default = parameter.default
    said = f"  [default: {default}]" if default and not isinstance(default, bool) else ""
    return left, (parameter.help or "") + ("  [required]" if parameter.required else said)
