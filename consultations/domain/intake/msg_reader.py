"""An Outlook letter as other programs keep one, with limits: ``python -m consultations.domain.intake.msg_reader < letter.msg``.

Says {"letter": the same as an e-mail in base64 (RFC 5322), "end"}, or {"error"}. Letters inside it become letters inside that.
"""

import base64
import contextlib
import io
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from consultations.domain.intake.confined import confine, say

DEEPEST = 6  # letters in letters
MOST_FILES = 200
ATTACHED_LETTER = 0x3701000D  # the storage of PidTagAttachDataObject [MS-OXMSG] 2.2.2
ATTACHED_DATA, SHORT_NAME = 0x3701, 0x3704
RTF_COMPRESSED, HTML, INTERNET_CODEPAGE = 0x1009, 0x1013, 0x3FDE
INNER_HEADER = 24  # bytes before the properties of a letter in a letter [MS-OXMSG] 2.4.1.2
KEPT_HEADERS = ("From", "To", "Cc", "Date", "Subject")
SIGNED = b"multipart/signed"


def main() -> None:
    confine()
    from oxmsg import Message  # after the limits: they hold for the library too

    letter = Message.load(io.BytesIO(sys.stdin.buffer.read()))
    made = as_mail(letter, 0)
    say(letter=base64.b64encode(made.as_bytes(policy=policy.SMTP)).decode(), end=True)


def as_mail(letter: Any, depth: int) -> EmailMessage:
    """The letter, its words in as many forms as it has them, and what hangs on it."""
    made = EmailMessage()
    for name, value in _headers(letter).items():
        with contextlib.suppress(ValueError, TypeError):
            made[name] = " ".join(str(value).split())[:900]
    plain, html = _safely(lambda: letter.body), _html(letter)
    if not (plain or "").strip() and not html:
        plain = _safely(lambda: _from_rtf(letter))
    made.set_content(_clean(plain or "") + "\n")
    if html:
        made.add_alternative(_clean(html), subtype="html")
    for _n, attached in zip(range(MOST_FILES), letter.attachments, strict=False):
        _attach(made, attached, depth)
    return made


def _headers(letter: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in (_safely(lambda: letter.message_headers) or {}).items():
        if name.title() in KEPT_HEADERS:
            found.setdefault(name.title(), value)
    sent = _safely(lambda: letter.sent_date)
    found.setdefault("Subject", _safely(lambda: letter.subject) or "")
    found.setdefault("From", _safely(lambda: letter.sender) or "")
    if sent:
        found.setdefault("Date", format_datetime(sent))
    kind = _safely(lambda: letter.message_class) or ""
    return {**{key: value for key, value in found.items() if value}, "X-Outlook-Class": kind[:80]}


def _html(letter: Any) -> str:
    data = _safely(lambda: letter.properties.binary_prop_value(HTML))
    if not data:
        return _safely(lambda: letter.html_body) or ""
    for charset in (_safely(lambda: letter.properties.body_encoding) or "utf-8", "utf-8"):
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            return str(data.decode(charset))
    return str(data.decode("cp1252", "replace"))


def _from_rtf(letter: Any) -> str:
    import compressed_rtf  # only for a letter that has its words in no other form
    from striprtf.striprtf import rtf_to_text  # as the one before it

    data = letter.properties.binary_prop_value(RTF_COMPRESSED)
    return str(rtf_to_text(compressed_rtf.decompress(data).decode("latin-1"), errors="replace")) if data else ""


def _attach(made: EmailMessage, attached: Any, depth: int) -> None:
    inner = next((row for row in attached._storage.storages if row.name.endswith(f"{ATTACHED_LETTER:08X}")), None)
    if inner is not None:
        if depth < DEEPEST and any(row.name == "__properties_version1.0" for row in inner.streams):
            made.add_attachment(as_mail(_inner(inner), depth + 1))
        return
    data = _safely(lambda: attached.file_bytes) or b""
    name = _safely(lambda: attached.file_name) or _safely(lambda: attached.properties.str_prop_value(SHORT_NAME)) or ""
    if SIGNED in data[:2000].lower() and name.lower().endswith(".p7m"):
        made.add_attachment(message_from_bytes(data, policy=policy.default))  # a signed letter stands whole in it
        return
    main, _slash, sub = str(_safely(lambda: attached.mime_type) or "").partition("/")
    plain = main.isalpha() and sub and all(sign.isalnum() or sign in "-.+" for sign in sub)
    main, sub = (main, sub) if plain and main not in ("multipart", "message") else ("application", "octet-stream")
    made.add_attachment(data, maintype=main, subtype=sub, filename=_clean(name).replace("\n", " ") or "bilaga")


def _inner(storage: Any) -> Any:
    from oxmsg import Message  # after the limits
    from oxmsg.properties import Properties  # after the limits

    letter = Message(storage)
    letter.__dict__["_properties"] = Properties(storage, properties_header_offset=INNER_HEADER)
    return letter


def _safely(ask: Any) -> Any:
    """What a part of the letter says; None where that part is broken. The rest is still worth reading."""
    try:
        return ask()
    except MemoryError:
        raise
    except Exception:  # whatever a broken part leads the library to
        return None


def _clean(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        say(error="memory")
    except Exception:  # whatever a broken file leads the library to
        say(error="damaged")
