"""Labels at the ends of lines, moved apart where they would overlap."""

from matplotlib import patheffects
from matplotlib.colors import to_rgb

OFFSETS = [
    (side, step * direction)
    for step in (0, 11, 22, 33, 44)
    for side in (1, -1)
    for direction in (1, -1)
]  # to the right or left of the dot, and how far up or down, in points


def place_labels(axes, ends):
    """Write each label beside its dot, in its colour.

    Args:
        axes: with final limits and a drawn figure.
        ends: (x, y, label, colour), in the order of drawing.
    """
    renderer = axes.figure.canvas.get_renderer()
    taken = [_around(axes.transData.transform(end[:2])) for end in ends]
    frame = axes.get_window_extent(renderer)
    for x, y, text, colour in sorted(ends, key=lambda end: -end[1]):
        label = _first_free(axes, (x, y), text, taken, frame, renderer)
        label.set_color(_darker(colour))
        taken.append(_corners(label.get_window_extent(renderer)))


def _first_free(axes, end, text, taken, frame, renderer):
    """The label at the first place that is free, else at the last tried."""
    label = axes.annotate(
        text,
        end,
        xytext=(0, 0),
        textcoords="offset points",
        va="center",
        fontsize=9.5,
        path_effects=[patheffects.withStroke(linewidth=3, foreground="white")],
        annotation_clip=False,
    )
    for side, height in OFFSETS:
        label.set_position((8 * side, height))
        label.set_horizontalalignment("left" if side > 0 else "right")
        box = _corners(label.get_window_extent(renderer))
        if _within(box, frame) and not any(_overlap(box, other) for other in taken):
            break
    return label


def _around(point, half=5):
    x, y = point
    return x - half, y - half, x + half, y + half


def _corners(box):
    return box.x0, box.y0, box.x1, box.y1


def _within(box, frame):
    return box[0] >= frame.x0 and box[1] >= frame.y0 and box[3] <= frame.y1


def _overlap(one, other):
    return (
        one[0] < other[2]
        and other[0] < one[2]
        and one[1] < other[3]
        and other[1] < one[3]
    )


def _darker(colour, share=0.72):
    """The same hue, dark enough to read as text on white."""
    return tuple(share * part for part in to_rgb(colour))
