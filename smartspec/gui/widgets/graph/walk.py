"""Walking from card to card with the arrows."""

from __future__ import annotations

from smartspec.gui.widgets.graph.drawing import Drawing


def neighbour(drawing: Drawing, name: str, dx: int, dy: int) -> str:
    """Along the lines to the left and right; the nearest card above and below. "" where there is none."""
    nodes = drawing.nodes
    here = nodes.get(name)
    if here is None:
        return next(iter(drawing.roots or nodes), "")
    if dx:
        along = {edge.end if dx > 0 else edge.start for edge in drawing.edges
                 if (edge.start if dx > 0 else edge.end) == name and not edge.is_below}  # fmt: skip
        pool = [nodes[each] for each in along]
    else:
        pool = [node for node in nodes.values() if (node.y - here.y) * dy > 1]
    nearest = min(pool, key=lambda node: (abs(node.y - here.y) + 2 * abs(node.x - here.x), node.name), default=None)
    return nearest.name if nearest else ""
