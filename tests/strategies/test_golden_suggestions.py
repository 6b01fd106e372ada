"""Edits made in the browser's suggest mode (frontend/src/golden): the server's proof holds for each, both ways."""

import json
from pathlib import Path
from typing import Any

import pytest

from strategies.domain import documents
from strategies.domain.diff import without_suggestions
from strategies.domain.settling import settling_steps
from strategies.domain.steps import apply_steps, read_steps

GOLDEN = json.loads((Path(__file__).parent / "golden_suggestions.json").read_text())


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])
def test_an_edit_in_suggest_mode(case: dict[str, Any]) -> None:
    start = documents.parse(GOLDEN["start"])
    marked = apply_steps(start, read_steps(case["steps"])) if case["steps"] else start
    plain = {"content": [], **marked.to_json()}
    assert documents.canonical(without_suggestions(plain)) == documents.canonical(start)
    refused = apply_steps(marked, settling_steps(marked, lambda _id: False))
    assert documents.canonical(refused) == documents.canonical(start)
    accepted = apply_steps(marked, settling_steps(marked, lambda _id: True))
    assert documents.canonical(accepted) == documents.canonical(without_suggestions(plain, accept=True))
    if case["after"] is not None:
        assert shape(accepted.to_json()) == shape(case["after"])


def shape(node: dict[str, Any]) -> Any:
    """The document without its blocks' ids: what is put in beside what goes has ids of its own."""
    attrs = {key: value for key, value in (node.get("attrs") or {}).items() if key != "id"}
    content = [shape(child) for child in node.get("content") or []]
    merged: list[Any] = []
    for child in content:
        last = merged[-1] if merged else None
        if last and child["type"] == last["type"] == "text" and child["marks"] == last["marks"]:
            last["text"] += child["text"]
        else:
            merged.append(child)
    return {
        "type": node["type"],
        "attrs": attrs,
        "marks": node.get("marks") or [],
        "content": merged,
        "text": node.get("text", ""),
    }
