"""Two versions, or two states of a draft, side by side as a page: per section what happened, in words and in the text."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from strategies.domain.checkpoints import State
from strategies.domain.diff import diff_versions
from strategies.publishing.diff_html import changes_html, spans_html
from strategies.publishing.diff_words import summary_items
from strategies.publishing.html import render_doc

AROUND = 1  # unchanged blocks shown beside each change
SHOWN_FIELDS = {
    "title": gettext_lazy("Rubrik"),
    "target_year": gettext_lazy("Målår"),
    "responsible": gettext_lazy("Ansvariga"),
    "policy_items": gettext_lazy("Mål och områden i andra listor"),
    "code": gettext_lazy("Nummer"),
}


@dataclass
class ComparedSection:
    """One section with something to show. ``op``: added, removed, changed or moved."""

    uuid: str
    old_uuid: str
    code: str
    title: str
    op: str
    moved: bool
    html: SafeString
    facts: list[tuple[str, str, str]] = field(default_factory=list)  # (name, before, after)
    title_html: SafeString | None = None
    summary: list[str] = field(default_factory=list)
    came: int = 0  # words
    went: int = 0


def compared(before: State, after: State, *, side_by_side: bool = False) -> dict[str, Any]:
    """``changed``: sections with something to show, in reading order; ``summary``: sentences; ``unchanged``: how many not."""
    result = diff_versions(before, after)
    docs = {row["uuid"]: row["doc"] for row in before}, {row["uuid"]: row["doc"] for row in after}
    refs = {row["uuid"]: {"code": row["code"], "title": row["title"]} for row in [*before, *after]}
    rows = [_section(row, docs, refs, side_by_side) for row in result["sections"] if _is_changed(row)]
    return {
        "changed": rows,
        "summary": [*_section_counts(result["summary"]), *summary_items(result["summary"])],
        "unchanged": sum(1 for row in result["sections"] if not _is_changed(row)),
    }


def _is_changed(row: dict[str, Any]) -> bool:
    return row["op"] != "same" or bool(row.get("moved")) or bool(set(row.get("fields") or {}) - {"code"})


def _section(row: dict[str, Any], docs: Any, refs: Any, side_by_side: bool) -> ComparedSection:
    fields = row.get("fields") or {}
    old_doc, new_doc = docs[0].get(row.get("old_uuid") or row["uuid"]), docs[1].get(row["uuid"])
    if row["op"] in ("added", "removed"):
        html = render_doc(
            (new_doc or old_doc) or {},
            refs={uuid: (n["code"], n["title"]) for uuid, n in refs.items()},
            prefix=f"{row['uuid']}-",
            heading_shift=1,
        )
    elif row.get("diff") and row["diff"]["changes"]:
        html = changes_html(
            row["diff"], old_doc, new_doc, side_by_side=side_by_side, around=AROUND, refs=refs, heading_shift=1
        )
    else:
        html = render_doc({})
    title = fields.get("title") or {}
    return ComparedSection(
        uuid=row["uuid"],
        old_uuid=row.get("old_uuid") or row["uuid"],
        code=row.get("code") or row.get("old_code") or "",
        title=row.get("title") or row.get("old_title") or "",
        op="moved" if row["op"] == "same" else row["op"],
        moved=bool(row.get("moved")),
        html=html,
        facts=[
            (str(SHOWN_FIELDS[name]), _words(value["old"]), _words(value["new"]))
            for name, value in fields.items()
            if name in SHOWN_FIELDS and name != "title"
        ],
        title_html=spans_html(title["spans"]) if title.get("spans") else None,
        summary=summary_items(row["summary"]) if row.get("summary") else [],
        came=(row.get("summary") or {}).get("words_added", 0),
        went=(row.get("summary") or {}).get("words_removed", 0),
    )


def _words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "–" if value in (None, "") else str(value)


def _section_counts(summary: dict[str, int]) -> list[str]:
    said = [
        (summary.get("sections_added", 0), _("%(n)s nya avsnitt")),
        (summary.get("sections_removed", 0), _("%(n)s borttagna avsnitt")),
        (summary.get("sections_moved", 0), _("%(n)s flyttade avsnitt")),
        (summary.get("sections_changed", 0), _("%(n)s ändrade avsnitt")),
    ]
    return [text % {"n": count} for count, text in said if count]
