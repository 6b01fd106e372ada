"""Accepting and refusing suggestions as steps: small ones, so that whoever writes beside them is not disturbed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from prosemirror.model import Fragment, Mark, Node, Slice
from prosemirror.transform import AddMarkStep, RemoveMarkStep, RemoveNodeMarkStep, ReplaceAroundStep, ReplaceStep, Step

from rus_platform.kit.errors import Invalid
from strategies.domain import documents
from strategies.domain.diff import suggestions
from strategies.domain.diff.suggestions import SUGGESTED, Verdict, settled
from strategies.domain.rewriting import steps_between
from strategies.domain.steps import apply_step
from strategies.schema import SCHEMA


def settling_steps(doc: Node, verdict: Verdict) -> list[Step]:
    """Steps that make of ``doc`` what ``settled`` says it is with the suggestions that ``verdict`` names settled.

    Where small steps would lead elsewhere (a block that is split off from what is itself only suggested, and the like),
    whole blocks are exchanged instead.
    """
    wanted = documents.parse(documents.with_ids(settled({"content": [], **doc.to_json()}, verdict)))
    work = _Work(doc, verdict)
    try:
        work.children(doc, 0)
    except Invalid:
        return steps_between(doc, wanted)
    return work.steps if work.doc.eq(wanted) else steps_between(doc, wanted)


@dataclass
class _Work:
    """The document is gone through from its end, so that positions before stay what they were."""

    doc: Node
    verdict: Verdict
    steps: list[Step] = field(default_factory=list)

    def do(self, step: Step) -> None:
        self.doc = apply_step(self.doc, step)
        self.steps.append(step)

    def children(self, parent: Node, start: int) -> None:
        pos = start + parent.content.size
        nodes = parent.content.content
        for index in range(len(nodes) - 1, -1, -1):
            pos -= nodes[index].node_size
            self.one(nodes, index, pos)

    def one(self, siblings: Sequence[Node], index: int, pos: int) -> None:
        node = siblings[index]
        kept, depth = self.fate(node)
        if kept is None:
            return self.do(ReplaceStep(pos, pos + node.node_size, Slice.empty))
        if node.content.size:
            self.children(node, pos + 1)
        if kept is not node:
            marks = [Mark.from_json(SCHEMA, mark) for mark in kept.get("marks") or ()]
            (self.inline if node.is_inline else self.block)(pos, kept, marks)
        if depth:
            self.join(siblings, index, pos, depth)

    def fate(self, node: Node) -> tuple[Any, int]:
        """The node without its content as it will be: None when it goes, the node itself when nothing changes."""
        if not any(mark.type.name in SUGGESTED for mark in node.marks):
            return node, 0
        bare = {key: value for key, value in node.to_json().items() if key != "content"}
        kept, depth = suggestions.settle_node(bare, self.verdict)
        return (node if kept == bare else kept), depth

    def inline(self, pos: int, _kept: Any, marks: list[Mark]) -> None:
        node = self.doc.node_at(pos)
        assert node is not None
        end = pos + node.node_size
        gone = [mark for mark in node.marks if not mark.is_in_set(marks)]
        new = [mark for mark in marks if not mark.is_in_set(node.marks)]
        if any(mark.type.name in SUGGESTED for mark in new):  # its place among the others matters
            return self.do(ReplaceStep(pos, end, Slice(Fragment.from_(node.mark(marks)), 0, 0)))
        for mark in gone:
            self.do(RemoveMarkStep(pos, end, mark))
        for mark in new:
            self.do(AddMarkStep(pos, end, mark))

    def block(self, pos: int, kept: Any, marks: list[Mark]) -> None:
        node = self.doc.node_at(pos)
        assert node is not None
        gone = [mark for mark in node.marks if not mark.is_in_set(marks)]
        same = kept["type"] == node.type.name and (kept.get("attrs") or {}) == node.attrs
        if same and len(marks) == len(node.marks) - len(gone):
            for mark in gone:
                self.do(RemoveNodeMarkStep(pos, mark))
            return
        other = SCHEMA.nodes[kept["type"]].create(kept.get("attrs"), None, marks)
        end = pos + node.node_size
        if node.is_leaf:
            return self.do(ReplaceStep(pos, end, Slice(Fragment.from_(other), 0, 0)))
        self.do(ReplaceAroundStep(pos, end, pos + 1, end - 1, Slice(Fragment.from_(other), 0, 0), 1, True))

    def join(self, siblings: Sequence[Node], index: int, pos: int, depth: int) -> None:
        """Into the nearest block before it that stays and is not itself only suggested."""
        at = pos
        for before in range(index - 1, -1, -1):
            at -= siblings[before].node_size
            kept, _depth = self.fate(siblings[before])
            marks = () if kept is None else kept.marks if isinstance(kept, Node) else kept.get("marks") or ()
            names = {mark.type.name if isinstance(mark, Mark) else mark["type"] for mark in marks}
            if kept is None or "insertion" in names:
                continue
            if before == index - 1:
                return self.do(ReplaceStep(pos - depth, pos + depth, Slice.empty))
            node = self.doc.node_at(pos)
            assert node is not None
            self.do(ReplaceStep(pos, pos + node.node_size, Slice.empty))
            end = at + siblings[before].node_size - 1
            return self.do(ReplaceStep(end, end, Slice(node.content, 0, 0)))
