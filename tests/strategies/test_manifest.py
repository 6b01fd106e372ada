"""The fingerprint: the same for the same words, another for other words, and able to say what differs."""

import copy

import pytest

from strategies.domain.manifest import build_manifest, canonical_doc, canonical_json, section_sha256, verify_manifest

SECTIONS = [
    {
        "uuid": "6b1f6a7e-0000-4000-8000-000000000001", "kind": "chapter", "code": "1", "title": "Inledning", "parent": None,
        "doc": {"type": "doc", "content": [
            {"type": "heading", "attrs": {"id": "h1", "level": 2}, "content": [{"type": "text", "text": "Varför en strategi?"}]},
            {"type": "paragraph", "attrs": {"id": "p1"}, "content": [
                {"type": "text", "text": "Å"}, {"type": "text", "text": "r 2040", "marks": [{"type": "strong"}, {"type": "em"}]}]},
        ]},
    },
    {
        "uuid": "6b1f6a7e-0000-4000-8000-000000000002", "kind": "goal", "code": "2", "title": "God hälsa", "target_year": 2035,
        "policy_items": ["sdg:3", "sdg:10"], "doc": {"type": "doc", "content": []},
    },
]  # fmt: skip
VECTORS = {
    "first": "5f994e5055e7bfc5e7c9d590763d5cc2c35e279110beb977242fda96e2c348e6",
    "second": "a81b3aac3ab1c96be4749b32d45506b7160ed8a8fe698acb61394f25b685ef12",
    "total": "8867cfb60a9bf5cf24769d77944fe91db72167f8ce319f73d2670332492c0e41",
}
"""Hashes of the sections above. They are printed in adopted strategies: a change here needs a new manifest version."""


def changed(**columns):
    sections = copy.deepcopy(SECTIONS)
    sections[0] |= columns
    return sections


def test_the_hashes_are_those_of_yesterday():
    manifest = build_manifest(SECTIONS, heading={"label": "Samrådsversion 1"})
    first, second = manifest["sections"]
    assert {"first": first["sha256"], "second": second["sha256"], "total": manifest["sha256"]} == VECTORS


def reordered(value):
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    return [reordered(item) for item in value] if isinstance(value, list) else value


def variants():
    first = SECTIONS[0]
    doc = first["doc"]
    heading, paragraph = doc["content"]
    words = {"type": "text", "text": "r 2040", "marks": [{"type": "em"}, {"type": "strong"}]}
    content = lambda *inline: {**doc, "content": [heading, {**paragraph, "content": list(inline)}]}  # noqa: E731
    yield "key order", reordered(first)
    yield "decomposed letters", {**first, "doc": content({"type": "text", "text": "A\u030a"}, words)}
    yield "mark order", {**first, "doc": content({"type": "text", "text": "Å"}, words)}
    yield (
        "text cut in pieces",
        {**first, "doc": content({"type": "text", "text": "A"}, {"type": "text", "text": "\u030a"}, words)},
    )
    yield (
        "default level left out",
        {**first, "doc": {**doc, "content": [{**heading, "attrs": {"id": "h1"}}, paragraph]}},
    )
    yield "empty values", {**first, "target_year": None, "policy_items": []}
    insertion = {"type": "text", "text": " osäkert", "marks": [{"type": "insertion", "attrs": {"id": "i1"}}]}
    deletion = {**words, "marks": [*words["marks"], {"type": "deletion", "attrs": {"id": "i2"}}]}
    yield "open suggestions", {**first, "doc": content({"type": "text", "text": "Å"}, insertion, deletion)}


@pytest.mark.parametrize(("name", "section"), list(variants()))
def test_the_same_words_have_the_same_hash(name, section):
    assert section_sha256(section) == section_sha256(SECTIONS[0]), name


@pytest.mark.parametrize(
    "columns",
    [
        {"title": "Inledning."},
        {"code": "2"},
        {"kind": "text"},
        {"target_year": 0},
        {"doc": {"type": "doc"}},
        {"parent": "x"},
    ],
)
def test_other_words_have_another_hash(columns):
    assert section_sha256({**SECTIONS[0], **columns}) != section_sha256(SECTIONS[0])


def test_verify_finds_nothing_when_nothing_changed():
    manifest = build_manifest(SECTIONS, heading={"label": "x"})
    assert verify_manifest(manifest, [reordered(s) for s in SECTIONS]) == []
    assert verify_manifest(build_manifest([]), []) == []


def test_verify_says_what_differs():
    manifest = build_manifest(SECTIONS)
    uuid = SECTIONS[0]["uuid"]
    assert verify_manifest(manifest, changed(title="Annan")) == [{"what": "changed", "uuid": uuid, "fields": ["title"]}]
    assert verify_manifest(manifest, changed(doc={"type": "doc"})) == [
        {"what": "changed", "uuid": uuid, "fields": ["doc"]}
    ]
    both = verify_manifest(manifest, changed(title="Annan", doc={"type": "doc"}))
    assert both == [{"what": "changed", "uuid": uuid, "fields": ["title", "doc"]}]


def test_verify_says_what_is_missing_unknown_or_out_of_order():
    manifest = build_manifest(SECTIONS)
    first, second = SECTIONS
    assert verify_manifest(manifest, [second]) == [{"what": "missing", "uuid": first["uuid"], "fields": []}]
    assert [f["what"] for f in verify_manifest(manifest, [*SECTIONS, {"uuid": "new", "doc": {}}])] == ["unknown"]
    assert [f["what"] for f in verify_manifest(manifest, [second, first])] == ["order"]


def test_verify_sees_a_manifest_that_was_tampered_with():
    manifest = build_manifest(SECTIONS)
    manifest["sections"][0]["title"] = "Annan"
    assert [f["what"] for f in verify_manifest(manifest, SECTIONS)] == ["total", "changed"]
    assert [f["what"] for f in verify_manifest({**build_manifest(SECTIONS), "manifest": 99}, SECTIONS)] == ["version"]


def test_canonical_json_is_plain():
    assert canonical_json({"b": 1, "a": "A\u030a"}) == '{"a":"Å","b":1}'
    assert canonical_doc({}) == {"type": "doc"}


def test_what_cannot_be_written_is_refused():
    with pytest.raises(TypeError):
        build_manifest([{"uuid": "x", "title": object(), "doc": {}}])
