"""An e-mail as a file (.eml, RFC 5322): what it says, what hangs on it, and the letters inside it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Any

import nh3
from django.utils.translation import gettext as _
from lxml import html as lxml_html

from consultations.domain.intake.draft import line
from consultations.domain.intake.kinds import decoded
from consultations.domain.intake.tnef import unpacked
from strategies.domain.importing.opening import refused

DEEPEST = 5  # letters in letters
MOST_PARTS = 200
MOST_TEXT = 2_000_000
SIGNED, ENCRYPTED = "signed", "encrypted"
SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
TAGS = {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "tr", "td", "th", "pre", "hr"}  # fmt: skip
BLOCKS = TAGS - {"br"}
EARLIER = re.compile(
    r"^\s*(?:-{2,}\s*(?:ursprungligt|original|forwarded|vidarebefordrat)[^\n]*|_{10,}|(?:den|on) .{6,80} (?:skrev|wrote)\b.*:?|från: .+|from: .+@.+)\s*$",
    re.IGNORECASE,
)


@dataclass
class Letter:
    """``lines`` of the letter itself; ``files``: (name, bytes) of what hangs on it, nested letters' too."""

    subject: str = ""
    sender: str = ""
    date: str = ""
    lines: list[dict[str, Any]] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    nested: list["Letter"] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    seals: set[str] = field(default_factory=set)  # SIGNED, ENCRYPTED: what a person is to be told


def read_letter(data: bytes) -> Letter:
    """The letter with all that is in it. Invalid when it is none."""
    try:
        message = message_from_bytes(data, policy=policy.default)
        return _letter(message, 0, [0])
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        IndexError,
        KeyError,
        RecursionError,
        AssertionError,
    ) as error:
        raise refused(
            _(
                "E-brevet är skadat och går inte att läsa. Spara det på nytt, eller kopiera texten till ett Word-dokument."
            )
        ) from error


def _letter(message: Message, depth: int, counted: list[int]) -> Letter:
    found = Letter(_header(message, "Subject"), _header(message, "From"), _header(message, "Date"))
    if _header(message, "X-Outlook-Class").upper() == "IPM.NOTE.SMIME":
        found.seals.add(ENCRYPTED)
    plain: list[str] = []
    rich: list[str] = []
    for part in _parts(message, counted):
        kind, name = part.get_content_type(), _name(part)
        if seal := _seal(part, kind, name):
            found.seals.add(seal)
            continue
        if kind == "application/ms-tnef" or name.lower() == "winmail.dat":
            body, files = unpacked(_bytes(part))
            found.files += [(name_of or _("bilaga"), data) for name_of, data in files]
            plain += [body] if body.strip() else []
            continue
        if kind == "message/rfc822":
            inner = part.get_payload()
            if depth < DEEPEST and isinstance(inner, list) and inner and isinstance(inner[0], Message):
                found.nested.append(_letter(inner[0], depth + 1, counted))
            else:
                found.skipped.append(name or _("brev i brev"))
        elif name or part.get_content_disposition() == "attachment":
            found.files.append((name or _("bilaga"), _bytes(part)))
        elif kind == "text/plain":
            plain.append(_text(part))
        elif kind == "text/html":
            rich.append(_text(part))
    text = "\n\n".join(dict.fromkeys(plain)).strip()
    found.lines = list(plain_lines(text)) if len(text) > 20 or not rich else list(html_lines("\n".join(rich)))
    return found


def _seal(part: Message, kind: str, name: str) -> str:
    """Whether the part is a signature, or locked; "" for all others."""
    if kind in SIGNATURES:
        return SIGNED
    if kind in SEALED or name.lower().endswith(".p7m"):  # also words that are signed and packed in one
        return ENCRYPTED
    return ENCRYPTED if kind == "application/pgp-encrypted" or name.lower() == "encrypted.asc" else ""


def _parts(message: Message, counted: list[int]) -> Iterator[Message]:
    """The parts that hold something, of nested letters only the letter as a whole."""
    counted[0] += 1
    if counted[0] > MOST_PARTS:
        return
    payload = message.get_payload()
    if message.get_content_type() != "message/rfc822" and message.is_multipart() and isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message):
                yield from _parts(part, counted)
    else:
        yield message


def _header(message: Message, name: str) -> str:
    try:
        return " ".join(str(message.get(name) or "").split())[:300]
    except (ValueError, LookupError, TypeError, AttributeError, IndexError):
        return ""


def _name(part: Message) -> str:
    try:
        return (part.get_filename() or "")[:200]
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""


def _bytes(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError):
        return b""
    return data if isinstance(data, bytes) else b""


def _text(part: Message) -> str:
    """The words, also where the letter is wrong about its own encoding."""
    data = _bytes(part)
    charset = (part.get_content_charset() or "").strip("'\" ")
    try:
        text = data.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError, ValueError):
        text = decoded(data)
    if isinstance(part, EmailMessage) and part.get_param("format") == "flowed":
        text = re.sub(r" \r?\n(?!\r?\n)", " ", text)
    return text.replace("\0", "")[:MOST_TEXT]


def plain_lines(text: str) -> Iterator[dict[str, Any]]:
    """Paragraphs of plain text. What is quoted (">"), and all of an earlier letter below, is marked as a note."""
    earlier = False
    for block in re.split(r"\r?\n[ \t]*\r?\n", text):
        rows = [row.rstrip() for row in block.splitlines() if row.strip()]
        if not rows:
            continue
        earlier = earlier or any(EARLIER.match(row) for row in rows[:1])
        if earlier or all(row.lstrip().startswith(">") for row in rows):
            yield line("\n".join(row.lstrip("> ") for row in rows), "note")
            continue
        for words, kind in _paragraphs(rows):
            yield line(words, kind)


def _paragraphs(rows: list[str]) -> Iterator[tuple[str, str]]:
    """Rows of one block: items of a list each for itself, the others joined."""
    marked = re.compile(r"^\s*(?:[-–—•*]|\d{1,3}[.)])\s+\S")
    now: list[str] = []
    kind = ""
    for row in rows:
        if marked.match(row):
            if now:
                yield " ".join(now), kind
            now, kind = [row.strip()], "item"
        else:
            now.append(row.strip())
    if now:
        yield " ".join(now), kind


def html_lines(html: str) -> Iterator[dict[str, Any]]:
    """The same of HTML. Nothing in it runs or is fetched: only words and the blocks they stand in are kept."""
    clean = nh3.clean(html[:MOST_TEXT], tags=TAGS, attributes={}, clean_content_tags={"script", "style", "title"})
    if not clean.strip():
        return
    root = lxml_html.fragment_fromstring(clean, create_parent="div")
    yield from _merged(_walk(root, ""))


def _walk(element: Any, kind: str) -> Iterator[tuple[str, str, bool]]:
    """(words, kind, whether a block begins here)."""
    tag = element.tag if isinstance(element.tag, str) else ""
    kind = {"li": "item", "blockquote": "note"}.get(tag, "heading" if re.fullmatch(r"h[1-6]", tag) else kind)
    yield (element.text or "", kind, tag in BLOCKS)
    for child in element:
        if child.tag == "br":
            yield ("\n", kind, False)
        else:
            yield from _walk(child, kind)
            yield ("", kind, child.tag in BLOCKS)
        yield (child.tail or "", kind, False)


def _merged(parts: Iterator[tuple[str, str, bool]]) -> Iterator[dict[str, Any]]:
    words, kind = "", ""
    for text, now, begins in parts:
        if begins:
            if words.strip():
                yield line("\n".join(" ".join(row.split()) for row in words.strip().splitlines()), kind)
            words = ""
        if not words.strip():
            kind = now
        words += text if text == "\n" else re.sub(r"\s+", " ", text)
    if words.strip():
        yield line("\n".join(" ".join(row.split()) for row in words.strip().splitlines()), kind)
