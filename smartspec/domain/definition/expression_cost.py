"""Which expressions are evaluated at once, and which only where they can be ended."""

from __future__ import annotations

from jinja2 import nodes

_MOST_NODES = 100  # each is a walk over the data at most
_FILTERS = frozenset({
    "q", "default", "d", "int", "float", "string", "length", "count", "fromjson", "tojson", "lower", "upper", "title",
    "capitalize", "trim", "first", "last", "abs", "list",
})  # fmt: skip
_TAKE_ANYTHING = frozenset({"default", "d"})  # the arguments of the others could multiply their work
_FUNCTIONS = frozenset({"success", "failure", "always"})
_PLAIN = (
    nodes.Const, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Compare, nodes.Operand, nodes.And,
    nodes.Or, nodes.Not, nodes.Neg, nodes.Pos, nodes.Concat, nodes.CondExpr, nodes.Test, nodes.Keyword,
)  # fmt: skip
_CONTAINERS = (nodes.List, nodes.Tuple, nodes.Dict)
_ARITHMETIC = (nodes.Add, nodes.Sub, nodes.Div, nodes.FloorDiv, nodes.Mod)


def is_cheap(expression: nodes.Expr) -> bool:
    """Whether its time and memory are within a fixed multiple of the data that it names, whatever they are."""
    waiting: list[nodes.Node] = [expression]
    seen = 0
    while waiting:
        node = waiting.pop()
        seen += 1
        if seen > _MOST_NODES or not _is_cheap_by_itself(node):
            return False
        waiting += node.iter_child_nodes()
    return True


def _is_cheap_by_itself(node: nodes.Node) -> bool:
    if isinstance(node, _PLAIN):
        return True
    if isinstance(node, _CONTAINERS):
        return _is_constant(node)  # else one thing could be in it many times over
    if isinstance(node, nodes.Pair):
        return True
    if isinstance(node, _ARITHMETIC):
        return _is_number(node.left) or _is_number(node.right)  # then it is no list that grows
    if isinstance(node, nodes.Filter):
        return node.name in _FILTERS and (node.name in _TAKE_ANYTHING or _has_numbers_only(node))
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in _FUNCTIONS


def _has_numbers_only(node: nodes.Filter) -> bool:
    return not node.kwargs and not node.dyn_args and not node.dyn_kwargs and all(map(_is_number, node.args))


def _is_constant(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) or (
        isinstance(node, (nodes.Pair, *_CONTAINERS)) and all(map(_is_constant, node.iter_child_nodes()))
    )


def _is_number(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, int | float)
