"""The fingerprint of a version: what exactly was frozen, so that anyone can compute it again.

Canonical JSON is UTF-8 with sorted keys and no white space; strings in NFC, attributes that equal the schema's defaults
and empty values left out, neighbouring text with the same marks joined, marks sorted, open suggestions refused. Each
section has its SHA-256; the total is the SHA-256 of the canonical manifest without the total itself.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from strategies.domain.diff.attributes import set_attrs
from strategies.domain.diff.suggestions import without_suggestions

MANIFEST_VERSION = 1
_HASHES = ("text_sha256", "sha256")

Section = Mapping[str, Any]
Manifest = dict[str, Any]


def build_manifest(sections: Sequence[Section], *, heading: Mapping[str, Any] | None = None) -> Manifest:
    """``{"manifest": 1, "heading": {...}, "sections": [{"uuid", "code", "title", ..., "text_sha256", "sha256"}],
    "sha256"}``; ``text_sha256`` is that of the document alone, ``sha256`` that of document and columns together.

    ``sections`` in reading order: ``{"uuid", "doc", ...}``, every other key is a metadata column (kind, code, title, parent,
    target_year, responsible, policy_items, ...). Lists keep their order: sort what has none before calling. ``heading``
    says what the version is (strategy, label). The texts are not in the manifest, only their hashes.
    """
    entries = [_entry(section) for section in sections]
    manifest: Manifest = {"manifest": MANIFEST_VERSION, "sections": entries}
    if heading:
        manifest["heading"] = _canonical_value(heading)
    return {**manifest, "sha256": _sha256(manifest)}


def _entry(section: Section) -> dict[str, Any]:
    text = _sha256(canonical_doc(section.get("doc") or {}))
    return {**canonical_columns(section), "text_sha256": text, "sha256": section_sha256(section)}


def section_sha256(section: Section) -> str:
    """The hash of a section's text together with its metadata columns."""
    return _sha256({**canonical_columns(section), "doc": canonical_doc(section.get("doc") or {})})


def canonical_columns(section: Section) -> dict[str, Any]:
    columns = {key: value for key, value in section.items() if key not in ("doc", *_HASHES)}
    return _canonical_value(columns)


def canonical_doc(doc: Mapping[str, Any]) -> dict[str, Any]:
    """A document as it is hashed: suggestions refused, defaults and empty values omitted, text joined and in NFC."""
    settled = without_suggestions(dict(doc)) if doc else {}
    return _canonical_node(settled) if settled else {"type": "doc"}


def canonical_json(value: Any) -> str:
    """The one way to write a value: sorted keys, NFC, no white space."""
    return json.dumps(
        _canonical_value(value, keep_empty=True), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def _canonical_node(node: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {"type": node["type"]}
    if node["type"] == "text":
        out["text"] = _nfc(node["text"])
    attrs = _canonical_value(set_attrs("nodes", node["type"], node.get("attrs")))
    if attrs:
        out["attrs"] = attrs
    marks = sorted((_canonical_mark(mark) for mark in node.get("marks") or ()), key=canonical_json)
    if marks:
        out["marks"] = marks
    content = _joined([_canonical_node(child) for child in node.get("content") or ()])
    if content:
        out["content"] = content
    return out


def _canonical_mark(mark: Mapping[str, Any]) -> dict[str, Any]:
    attrs = _canonical_value(set_attrs("marks", mark["type"], mark.get("attrs")))
    return {"type": mark["type"], **({"attrs": attrs} if attrs else {})}


def _joined(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How an editor happened to cut the text into nodes says nothing; empty text is no text."""
    out: list[dict[str, Any]] = []
    for node in nodes:
        if node["type"] == "text" and out and out[-1]["type"] == "text" and out[-1].get("marks") == node.get("marks"):
            out[-1] = {**out[-1], "text": _nfc(out[-1]["text"] + node["text"])}
        elif node["type"] != "text" or node["text"]:
            out.append(node)
    return out


def _canonical_value(value: Any, *, keep_empty: bool = False) -> Any:
    if isinstance(value, str):
        return _nfc(str(value))
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        items = {_nfc(str(k)): _canonical_value(v, keep_empty=keep_empty) for k, v in value.items()}
        return items if keep_empty else {k: v for k, v in items.items() if v not in (None, "", [], {})}
    if isinstance(value, (list, tuple)):
        return [_canonical_value(item, keep_empty=keep_empty) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_canonical_value(item) for item in value), key=canonical_json)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"A manifest cannot hold {type(value).__name__}.")


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _sha256(value: Any) -> str:
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def verify_manifest(manifest: Manifest, sections: Sequence[Section]) -> list[dict[str, Any]]:
    """What differs between a manifest and the sections at hand; an empty list when all is as it was frozen.

    ``{"what": "total"|"changed"|"missing"|"unknown"|"order"|"version", "uuid": ... | None, "fields": [...]}``. ``fields``
    names the differing columns, and ``doc`` when the text differs.
    """
    if manifest.get("manifest") != MANIFEST_VERSION:
        return [{"what": "version", "uuid": None, "fields": []}]
    found: list[dict[str, Any]] = []
    if _sha256({key: value for key, value in manifest.items() if key != "sha256"}) != manifest.get("sha256"):
        found.append({"what": "total", "uuid": None, "fields": []})
    was = {entry["uuid"]: entry for entry in manifest["sections"]}
    now = {str(section["uuid"]): section for section in sections}
    found += [{"what": "missing", "uuid": uuid, "fields": []} for uuid in was if uuid not in now]
    found += [{"what": "unknown", "uuid": uuid, "fields": []} for uuid in now if uuid not in was]
    for uuid in (u for u in was if u in now):
        fields = _differing(was[uuid], _entry(now[uuid]))
        if fields:
            found.append({"what": "changed", "uuid": uuid, "fields": fields})
    if [u for u in was if u in now] != [u for u in now if u in was]:
        found.append({"what": "order", "uuid": None, "fields": []})
    return found


def _differing(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    names = sorted({*was, *now} - set(_HASHES))
    fields = [name for name in names if was.get(name) != now.get(name)]
    if was.get("text_sha256") != now["text_sha256"]:
        fields.append("doc")
    return fields or ([] if was.get("sha256") == now["sha256"] else ["sha256"])
