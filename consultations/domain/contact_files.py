"""Read a file of contacts (CSV or XLSX) that anybody may have made: rows out, or a sentence that says what is wrong with it.

Nothing in a file is run or computed: a formula is left out and said to be one. A file that claims more than it should is
refused before it is unpacked.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, TypedDict

from django.utils.translation import gettext as _

from rus_platform.kit import tables
from rus_platform.kit.errors import Invalid

LARGEST = 2 * 1024 * 1024  # bytes of the file
MOST_ROWS = 5_000
MOST_COLUMNS = 30
LONGEST_CELL = 500
UNPACKED = 30 * 1024 * 1024  # bytes of everything in an XLSX file

# What a column may be called, in letters only.
NAMES = {
    "organisation",
    "organisationsnamn",
    "namn",
    "aktör",
    "aktor",
    "remissinstans",
    "instans",
    "mottagare",
    "name",
    "organization",
}
EMAILS = {
    "epost",
    "epostadress",
    "email",
    "emailaddress",
    "mail",
    "mejl",
    "mejladress",
    "adress",
    "funktionsbrevlåda",
    "brevlåda",
}
KINDS = {"slag", "typ", "kategori", "kind", "type", "category"}
FORMULA = re.compile(r"^[=+\-@\t\r]")


class ContactRow(TypedDict):
    """A row as it stands in the file. ``problem``: "formula" when a cell is one."""

    line: int
    name: str
    email: str
    kind: str
    problem: str


def read_contacts(file: BinaryIO, *, name: str, size: int) -> list[ContactRow]:
    """The rows of a file, empty ones left out. Raises Invalid (``file``) with a sentence that says what to do."""
    if size > LARGEST:
        raise _refused(_("Filen är för stor: högst %(n)s MB.") % {"n": LARGEST // 1024 // 1024})
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise _refused(_("Filen är för stor: högst %(n)s MB.") % {"n": LARGEST // 1024 // 1024})
    table = _xlsx(data) if data[:4] == b"PK\x03\x04" else _csv(data, name)
    rows = list(_contacts(table))
    if not rows:
        raise _refused(_("Filen har inga rader med organisation eller e-post."))
    return rows


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, {"file": sentence})


# --- CSV


def _csv(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise _refused(
            _("Filen är i det gamla Excelformatet, eller låst med lösenord. Spara den som .xlsx eller .csv.")
        )
    text = tables.decoded(data)
    if "\x00" in text or data[:5] in (b"%PDF-", b"{\\rtf"):
        raise _refused(_("Det här är ingen fil med kontakter. Spara den som .csv eller .xlsx."))
    try:
        for line, cells in tables.csv_rows(text, MOST_COLUMNS):
            _not_too_many(line)
            yield line, cells
    except tables.Unreadable as problem:
        raise _refused(
            _("Rad %(n)s går inte att läsa. Kontrollera citattecknen i filen.") % {"n": problem.line}
        ) from None


def _not_too_many(line: int) -> None:
    if line > MOST_ROWS:
        raise _refused(_("Filen har för många rader: högst %(n)s.") % {"n": MOST_ROWS})


# --- XLSX


def _xlsx(data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        found = list(
            tables.excel_rows(data, most_rows=MOST_ROWS + 1, most_columns=MOST_COLUMNS, most_unpacked=UNPACKED)
        )
    except tables.Unreadable as problem:
        raise _refused(_why(problem.why)) from None
    _not_too_many(len(found))
    for line, cells in found:
        yield line, [_words(cell) for cell in cells]


def _why(why: str) -> str:
    return {
        tables.TOO_MUCH: _("Filen packar upp till mer än den borde. Spara kontakterna ensamma i en ny fil."),
        tables.OTHER: _("Det här är ingen Excelfil. Spara kontakterna som .xlsx eller .csv."),
        tables.HOSTILE: _("Filen innehåller något som en Excelfil inte ska ha. Spara den på nytt."),
    }.get(why) or _(
        "Filen är skadad eller låst med lösenord, och går inte att läsa. Spara den på nytt som .xlsx eller .csv."
    )


def _words(cell: Any) -> str:
    return "" if cell is None else str(cell)


# --- Columns


def _contacts(table: Iterable[tuple[int, list[str]]]) -> Iterator[ContactRow]:
    columns: dict[str, int] | None = None
    for line, raw in table:
        cells = [_plain(cell) for cell in raw]
        if not any(cells):
            continue
        if columns is None:
            columns = _headings(cells)
            if columns is not None:
                continue
            columns = _guessed(cells)
        yield _row(line, cells, columns)


def _plain(cell: str) -> str:
    return " ".join(cell.replace("\x00", "").split())[:LONGEST_CELL]


def _headings(cells: list[str]) -> dict[str, int] | None:
    """Which column holds what, when the first row says so."""
    letters = [re.sub(r"[^a-zåäö]", "", cell.casefold()) for cell in cells]
    found = {
        key: next((n for n, word in enumerate(letters) if word in words), -1)
        for key, words in (("name", NAMES), ("email", EMAILS), ("kind", KINDS))
    }
    return found if found["name"] >= 0 or found["email"] >= 0 else None


def _guessed(cells: list[str]) -> dict[str, int]:
    """No headings: the first cell with an @ is the address, the first other one the name."""
    email = next((n for n, cell in enumerate(cells) if "@" in cell), 1)
    return {"name": next((n for n, cell in enumerate(cells) if n != email and cell), 0), "email": email, "kind": -1}


def _row(line: int, cells: list[str], columns: dict[str, int]) -> ContactRow:
    got = {key: cells[n] if 0 <= n < len(cells) else "" for key, n in columns.items()}
    formula = any(FORMULA.match(value) for value in got.values())
    return ContactRow(
        line=line, name=got["name"][:160], email=got["email"].removeprefix("mailto:"), kind=got["kind"],
        problem="formula" if formula else "",
    )  # fmt: skip
