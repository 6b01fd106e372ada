"""What the diff says about typical edits. The plain words, moves and kinds; tables and versions have their own files."""

import json
import subprocess
import sys

import pytest

from rus_platform.local.processes import ROOT
from strategies.domain.diff import (
    DIFF_ALGORITHM_VERSION,
    apply_changes,
    change_key,
    diff_documents,
    diff_text,
    revert_changes,
)


def text(words, *marks, **attrs):
    node = {"type": "text", "text": words}
    if marks:
        node["marks"] = [m if isinstance(m, dict) else {"type": m} for m in marks]
    return node


def p(block, *content, kind="paragraph", **attrs):
    inline = [text(c) if isinstance(c, str) else c for c in content]
    return {"type": kind, "attrs": {"id": block, **attrs}, "content": inline}


def doc(*blocks):
    return {"type": "doc", "content": list(blocks)}


def note(words):
    return {"type": "footnote", "content": [text(words)]}


def kinds(changes):
    return [(c["kind"], c["before"], c["after"]) for c in changes["changes"]]


A = p("a1", "Regionen ska stärka tågtrafiken. Det ska gå fort.")
B = p("b1", "Kommunerna ansvarar för bostadsförsörjningen i länet.")
C = p("c1", "Ett helt annat stycke om kultur och fritid i hela länet.")


def test_identical_documents_have_no_changes():
    changes = diff_documents(doc(A, B), doc(A, B), section="s")
    assert changes["changes"] == []
    assert set(changes["summary"].values()) == {0}
    assert changes["blocks"] == [{"op": "same", "old": [0, 2], "new": [0, 2]}]
    assert changes["algorithm"] == DIFF_ALGORITHM_VERSION


def test_empty_documents():
    assert diff_documents(None, {})["changes"] == []
    assert kinds(diff_documents(None, doc(A)))[0][0] == "added"
    assert kinds(diff_documents(doc(A), None))[0][0] == "removed"


def test_a_changed_sentence_is_named_alone():
    changes = diff_documents(doc(A), doc(p("a1", "Regionen ska främja tågtrafiken. Det ska gå fort.")), section="s")
    assert kinds(changes) == [("words", "Regionen ska stärka tågtrafiken.", "Regionen ska främja tågtrafiken.")]
    [change] = changes["changes"]
    assert change["key"] == change_key("s", "a1", "words", change["before"], change["after"])
    assert (change["section"], change["block"]) == ("s", "a1")


def test_the_key_is_the_same_whatever_else_changes():
    new = p("a1", "Regionen ska främja tågtrafiken. Det ska gå fort.")
    alone = diff_documents(doc(A, B), doc(new, B), section="s")["changes"][0]["key"]
    among = diff_documents(doc(A, B), doc(C, p("b1", "Staten ansvarar."), new), section="s")["changes"]
    assert alone in [c["key"] for c in among]


def test_a_moved_block_is_moved_and_not_deleted():
    changes = diff_documents(doc(A, B, C), doc(C, A, B))
    assert kinds(changes) == [
        (
            "moved",
            "Ett helt annat stycke om kultur och fritid i hela länet.",
            "Ett helt annat stycke om kultur och fritid i hela länet.",
        )
    ]
    assert changes["summary"]["moved"] == 1
    assert [b["op"] for b in changes["blocks"]] == ["changed", "same", "left"]


def test_an_edit_in_a_moved_block_is_shown():
    changes = diff_documents(
        doc(A, B, C), doc(p("c1", "Ett helt nytt stycke om kultur och fritid i hela länet."), A, B)
    )
    assert [k for k, *_ in kinds(changes)] == ["moved", "words"]


def test_of_two_that_swapped_the_smaller_one_moved():
    short = p("k1", "Kort.")
    changes = diff_documents(doc(A, short), doc(short, A))
    assert [b["id"] for b in changes["blocks"] if b.get("moved")] == ["k1"]


def test_formatting_alone_is_said_as_formatting():
    changes = diff_documents(doc(p("a1", "Viktiga ord här.")), doc(p("a1", text("Viktiga", "strong"), " ord här.")))
    assert [k for k, *_ in kinds(changes)] == ["format"]
    assert changes["blocks"][0]["spans"][0] == ["f", "Viktiga", "", "strong"]
    assert changes["summary"]["words_added"] == 0


def test_a_changed_link_is_formatting():
    link = lambda href: text("planen", {"type": "link", "attrs": {"href": href}})  # noqa: E731
    changes = diff_documents(doc(p("a1", "Se ", link("https://a.se"))), doc(p("a1", "Se ", link("https://b.se"))))
    assert changes["blocks"][0]["spans"][-1] == ["f", "planen", "link=https://a.se", "link=https://b.se"]


def test_a_heading_level_is_a_change_of_kind():
    old, new = p("h1", "Mål", kind="heading", level=2), p("h1", "Mål", kind="heading", level=3)
    assert [k for k, *_ in kinds(diff_documents(doc(old), doc(new)))] == ["kind"]


def test_a_default_written_out_is_no_change():
    old, new = p("h1", "Mål", kind="heading"), p("h1", "Mål", kind="heading", level=2)
    assert kinds(diff_documents(doc(old), doc(new))) == []


def test_a_paragraph_made_a_bullet_is_a_change_of_kind():
    item = {
        "type": "bullet_list",
        "attrs": {"id": "l"},
        "content": [{"type": "list_item", "attrs": {"id": "i"}, "content": [A]}],
    }
    assert [k for k, *_ in kinds(diff_documents(doc(A), doc(item)))] == ["kind"]


def test_a_footnote_is_compared_inside():
    changes = diff_documents(
        doc(p("a1", "Text", note("Källa SCB 2023."), " slut.")), doc(p("a1", "Text", note("Källa SCB 2024."), " slut."))
    )
    [span] = [s for s in changes["blocks"][0]["spans"] if s[0] == "~"]
    assert ["-", "2023"] in span[2] and ["+", "2024"] in span[2]


def test_references_and_breaks_are_words():
    ref = lambda uuid: {"type": "ref", "attrs": {"section": uuid}}  # noqa: E731
    changes = diff_documents(doc(p("a1", "Se ", ref("x"), " här.")), doc(p("a1", "Se ", ref("y"), " här.")))
    assert changes["summary"]["words_added"] == 1
    assert ["-", "⟦ref:x⟧"] in changes["blocks"][0]["spans"]


def test_a_picture_changes_caption_description_and_file():
    figure = lambda **a: {"type": "figure", "attrs": {"id": "f1", "image": "i1", **a}}  # noqa: E731
    changes = diff_documents(
        doc(figure(alt="Karta", caption="Länet i stort")), doc(figure(alt="En karta", caption="Länet i smått"))
    )
    assert [k for k, *_ in kinds(changes)] == ["words", "kind"]


def test_text_without_ids_is_matched_by_its_words():
    bare = lambda words: {"type": "paragraph", "content": [text(words)]}  # noqa: E731
    old = doc(
        bare("Första stycket handlar om tågen i hela länet."),
        bare("Andra stycket handlar om bussarna i alla kommuner."),
    )
    new = doc(
        bare("Ett nytt stycke om cykling."),
        bare("Första stycket handlar om tågen i stora delar av länet."),
        bare("Andra stycket handlar om bussarna i alla kommuner."),
    )
    assert [k for k, *_ in kinds(diff_documents(old, new))] == ["added", "words"]


def test_recycled_ids_are_not_believed():
    old = doc(
        p("b1", "Första stycket handlar om tågen i länet."), p("b2", "Andra stycket handlar om bussar och cyklar.")
    )
    new = doc(
        p("b1", "Inledning som är alldeles ny för dagen."),
        p("b2", "Första stycket handlar om tågen i länet."),
        p("b3", "Andra stycket handlar om bussar och cyklar."),
    )
    assert kinds(diff_documents(old, new)) == [("added", "", "Inledning som är alldeles ny för dagen.")]


def test_the_same_id_twice_loses_nothing():
    old, new = doc(p("x", "Ett."), p("x", "Två.")), doc(p("x", "Två."), p("x", "Tre."), p("x", "Ett."))
    changes = diff_documents(old, new)
    assert apply_changes(changes, old) == ["Två.", "Tre.", "Ett."]
    assert revert_changes(changes, new) == ["Ett.", "Två."]


@pytest.mark.parametrize(
    ("old", "new", "spans"),
    [
        ("Ö är ok", "Ö är ok", [["=", "Ö är ok"]]),
        ("A\u030angstro\u0308m mäts", "Ångström mäts", [["=", "Ångström mäts"]]),
        ("Hej 👩‍👩‍👧 där", "Hej 👨‍👩‍👧 där", [["=", "Hej "], ["-", "👩‍👩‍👧"], ["+", "👨‍👩‍👧"], ["=", " där"]]),
        ("Tum 👍🏽 upp", "Tum 👍🏿 upp", [["=", "Tum "], ["-", "👍🏽"], ["+", "👍🏿"], ["=", " upp"]]),
        ("Flagga 🇸🇪 här", "Flagga 🇳🇴 här", [["=", "Flagga "], ["-", "🇸🇪"], ["+", "🇳🇴"], ["=", " här"]]),
        ("a b", "a  b", [["=", "a"], ["-", " "], ["+", "  "], ["=", "b"]]),
        ("12,5 procent", "12,7 procent", [["-", "12,5"], ["+", "12,7"], ["=", " procent"]]),
    ],
)
def test_words_signs_and_scripts(old, new, spans):
    assert diff_text(old.replace("A\u030angstro\u0308m", "Ångström"), new) == spans


def test_composed_and_combining_letters_are_the_same_word():
    assert kinds(diff_documents(doc(p("a1", "A\u030angstro\u0308m")), doc(p("a1", "Ångström")))) == []


def test_an_inserted_sentence_is_shown_whole():
    spans = diff_text("Vi ska gå. Vi ska stå.", "Vi ska gå. Vi ska springa. Vi ska stå.")
    assert spans == [["=", "Vi ska gå. "], ["+", "Vi ska springa. "], ["=", "Vi ska stå."]]


def test_open_suggestions_are_not_changes():
    mark = lambda kind: {"type": kind, "attrs": {"id": "s1"}}  # noqa: E731
    suggested = p("a1", "Vi ska ", text("inte ", mark("insertion")), text("gå", mark("deletion")), ".")
    assert kinds(diff_documents(doc(p("a1", "Vi ska gå.")), doc(suggested))) == []


def test_the_answer_is_plain_json():
    changes = diff_documents(doc(A, B), doc(B, C))
    assert json.loads(json.dumps(changes)) == changes


# --- split and joined

LONG = p("a1", "Regionen ska stärka tågtrafiken. Det ska gå fort att resa mellan länets städer.")
HEAD, TAIL = p("a1", "Regionen ska stärka tågtrafiken."), p("z9", "Det ska gå fort att resa mellan länets städer.")


def parts(changes):
    return [(b["part"]["of"], b["part"]["n"], b["old"], b["new"]) for b in changes["blocks"] if "part" in b]


def test_a_split_paragraph_is_split_and_not_removed_and_added():
    changes = diff_documents(doc(LONG, B), doc(HEAD, TAIL, B))
    assert [k for k, *_ in kinds(changes)] == ["split"]
    assert parts(changes) == [("split", 0, 0, 0), ("split", 1, 0, 1)]
    assert {name: n for name, n in changes["summary"].items() if n} == {"split": 1}


def test_joined_paragraphs_are_joined():
    changes = diff_documents(doc(HEAD, TAIL, B), doc(LONG, B))
    assert [k for k, *_ in kinds(changes)] == ["joined"]
    assert parts(changes) == [("joined", 0, 0, 0), ("joined", 1, 1, 0)]
    assert {name: n for name, n in changes["summary"].items() if n} == {"joined": 1}


def test_words_changed_on_the_way_are_shown_in_their_part():
    new = doc(
        p("a1", "Regionen ska bygga ut tågtrafiken."), p("z9", "Det ska gå fort att resa mellan alla länets städer.")
    )
    changes = diff_documents(doc(LONG), new)
    assert [k for k, *_ in kinds(changes)] == ["split", "words", "words"]
    assert apply_changes(changes, doc(LONG)) == [u["content"][0]["text"] for u in new["content"]]
    assert revert_changes(changes, new) == [LONG["content"][0]["text"]]


def test_the_id_may_have_gone_with_the_second_part():
    changes = diff_documents(
        doc(LONG), doc(p("n1", "Regionen ska stärka tågtrafiken."), p("a1", TAIL["content"][0]["text"]))
    )
    assert [k for k, *_ in kinds(changes)] == ["split"]


def test_split_in_three_and_formatting_kept():
    old = doc(p("a1", "Ett två tre fyra. ", text("Fem sex sju åtta.", "strong"), " Nio tio elva tolv."))
    new = doc(p("a1", "Ett två tre fyra."), p("n1", text("Fem sex sju åtta.", "strong")), p("n2", "Nio tio elva tolv."))
    changes = diff_documents(old, new)
    assert [k for k, *_ in kinds(changes)] == ["split"] and len(parts(changes)) == 3


def test_a_paragraph_added_beside_a_changed_one_is_added():
    changes = diff_documents(doc(LONG), doc(p("a1", "Regionen ska stärka tågtrafiken."), C))
    assert [k for k, *_ in kinds(changes)] == ["words", "added"]


def test_a_short_added_word_proves_no_split():
    changes = diff_documents(
        doc(LONG), doc(p("a1", "Regionen ska stärka tågtrafiken. Det ska gå fort."), p("n", "länets städer"))
    )
    assert "split" not in [k for k, *_ in kinds(changes)]


def test_a_copied_sentence_is_added_and_not_split():
    changes = diff_documents(doc(LONG), doc(LONG, p("n", "Det ska gå fort att resa mellan länets städer.")))
    assert [k for k, *_ in kinds(changes)] == ["added"]


def test_the_example_in_the_docstring_runs_without_the_platform():
    found = subprocess.run(
        [sys.executable, "-m", "doctest", "strategies/domain/diff/__init__.py"],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": ""}, capture_output=True, text=True,
    )  # fmt: skip
    assert (found.returncode, found.stdout) == (0, "")
