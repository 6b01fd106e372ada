"""Steps made by the JavaScript library, replayed in Python (`npm run golden` in frontend/ makes the corpus)."""

import json
from pathlib import Path
from typing import Any

import pytest

from strategies.domain import documents
from strategies.domain.steps import apply_step, read_step, undo_of

CORPUS: dict[str, Any] = json.loads((Path(__file__).parent / "golden_steps.json").read_text())


@pytest.mark.parametrize("case", CORPUS["cases"], ids=lambda case: case["name"])
def test_steps_from_javascript_lead_to_the_same_document(case: dict[str, Any]) -> None:
    node = documents.read(CORPUS["start"])
    for written in case["steps"]:
        step = read_step(written)
        assert read_step(step.to_json()).to_json() == step.to_json()
        before, node = node, apply_step(node, step)
        assert apply_step(node, undo_of(step, before, node)).eq(before)
    assert documents.canonical(node) == documents.canonical(case["after"])


def test_the_corpus_has_every_kind_of_step() -> None:
    kinds = {step["stepType"] for case in CORPUS["cases"] for step in case["steps"]}
    assert kinds == {"replace", "replaceAround", "addMark", "removeMark", "addNodeMark", "removeNodeMark", "attr"}
