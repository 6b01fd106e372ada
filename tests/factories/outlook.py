"""Letters as Outlook keeps them: a compound file ([MS-CFB]) with a property in each stream ([MS-OXMSG]), and winmail.dat."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

SECTOR, SMALL, CUTOFF = 512, 64, 4096
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
SUBJECT, SENDER, SENDER_ADDRESS, BODY, HTML, RTF = 0x0037, 0x0C1A, 0x0C1F, 0x1000, 0x1013, 0x1009
CLASS, SENT, CODEPAGE, METHOD, LONG_NAME, MIME, DATA = 0x001A, 0x0039, 0x3FDE, 0x3705, 0x3707, 0x370E, 0x3701

Tree = Mapping[str, "bytes | Tree"]


@dataclass
class _Entry:
    name: str
    data: bytes | None = None
    kids: list["_Entry"] = field(default_factory=list)
    n: int = 0
    right: int = FREE
    start: int = END


def compound(tree: Tree) -> bytes:
    """A compound file with these streams (bytes) and storages (mappings)."""
    root = _entry("Root Entry", tree)
    entries: list[_Entry] = []
    _number(root, entries)
    small, minifat, sectors, fat = b"", [], [], []

    def put(data: bytes) -> int:
        first, count = len(sectors), -(-len(data) // SECTOR)
        sectors.extend(data[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(data), SECTOR))
        fat.extend([*range(first + 1, first + count), END] if count else [])
        return first if count else END

    for entry in entries:
        if entry.data and len(entry.data) < CUTOFF:
            entry.start, count = len(minifat), -(-len(entry.data) // SMALL)
            minifat += [*range(entry.start + 1, entry.start + count), END]
            small += entry.data.ljust(count * SMALL, b"\0")
        elif entry.data:
            entry.start = put(entry.data)
    root.start, root.data = put(small), small
    mini = put(struct.pack(f"<{len(minifat)}I", *minifat)) if minifat else END
    mini_count = -(-len(minifat) * 4 // SECTOR)
    directory = put(b"".join(_directory(entry) for entry in entries))
    count = 1
    while count * SECTOR // 4 < len(fat) + count:
        count += 1
    where = list(range(len(fat), len(fat) + count))
    fat += [FAT] * count
    fat += [FREE] * (count * SECTOR // 4 - len(fat))
    head = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, 0, count, directory, 0, CUTOFF, mini, mini_count, END, 0
    )  # fmt: skip
    head += struct.pack("<109I", *where, *[FREE] * (109 - count))
    return head + b"".join(sectors) + struct.pack(f"<{len(fat)}I", *fat)


def _entry(name: str, value: "bytes | Tree") -> _Entry:
    if isinstance(value, bytes):
        return _Entry(name, value)
    return _Entry(name, None, [_entry(key, inner) for key, inner in value.items()])


def _number(entry: _Entry, entries: list[_Entry]) -> None:
    entry.n = len(entries)
    entries.append(entry)
    for kid in entry.kids:
        _number(kid, entries)
    for kid, after in zip(entry.kids, entry.kids[1:], strict=False):
        kid.right = after.n


def _directory(entry: _Entry) -> bytes:
    """The entry; its children hang on one another to the right, which every reader follows."""
    name = (entry.name + "\0").encode("utf-16-le")
    kind = 5 if entry.n == 0 else 1 if entry.data is None else 2
    return struct.pack(
        "<64sHBBIII16xI8x8xIQ", name, len(name), kind, 1, FREE, entry.right, entry.kids[0].n if entry.kids else FREE, 0, entry.start, len(entry.data or b"")
    )  # fmt: skip


def msg(
    body: str = "", *, subject: str = "Vårt svar", html: bytes = b"", rtf: bytes = b"", files: Sequence[tuple[str, bytes]] = (), nested: Sequence[Tree] = (),
    kind: str = "IPM.Note",
) -> bytes:  # fmt: skip
    """A letter from Outlook."""
    return compound(letter_tree(body, subject=subject, html=html, rtf=rtf, files=files, nested=nested, kind=kind))


def letter_tree(
    body: str = "", *, subject: str = "Vårt svar", html: bytes = b"", rtf: bytes = b"", files: Sequence[tuple[str, bytes]] = (), nested: Sequence[Tree] = (),
    kind: str = "IPM.Note", header: int = 32,
) -> dict[str, Any]:  # fmt: skip
    """The storage of a letter; ``header`` 24 for one inside another."""
    found: dict[str, Any] = {}
    held: dict[int, str | bytes] = {
        CLASS: kind,
        SUBJECT: subject,
        SENDER: "Karin Ek",
        SENDER_ADDRESS: "karin@kommun.example",
    }
    held |= {name: value for name, value in ((BODY, body), (HTML, html), (RTF, rtf)) if value}
    count = len(files) + len(nested)
    head = struct.pack("<8x4I", 0, count, 0, count).ljust(header, b"\0")
    since = int((datetime(2027, 1, 15, 9, tzinfo=UTC) - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
    fixed = struct.pack("<HHIQ", 0x40, SENT, 6, since) + struct.pack("<HHII4x", 3, CODEPAGE, 6, 65001)
    found["__properties_version1.0"] = head + fixed + _properties(held, found)
    for n, (name, data) in enumerate(files):
        found[f"__attach_version1.0_#{n:08X}"] = _attachment({LONG_NAME: name, DATA: data}, 1)
    for n, inner in enumerate(nested, len(files)):
        attached = _attachment({LONG_NAME: "brev"}, 5)
        found[f"__attach_version1.0_#{n:08X}"] = {**attached, "__substg1.0_3701000D": inner}
    return found


def _attachment(held: dict[int, str | bytes], method: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    fixed = struct.pack("<HHII4x", 3, METHOD, 6, method)
    found["__properties_version1.0"] = b"\0" * 8 + fixed + _properties(held, found)
    return found


def _properties(held: Mapping[int, str | bytes], streams: dict[str, Any]) -> bytes:
    rows = b""
    for name, value in held.items():
        kind, data = (0x1F, value.encode("utf-16-le")) if isinstance(value, str) else (0x102, value)
        streams[f"__substg1.0_{name:04X}{kind:04X}"] = data
        rows += struct.pack("<HHIII", kind, name, 6, len(data) + (2 if kind == 0x1F else 0), 0)
    return rows


def winmail(files: Sequence[tuple[str, bytes]], body: str = "") -> bytes:
    """What Outlook makes of attachments for those who have no Outlook."""
    out = struct.pack("<IH", 0x223E9F78, 1)

    def part(level: int, kind: int, data: bytes) -> bytes:
        return struct.pack("<BII", level, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    if body:
        out += part(1, 0x0002800C, body.encode("cp1252") + b"\0")
    for name, data in files:
        wide = (name + "\0").encode("utf-16-le")
        out += part(2, 0x00069002, b"\0" * 14) + part(2, 0x00018010, name[:8].encode("cp1252") + b"\0")
        out += part(2, 0x0006800F, data)
        out += part(2, 0x00069005, struct.pack("<IHHII", 1, 0x1F, 0x3707, 1, len(wide)) + wide)
    return out
