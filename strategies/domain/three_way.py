"""A text that was wanted of an earlier one, put into what the text has become. Pure functions."""

from prosemirror.model import Fragment, Node

from strategies.domain.rewriting import block_key, runs_between


def put_into(now: Node, base: Node, wanted: Node) -> Node | None:
    """What ``base`` -> ``wanted`` changed, done to ``now``: whole blocks, found by their ids. None when it no longer fits:
    a block that was to be changed has changed since, or the place of a new one is gone."""
    old, new = base.content.content, wanted.content.content
    result = list(now.content.content)
    for a, b, c, d in reversed(list(runs_between(old, new))):
        at = _place(result, old, a, b)
        if at is None:
            return None
        result[at : at + b - a] = new[c:d]
    return now.copy(Fragment.from_(result))


def _place(now: list[Node], old: list[Node], first: int, last: int) -> int | None:
    """Where ``old[first:last]`` stands unchanged now; for nothing at all, the place after ``old[first - 1]``."""
    keys = [block_key(node) for node in now]
    if first == last:
        if first == 0:
            return 0
        before = block_key(old[first - 1])
        return keys.index(before) + 1 if before in keys else None
    wanted = block_key(old[first])
    if wanted not in keys:
        return None
    at = keys.index(wanted)
    there = now[at : at + last - first]
    same = len(there) == last - first and all(a.eq(b) for a, b in zip(there, old[first:last], strict=True))
    return at if same else None
