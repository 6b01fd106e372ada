"""Tables that anybody may have made (CSV, Excel): rows of words out, or why not. Nothing in a cell is run or calculated.

What to say to the person who sent it is the app's own; here is what the file is and where it went wrong.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook

LONGEST_FIELD = 100_000  # characters; longer is not a cell but a quotation mark that nobody closed
MOST_PARTS = 300
SAMPLE = 20  # rows that the separator is judged by
HEAD = 4096  # bytes of a part in which a document type would stand
FORMULA = re.compile(r"^\s*(?:[=@\t\r]|[+\-](?=\S[^\n]*[(!|]))")  # not "- a view (in a list)"
TOO_MUCH, HOSTILE, OTHER, DAMAGED = "too much", "hostile", "other", "damaged"


class Unreadable(Exception):
    """``why``: TOO_MUCH when unpacked, HOSTILE (declares entities), OTHER than Excel, DAMAGED; ``line`` from 1, or 0."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.why, self.line = why, line


def decoded(data: bytes) -> str:
    """Text of unknown encoding: what its first bytes say, else UTF-8, else UTF-16 without a mark, else as Windows writes Swedish.

    A "\\0" in it means that it was no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if wide := _utf16(data):
        return wide
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _utf16(data: bytes) -> str:
    """UTF-16 whose mark is lost, by where its zeros stand; "" when it is none."""
    sample = data[:2000]
    odd, even = sample[1::2].count(0), sample[0::2].count(0)
    half = len(sample) // 2
    if half < 4:
        return ""
    if odd > half * 0.6 and even < half * 0.1:
        return data.decode("utf-16-le", "replace")
    return data.decode("utf-16-be", "replace") if even > half * 0.6 and odd < half * 0.1 else ""


def separator_of(text: str) -> str:
    """The sign between cells that the first rows agree on best: semicolon, comma or tab."""
    rows = [row for row in text.splitlines() if row.strip()][:SAMPLE]
    named = re.match(r"sep=([;,\t])$", rows[0].strip()) if rows else None  # as Excel tells itself
    return named[1] if named else max(";,\t", key=lambda sign: sum(row.count(sign) for row in rows))


def csv_rows(text: str, most_columns: int) -> Iterator[tuple[int, list[str]]]:
    """(line, cells). Unreadable with the line where a quotation mark was never closed."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text))
    try:
        for cells in reader:
            if max(map(len, cells), default=0) > LONGEST_FIELD:
                raise Unreadable(DAMAGED, reader.line_num)
            if cells[:1] and re.fullmatch(r"sep=.?", cells[0].strip()) and reader.line_num == 1:
                continue
            yield reader.line_num, cells[:most_columns]
    except csv.Error:
        raise Unreadable(DAMAGED, reader.line_num) from None


def excel_rows(
    data: bytes, *, most_rows: int, most_columns: int, most_unpacked: int
) -> Iterator[tuple[int, list[Any]]]:
    """(line, values) of the first sheet. Unreadable before anything is parsed when it unpacks to too much or declares entities."""
    check_parts(data, most_unpacked)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        rows = book.worksheets[0].iter_rows(max_row=most_rows, max_col=most_columns, values_only=True)
        found = [(line, list(cells)) for line, cells in enumerate(rows, 1)]
        book.close()
    except Exception:  # openpyxl raises whatever a broken file leads it to
        raise Unreadable(DAMAGED) from None
    while found and not any(value not in (None, "") for value in found[-1][1]):
        found.pop()
    yield from found


def check_parts(data: bytes, most_unpacked: int) -> None:
    """Unreadable when the parts are too many or too large (counted while unpacked), locked, or no Excel file's."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most_unpacked:
                raise Unreadable(TOO_MUCH)
            if "xl/workbook.xml" not in packed.namelist():
                raise Unreadable(OTHER)
            left = most_unpacked
            for part in parts:
                left -= _size(packed, part, left)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:  # fmt: skip
        raise Unreadable(DAMAGED) from error


def _size(packed: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> int:
    """How large it really is: what the archive says is not believed."""
    size = 0
    with packed.open(part) as stream:
        head = stream.read(HEAD).replace(b"\0", b"")
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise Unreadable(HOSTILE)
        while chunk := stream.read(1 << 18):
            size += len(chunk)
            if size > most:
                raise Unreadable(TOO_MUCH)
    return size + min(part.file_size, HEAD)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would calculate the words of a cell rather than show them."""
    return bool(FORMULA.match(text))


def harmless(text: str) -> str:
    """The words with a sign before them so that no spreadsheet calculates them."""
    return "'" + text if is_formula(text) else text
