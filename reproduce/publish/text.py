"""How numbers are written: one format for each kind, the same wherever it stands.

And how text is escaped that Markdown would take for markup.
"""

import math
import re

MISSING = "–"
NEVER = "never"  # an epoch that no run reached
MINUS = "−"


def count(number):
    """A whole number, or the half that a median may be: 5,005 or 41.5."""
    if number is None:
        return MISSING
    if math.isinf(number):
        return NEVER
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


def percent(fraction, decimals=2):
    """An accuracy or a share: 97.75 %."""
    return MISSING if fraction is None else f"{100 * fraction:.{decimals}f} %"


def points(difference, decimals=2):
    """A difference of shares, in percentage points, with its sign: +1.25."""
    if difference is None:
        return MISSING
    text = f"{100 * difference:+.{decimals}f}".replace("-", MINUS)
    return text if any(digit in "123456789" for digit in text) else text[1:]


def error(number):
    """A cross-entropy error, to three significant digits."""
    if number is None:
        return MISSING
    if math.isinf(number):
        return "∞"
    if number == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(number))))
    return f"{number:,.{digits}f}" if digits <= 6 else f"{number:.2e}"


def ratio(logarithm):
    """A ratio, given its logarithm: 4.2 times; ∞ beyond all bounds."""
    if logarithm is None:
        return MISSING
    if math.isinf(logarithm):
        return "∞" if logarithm > 0 else "0"
    value = math.exp(logarithm)
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def times(number):
    """How many times as much, to two digits: 94×, 2.5× or 0.94×."""
    if number is None:
        return MISSING
    return f"{number:,.{max(0, 1 - math.floor(math.log10(number)))}f}×"


def p_value(number):
    """A p-value to two digits."""
    if number is None:
        return MISSING
    return "< 0.0001" if number < 1e-4 else f"{number:.2g}"


def seconds(number):
    """Seconds of a core."""
    return MISSING if number is None else f"{number:,.1f}"


def microseconds(number):
    """Of an update: 5.9, 1,206."""
    if number is None:
        return MISSING
    return f"{number:,.{1 if number < 100 else 0}f}"


def clock(number):
    """A duration: h:mm:ss."""
    if number is None:
        return MISSING
    minutes, remainder = divmod(round(number), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{remainder:02}"


def rate(number):
    """A learning rate: 0.001."""
    return MISSING if number is None else f"{number:g}"


def decimal(number):
    """A number without a unit of its own, to two decimals: 1.75."""
    if number is None:
        return MISSING
    return "∞" if math.isinf(number) else f"{number:,.2f}"


def words(text):
    """Text, with nothing where there is none."""
    return MISSING if text is None or text == "" else str(text)


KINDS = {
    "text": words,
    "count": count,
    "percent": percent,
    "points": points,
    "error": error,
    "ratio": ratio,
    "times": times,
    "p": p_value,
    "seconds": seconds,
    "clock": clock,
    "rate": rate,
    "decimal": decimal,
    "microseconds": microseconds,
}  # of a table's columns, to how their values are written


def spread(values, write):
    """Median and range: `41 (36–47)`; of equal values only one is written."""
    values = sorted(values)
    if not values:
        return MISSING
    n = len(values)
    middle = write(
        values[n // 2] if n % 2 else _between(values[n // 2 - 1], values[n // 2])
    )
    low, high = write(values[0]), write(values[-1])
    return middle if n == 1 or low == high == middle else f"{middle} ({low}–{high})"


def _between(low, high):
    return high if math.isinf(high) else (low + high) / 2


_MARKUP = re.compile(r"[\\`*\[\]<|$~]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")


def escaped(value, keep=""):
    """Text in one line that Markdown shows as it is, in a table's cell as well.

    Args:
        value: the text.
        keep: characters that are to be Markdown.
    """
    line = " ".join(str(value).split())
    line = _MARKUP.sub(
        lambda match: ("" if match[0] in keep else "\\") + match[0], line
    )
    return line.replace("\\<", "&lt;")


def code(value):
    """Text as a code span of Markdown, whatever backticks are in it."""
    fence = "`" * (1 + max(map(len, re.findall("`+", value)), default=0))
    space = " " if len(fence) > 1 else ""
    return f"{fence}{space}{value}{space}{fence}"


def listed(parts):
    """`a, b and c`."""
    parts = list(map(str, parts))
    return (
        f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)
    )


def plural(number, noun):
    """`1 run`, `2 runs`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
