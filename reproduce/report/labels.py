"""Labels at the ends of lines, moved apart where they would overlap."""

import numpy as np
from matplotlib import patheffects
from matplotlib.colors import to_rgb

OFFSETS = [
    (side, height)
    for height in (0, 10, -10, 20, -20, 32, -32, 44, -44)
    for side in (1, -1)
]  # to the right or left of the dot, and how far up or down, in points
OUTSIDE, LABEL, POINT, LEFT = 1000, 100, 2, 6  # what a place costs


def place_labels(axes, ends):
    """Write each label beside its dot, in its colour, where it covers least.

    Args:
        axes: with final limits and a drawn figure.
        ends: (x, y, label, colour), in the order of drawing.
    """
    renderer = axes.figure.canvas.get_renderer()
    curves = np.concatenate(
        [_on_screen(axes, line.get_xydata()) for line in axes.lines]
    )
    dots = axes.transData.transform([end[:2] for end in ends])
    taken = [(x - 6, y - 6, x + 6, y + 6) for x, y in dots]
    for x, y, text, colour in sorted(ends, key=lambda end: -end[1]):
        label = _label(axes, (x, y), text, _darker(colour))

        def cost(offset, label=label):
            box = _move(label, offset, renderer)
            hits = (
                POINT * _inside(curves, box) + abs(offset[1]) + LEFT * (offset[0] < 0)
            )
            labels = LABEL * sum(_overlap(box, other) for other in taken)
            return hits + labels + OUTSIDE * _leaves(box, axes, renderer)

        taken.append(_move(label, min(OFFSETS, key=cost), renderer))


def _label(axes, end, text, colour):
    return axes.annotate(
        text,
        end,
        xytext=(0, 0),
        textcoords="offset points",
        va="center",
        fontsize=9.5,
        color=colour,
        path_effects=[patheffects.withStroke(linewidth=3, foreground="white")],
        annotation_clip=False,
    )


def _move(label, offset, renderer):
    """Put the label there; returns its corners (x0, y0, x1, y1) in pixels."""
    side, height = offset
    label.set_position((8 * side, height))
    label.set_horizontalalignment("left" if side > 0 else "right")
    return label.get_window_extent(renderer).extents


def _on_screen(axes, points):
    """Points in pixels, spread along the curve as it is seen."""
    pixels = axes.transData.transform(np.asarray(points, dtype=float))
    if len(pixels) < 2:
        return pixels
    step = np.hypot(*np.diff(pixels, axis=0).T)
    length = np.concatenate([[0], np.cumsum(step)])
    along = np.arange(0, length[-1], 4)
    return np.column_stack([np.interp(along, length, part) for part in pixels.T])


def _inside(points, box):
    x, y = points.T
    return np.sum((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3]))


def _overlap(one, other):
    across = one[0] < other[2] and other[0] < one[2]
    return across and one[1] < other[3] and other[1] < one[3]


def _leaves(box, axes, renderer):
    frame = axes.get_window_extent(renderer)
    right = axes.figure.bbox.x1
    return box[0] < frame.x0 or box[1] < frame.y0 or box[2] > right


def _darker(colour, share=0.72):
    """The same hue, dark enough to read as text on white."""
    return tuple(share * part for part in to_rgb(colour))
