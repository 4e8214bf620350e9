"""The records to write in another format."""

from reproduce.errors import UserError
from reproduce.experiment.store import Store


def records(folder):
    """All records of an output folder, in table order.

    Raises:
        UserError: there are none.
    """
    stored = Store(folder).load()
    if not stored:
        raise UserError(
            f"{folder}: no records; make some with `python -m reproduce run --out "
            f"{folder}`, or name another folder with --out"
        )
    return stored
