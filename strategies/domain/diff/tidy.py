"""Input that is no document of ours, made into one as far as it makes sense. Only called when the plain way has failed."""

from __future__ import annotations

from typing import Any

from .units import Node

DEEPEST = 60
UNREADABLE = (KeyError, TypeError, AttributeError, IndexError, ValueError, RecursionError, AssertionError)
INLINE = frozenset({"text", "hard_break", "ref", "footnote"})
TEXTS = frozenset({"paragraph", "heading", "footnote"})


def tidy(tree: Any) -> Node:
    """A document: what is no node is left out, wrong attributes are dropped, what is nested too deeply is cut off."""
    content = tree.get("content") if isinstance(tree, dict) else None
    return {"type": "doc", "content": _children(content, "doc", 0)}


def _children(content: Any, parent: str, depth: int) -> list[Node]:
    if not isinstance(content, list) or depth > DEEPEST:
        return []
    found = [made for child in content if (made := _node(child, depth)) is not None]
    return [child for child in found if (child["type"] in INLINE) == (parent in TEXTS)]


def _node(item: Any, depth: int) -> Node | None:
    kind = item.get("type") if isinstance(item, dict) else None
    if not isinstance(kind, str):
        return None
    node: Node = {"type": kind}
    if kind == "text":
        words = item.get("text")
        if not isinstance(words, str) or not words:
            return None
        node["text"] = _text(words)
    elif isinstance(item.get("content"), list):
        node["content"] = _children(item["content"], kind, depth + 1)
    if isinstance(item.get("attrs"), dict):
        node["attrs"] = {_text(key): _value(key, value) for key, value in item["attrs"].items() if isinstance(key, str)}
    marks = [mark for mark in map(_mark, _list(item.get("marks"))) if mark is not None]
    if marks:
        node["marks"] = marks
    return node


def _mark(item: Any) -> Node | None:
    if not isinstance(item, dict) or not isinstance(item.get("type"), str):
        return None
    attrs = item.get("attrs")
    if not isinstance(attrs, dict):
        attrs = {}
    return {
        "type": _text(item["type"]),
        "attrs": {_text(k): _value(k, v) for k, v in attrs.items() if isinstance(k, str)},
    }


def _value(key: str, value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if key in ("id", "href", "caption", "alt", "image", "section", "type", "attrName"):
        return None
    return value if value is None or isinstance(value, (int, float, bool)) else str(value)[:200]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(words: str) -> str:
    return words.encode("utf-8", "replace").decode("utf-8")


def tidy_sections(sections: Any) -> list[dict[str, Any]]:
    """Sections with a uuid each (made up where there is none, dropped where it comes twice), titles as words, documents tidied."""
    found: dict[str, dict[str, Any]] = {}
    for n, item in enumerate(_list(list(sections) if isinstance(sections, (list, tuple)) else None)):
        if not isinstance(item, dict):
            continue
        uuid = item.get("uuid")
        uuid = _text(str(uuid)) if uuid else f"section-{n}"
        words = {
            name: _text(str(item[name])) for name in ("title", "code", "kind", "parent") if item.get(name) is not None
        }
        facts = item.get("metadata")
        metadata = {_text(str(k)): _fact(v) for k, v in facts.items()} if isinstance(facts, dict) else {}
        found.setdefault(uuid, {**words, "uuid": uuid, "doc": tidy(item.get("doc")), "metadata": metadata})
    return list(found.values())


def _fact(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_text(str(one)) for one in value][:500]
    return value if value is None or isinstance(value, (int, float, bool)) else _text(str(value))
