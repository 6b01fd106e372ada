"""Tables: rows, columns and cells."""

from strategies.domain.diff import apply_changes, diff_documents, revert_changes

from .test_diff import doc, kinds, p


def table(rows, prefix="c"):
    content = [
        {"type": "table_row", "attrs": {"id": f"r{row[0]}"}, "content": [
            {"type": "table_cell", "attrs": {"id": f"{prefix}{row[0]}{column}"}, "content": [p(f"p{row[0]}{column}", words)]}
            for column, words in row[1]]}
        for row in rows]  # fmt: skip
    return {"type": "table", "attrs": {"id": "t1"}, "content": content}


OLD = table(
    [
        (1, [("a", "Mål"), ("b", "Ansvar")]),
        (2, [("a", "Tåg"), ("b", "Regionen")]),
        (3, [("a", "Buss"), ("b", "Kommunen")]),
    ]
)


def ops(changes):
    [block] = [b for b in changes["blocks"] if b.get("table")]
    return block["table"]


def test_a_changed_cell_is_the_only_change():
    new = table(
        [
            (1, [("a", "Mål"), ("b", "Ansvar")]),
            (2, [("a", "Tåg"), ("b", "Regionen och staten")]),
            (3, [("a", "Buss"), ("b", "Kommunen")]),
        ]
    )
    changes = diff_documents(doc(OLD), doc(new))
    assert kinds(changes) == [("words", "Regionen", "Regionen och staten")]
    assert [r["op"] for r in ops(changes)["rows"]] == ["same", "changed", "same"]


def test_a_new_and_a_moved_row():
    new = table(
        [
            (3, [("a", "Buss"), ("b", "Kommunen")]),
            (1, [("a", "Mål"), ("b", "Ansvar")]),
            (9, [("a", "Cykel"), ("b", "Alla")]),
            (2, [("a", "Tåg"), ("b", "Regionen")]),
        ]
    )
    rows = ops(diff_documents(doc(OLD), doc(new)))["rows"]
    assert [(r["op"], r["moved"]) for r in rows] == [("same", True), ("same", False), ("added", False), ("same", False)]


def test_a_new_column_is_said_once():
    new = table(
        [
            (1, [("a", "Mål"), ("x", "År"), ("b", "Ansvar")]),
            (2, [("a", "Tåg"), ("x", "2030"), ("b", "Regionen")]),
            (3, [("a", "Buss"), ("x", "2031"), ("b", "Kommunen")]),
        ]
    )
    assert [c["op"] for c in ops(diff_documents(doc(OLD), doc(new)))["columns"]] == ["same", "added", "same"]
    assert [c["op"] for c in ops(diff_documents(doc(new), doc(OLD)))["columns"]] == ["same", "removed", "same"]


def test_both_sides_can_be_rebuilt():
    new = table([(3, [("a", "Båt"), ("b", "Kommunen")]), (1, [("a", "Mål"), ("x", "År")])])
    changes = diff_documents(doc(OLD), doc(new))
    assert apply_changes(changes, doc(OLD)) == ["Båt\nKommunen\nMål\nÅr"]
    assert revert_changes(changes, doc(new)) == ["Mål\nAnsvar\nTåg\nRegionen\nBuss\nKommunen"]


def test_other_ids_with_the_same_words_are_no_change():
    assert (
        kinds(
            diff_documents(
                doc(OLD),
                doc(
                    {
                        **table(
                            [
                                (1, [("a", "Mål"), ("b", "Ansvar")]),
                                (2, [("a", "Tåg"), ("b", "Regionen")]),
                                (3, [("a", "Buss"), ("b", "Kommunen")]),
                            ],
                            prefix="z",
                        )
                    }
                ),
            )
        )
        == []
    )
