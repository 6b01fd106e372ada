"""Whole versions: sections that came, went, moved, were renamed; text that moved between sections."""

import json

from strategies.domain.diff import diff_versions

from .test_diff import A, B, C, doc, p


def section(uuid, *blocks, title="Rubrik", parent=None, **metadata):
    return {
        "uuid": uuid,
        "kind": "text",
        "title": title,
        "code": uuid,
        "parent": parent,
        "doc": doc(*blocks),
        "metadata": metadata,
    }


def test_same_versions_have_no_changes():
    versions = [section("s1", A), section("s2", B)]
    diff = diff_versions(versions, versions)
    assert diff["changes"] == []
    assert [s["op"] for s in diff["sections"]] == ["same", "same"]


def test_a_moved_section_is_moved_and_its_text_is_not_new():
    diff = diff_versions(
        [section("s1", A), section("s2", B), section("s3", C)], [section("s3", C), section("s1", A), section("s2", B)]
    )
    assert [(s["uuid"], s["op"], s["moved"]) for s in diff["sections"]] == [
        ("s3", "changed", True),
        ("s1", "same", False),
        ("s2", "same", False),
    ]
    assert [c["kind"] for c in diff["changes"]] == ["section_moved"]


def test_children_that_follow_their_parent_did_not_move():
    old = [section("a"), section("a1", A, parent="a"), section("b"), section("b1", B, parent="b")]
    diff = diff_versions(old, [old[2], old[3], old[0], old[1]])
    assert [s["uuid"] for s in diff["sections"] if s["moved"]] in (["a"], ["b"])


def test_title_and_metadata():
    diff = diff_versions([section("s1", title="Mål ett", year=2030)], [section("s1", title="Mål två", year=2035)])
    [entry] = diff["sections"]
    assert entry["fields"]["title"]["spans"] == [["=", "Mål "], ["-", "ett"], ["+", "två"]]
    assert entry["fields"]["year"] == {"old": 2030, "new": 2035}
    assert entry["summary"]["fields"] == 2


def test_added_and_removed_sections():
    diff = diff_versions([section("s1", A), section("s2", B)], [section("s1", A), section("s3", C, title="Ny")])
    assert [(s["uuid"], s["op"]) for s in diff["sections"]] == [("s1", "same"), ("s2", "removed"), ("s3", "added")] or [
        (s["uuid"], s["op"]) for s in diff["sections"]
    ] == [("s1", "same"), ("s3", "added"), ("s2", "removed")]


def test_a_block_that_changed_section_is_moved():
    edited = p("a1", "Regionen ska främja tågtrafiken. Det ska gå fort.")
    diff = diff_versions([section("s1", A, B), section("s2", C)], [section("s1", B), section("s2", C, edited)])
    assert [c["kind"] for c in diff["changes"]] == ["moved", "words"]
    blocks = {s["uuid"]: [b for b in s["diff"]["blocks"] if b["op"] != "same"] for s in diff["sections"]}
    assert blocks["s1"][0]["to_section"] == "s2" and blocks["s2"][0]["from_section"] == "s1"


def test_imported_editions_are_matched_by_title():
    diff = diff_versions(
        [section("x1", A, title="Vision för länet")], [section("y1", A, title="Vision för länet 2040")]
    )
    assert [s["op"] for s in diff["sections"]] == ["changed"]


def test_the_answer_is_plain_json():
    diff = diff_versions([section("s1", A)], [section("s1", B, title="Ny")])
    assert json.loads(json.dumps(diff)) == diff
