"""What a trial did, and what it lost."""

from dataclasses import dataclass, field


@dataclass
class Trial:
    """The outcome of one kind of disturbance.

    Attributes:
        name: of the disturbance, in words.
        tries: runs, files or inputs it was tried on.
        kills: processes ended by SIGKILL.
        corruptions: files and messages that were cut, changed or made up.
        losses: what was lost, one line each; none, if all is well.
        note: what else there is to know, such as why it was left out.
    """

    name: str
    tries: int = 0
    kills: int = 0
    corruptions: int = 0
    losses: list = field(default_factory=list)
    note: str = ""

    def expect(self, held, otherwise):
        """Count a loss where a claim did not hold."""
        if not held:
            self.losses.append(f"{self.name}: {otherwise}")


def left_out(name, why):
    """A trial that cannot be made here."""
    return Trial(name, note=f"left out: {why}")
