"""What verbs have in common: exit statuses, and lines as they come."""

OK, SOME_FAILED, BAD_INPUT = 0, 1, 2


def say(line):
    """Print at once, also into a file or a pipe."""
    print(line, flush=True)
