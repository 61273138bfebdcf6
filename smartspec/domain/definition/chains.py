"""What an expression names: `a.b['c'][0]` as the chain a, b, c."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

Chain = list[str | None]  # None: a step that is not a literal text


def chains_of(node: nodes.Node) -> Iterator[Chain]:
    """Every chain below a node, those in the brackets of others too."""
    found = chain_of(node)
    if found is not None:
        yield found
    for child in _inner(node) if found is not None else node.iter_child_nodes():
        yield from chains_of(child)


def _inner(node: nodes.Node) -> Iterator[nodes.Node]:
    """What stands in the brackets of a chain."""
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        if isinstance(node, nodes.Getitem):
            yield node.arg
        node = node.node


def chain_of(node: nodes.Node) -> Chain | None:
    """None where it is no such chain."""
    steps: Chain = []
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        if isinstance(node, nodes.Getattr):
            steps.append(node.attr)
        else:
            steps.append(
                node.arg.value if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str) else None
            )
        node = node.node
    return [node.name, *reversed(steps)] if isinstance(node, nodes.Name) else None
