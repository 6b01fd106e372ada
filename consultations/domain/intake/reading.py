"""From a file that came in to what it is proposed to become. One function for each kind; nothing is kept here."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.domain.intake import form, kinds, margin, rtf
from consultations.domain.intake.draft import Draft, Reading, line
from consultations.domain.intake.filled_form import read_form
from consultations.domain.intake.mail import ENCRYPTED, SIGNED, Letter, plain_lines, read_letter
from consultations.domain.intake.office import to_docx
from consultations.domain.intake.outlook import read_outlook
from consultations.domain.intake.pdf import read_pdf
from consultations.domain.intake.pictures import is_logotype, read_picture
from consultations.domain.intake.places import Places
from consultations.domain.intake.proposing import with_proposals
from consultations.domain.intake.references import kind_of, place_of
from consultations.domain.intake.splitting import split
from consultations.domain.intake.word import Word, read_word
from consultations.models import ConsultationRound, IntakeKind
from rus_platform.kit.errors import Invalid
from rus_platform.kit.work import Progress
from strategies.domain.importing.opening import open_docx

MOST_FILES = 12  # that hang on one letter
NOT_SAID = ("note",)  # kinds of line that are no views of the sender's own
SHORT_LETTER = 900  # letters: one this short that brings a document only introduces it
READ_AS_LETTER = {kinds.MAIL: read_letter, kinds.OUTLOOK: read_outlook}


def read_single(
    data: bytes, name: str, round_: ConsultationRound, places: Places, tell: Progress, own: str = ""
) -> Reading:
    """One answer: a form, a version with a margin, a document, a PDF, a letter, a picture. ``own``: the organisation's name.

    Invalid, in words.
    """
    kind = kinds.kind_of(data, name)
    found = _by_kind(kind, data, round_, places, tell)
    if found.kind not in (IntakeKind.FORM, IntakeKind.MARGIN):
        found.items = with_proposals(found.items, found.original, places, own)
    if words := kinds.misnamed(kind, name):
        found.notices.insert(0, words)
    if not found.items and not found.notices:
        found.notices.append(_("Ingen text kunde läsas ur filen. Originalet sparas."))
    return found


def _by_kind(kind: str, data: bytes, round_: ConsultationRound, places: Places, tell: Progress) -> Reading:
    if kind in READ_AS_LETTER:
        return _letter(READ_AS_LETTER[kind](data), round_, places, tell)
    if kind == kinds.PDF:
        found = read_pdf(data, tell)
        found.items = split(found.original, places)
        return found
    if kind == kinds.TEXT:
        found = Reading(IntakeKind.TEXT, list(plain_lines(kinds.decoded(data))))
        found.items = _split(found.original, places)
        return found
    if kind == kinds.PICTURE:
        return read_picture(data, tell)
    if kind == kinds.OLD_WORD:
        return _old_word()
    tell(_("Öppnar"), 0, 3)
    if kind == kinds.RTF:
        return _rtf(data, round_, places)
    if kind == kinds.ODT:
        data = to_docx(data)
    word = read_word(open_docx(data))
    tell(_("Läser texten"), 1, 3)
    return read_document(word, round_, places)


def _old_word() -> Reading:
    """What we can't read is kept as it is, and said so."""
    words = _(
        "Filen är i Words äldre format (.doc), som inte kan läsas här. Öppna den i Word, spara som .docx och skicka in den i stället. Originalet sparas, så att inget går förlorat."
    )
    return Reading(IntakeKind.TEXT, notices=[words])


def _rtf(data: bytes, round_: ConsultationRound, places: Places) -> Reading:
    """With its headings and lists where they can be trusted; else its words alone."""
    words = rtf.words_of(data)
    made = rtf.as_docx(data)
    if made is not None:
        word = read_word(open_docx(made))
        if rtf.same_letters("\n".join(row.text for row in word.paragraphs), words):
            return read_document(word, round_, places)
    found = Reading(IntakeKind.TEXT, rtf.lines_of_words(words))
    found.items = _split(found.original, places)
    found.notices.append(_("Rubriker och listor kunde inte läsas ur RTF-filen, bara orden. Jämför med originalet."))
    return found


def read_document(word: Word, round_: ConsultationRound, places: Places) -> Reading:
    """A Word file: the round's form, the version with a margin, or any text."""
    if key := form.key_in(word):
        return read_form(word, key, round_, places)
    if margin.is_version(word, places):
        return margin.read_margin(word, places)
    found = Reading(IntakeKind.TEXT, [_line(row) for row in word.paragraphs if row.text])
    found.items = split(found.original, places)
    _loose_comments(word, found, places)
    return found


def _line(row: Any) -> dict[str, Any]:
    kind = "heading" if row.level else "quote" if row.is_quote else "item" if row.is_item else ""
    return {**line(row.text, kind), **({"level": row.level} if row.level else {})}


def _split(lines: list[dict[str, Any]], places: Places) -> list[Draft]:
    """As ``split``, earlier letters and the like left aside."""
    return split([{**row, "text": ""} if row.get("kind") in NOT_SAID else row for row in lines], places)


def _loose_comments(word: Word, found: Reading, places: Places) -> None:
    """Comments in the margin of a text of their own: points too, about the words of the version that they hold on to."""
    for comment in word.comments.values():
        if not comment.text:
            continue
        found.original.append(line(f"{comment.author}: {comment.text}", "comment"))
        n = len(found.original) - 1
        found.items.append(
            Draft(
                text=comment.text,
                kind=kind_of(comment.text),
                place=place_of(comment.text, places),
                author=comment.author,
                first=n,
                last=n,
            )
        )
    if word.comments:
        found.notices.append(
            ngettext(
                "%(n)s kommentar i marginalen lästes också.",
                "%(n)s kommentarer i marginalen lästes också.",
                len(word.comments),
            )
            % {"n": len(word.comments)}
        )


# --- a letter


def _letter(letter: Letter, round_: ConsultationRound, places: Places, tell: Progress) -> Reading:
    """The letter and what hangs on it, one after the other."""
    found = Reading(IntakeKind.MAIL)
    files = list(_files(letter))
    brought = False
    bodies = list(_bodies(letter))
    for body in bodies:
        _append(found, Reading(IntakeKind.MAIL, body, _split(body, places)))
    said = sum(len(row["text"]) for body in bodies for row in body if row.get("kind") not in NOT_SAID)
    own = list(found.items)
    for n, (named, data) in enumerate(files[:MOST_FILES], 1):
        name = kinds.clean_name(named) or _("bilaga")
        tell(_("Läser bilagan %(name)s") % {"name": name[:40]}, n, len(files) + 1)
        brought = _attached(found, name, data, round_, places, tell) or brought
    _say_seals(found, _seals(letter))
    if len(files) > MOST_FILES:
        found.notices.append(_("Bara de första %(n)s bilagorna lästes.") % {"n": MOST_FILES})
    if brought and said < SHORT_LETTER:
        for item in own:
            item.left_out, item.certain = True, False
            item.doubt = item.doubt or _("Följebrev: svaret ser ut att stå i bilagan.")
    return found


def _bodies(letter: Letter) -> Iterable[list[dict[str, Any]]]:
    head = " · ".join(filter(None, (letter.sender, letter.date, letter.subject)))
    yield [line(head, "note"), *letter.lines] if head else letter.lines
    for inner in letter.nested:
        yield from _bodies(inner)


def _seals(letter: Letter) -> set[str]:
    return letter.seals.union(*(_seals(inner) for inner in letter.nested))


def _say_seals(found: Reading, seals: set[str]) -> None:
    if ENCRYPTED in seals:
        found.notices.append(
            _(
                "Brevet, eller en del av det, är krypterat eller packat i en underskrift och kan inte läsas. Öppna det i e-postprogrammet, spara texten och bilagorna, och skicka in dem. Originalet sparas."
            )
        )
    if SIGNED in seals:
        found.notices.append(_("Brevet är elektroniskt undertecknat. Underskriften har inte kontrollerats."))


def _files(letter: Letter) -> Iterable[tuple[str, bytes]]:
    yield from letter.files
    for inner in letter.nested:
        yield from _files(inner)


def _attached(
    found: Reading, name: str, data: bytes, round_: ConsultationRound, places: Places, tell: Progress
) -> bool:
    """Read what hangs on a letter; whether it said something. What can't be read is said, and is kept in the original."""
    found.original.append(line(_("Bilaga: %(name)s") % {"name": name}, "note"))
    try:
        inner = _by_kind(kinds.kind_of(data, name), data, round_, places, tell)
    except Invalid as refusal:
        found.notices.append(f"{name}: {refusal}")
        return False
    if is_logotype(inner):
        return False
    for picture in inner.pictures:
        picture.name = name
    inner.notices = [f"{name}: {words}" for words in inner.notices]
    _append(found, inner)
    return bool(inner.items)


def _append(found: Reading, more: Reading) -> None:
    shift = len(found.original)
    found.original += more.original
    for item in more.items:
        item.first = None if item.first is None else item.first + shift
        item.last = None if item.last is None else item.last + shift
    found.items += more.items
    found.pictures += more.pictures
    found.notices += more.notices
    found.pages = found.pages or more.pages
