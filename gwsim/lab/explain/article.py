"""The form of an explanation: a title and sections of lines."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A few lines under a heading."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """What is told about one meaning of a word; `kind` is what the word is."""

    kind: str
    title: str
    sections: tuple[Section, ...]

    def text(self) -> str:
        """Give the article as plain text; sections without lines are left out."""
        parts = [f"{self.title} ({self.kind})"]
        for section in self.sections:
            if section.lines:
                parts.append(f"  {section.title}")
                parts += [f"    {line}" for line in section.lines]
        return "\n".join(parts)
