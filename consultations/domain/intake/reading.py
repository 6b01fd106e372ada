"""From a file that came in to what it is proposed to become. One function for each kind; nothing is kept here."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.domain.intake import form, kinds, margin
from consultations.domain.intake.draft import Draft, Reading, line
from consultations.domain.intake.mail import Letter, plain_lines, read_letter
from consultations.domain.intake.office import to_docx
from consultations.domain.intake.pdf import read_pdf
from consultations.domain.intake.places import Place, Places
from consultations.domain.intake.references import kind_of, place_of
from consultations.domain.intake.splitting import split
from consultations.domain.intake.word import Word, read_word
from consultations.models import ConsultationRound, IntakeKind, ItemWhat, QuestionKind
from rus_platform.kit.errors import Invalid
from rus_platform.kit.work import Progress
from strategies.domain.importing.opening import open_docx

MOST_FILES = 12  # that hang on one letter
NOT_SAID = ("note",)  # kinds of line that are no views of the sender's own
SHORT_LETTER = 900  # letters: one this short that brings a document only introduces it


def read_single(data: bytes, name: str, round_: ConsultationRound, places: Places, tell: Progress) -> Reading:
    """One answer: a form, a version with a margin, a document, a PDF, a letter. Invalid, in words."""
    kind = kinds.kind_of(data, name)
    found = _by_kind(kind, data, round_, places, tell)
    if words := kinds.misnamed(kind, name):
        found.notices.insert(0, words)
    if not found.items and not found.notices:
        found.notices.append(_("Ingen text kunde läsas ur filen. Originalet sparas."))
    return found


def _by_kind(kind: str, data: bytes, round_: ConsultationRound, places: Places, tell: Progress) -> Reading:
    if kind == kinds.MAIL:
        return _letter(read_letter(data), round_, places, tell)
    if kind == kinds.PDF:
        found = read_pdf(data, tell)
        found.items = split(found.original, places)
        return found
    if kind == kinds.TEXT:
        found = Reading(IntakeKind.TEXT, list(plain_lines(kinds.decoded(data))))
        found.items = _split(found.original, places)
        return found
    tell(_("Öppnar"), 0, 3)
    if kind == kinds.ODT:
        data = to_docx(data)
    word = read_word(open_docx(data))
    tell(_("Läser texten"), 1, 3)
    return read_document(word, round_, places)


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


# --- a form


def read_form(word: Word, key: str, round_: ConsultationRound, places: Places) -> Reading:
    """The fields that are filled in. One of another round is not read; one of an older version is, with doubt."""
    plan = form.plan_of(round_)
    found = Reading(IntakeKind.FORM)
    fault = form.fault_of(key, plan)
    if fault and not key.startswith(f"RUS-F{round_.pk}-"):
        raise Invalid(fault, {"file": fault})
    if fault:
        found.notices.append(fault)
    values = form.values_in(word, plan)
    sure = not fault
    if summary := values.get(plan.summary.tag):
        _add(found, plan.summary.label, [summary], Draft(what=ItemWhat.SUMMARY, text=summary, certain=sure))
    for stance, reason in plan.positions:
        said = [values.get(stance.tag, ""), values.get(reason.tag, "")]
        if any(said) and stance.section is not None:
            _add(found, f"{stance.label} {places.name_of(stance.section)}", said, _position(stance, said, sure))
    for one in plan.answers:
        if one.tag in values and one.question is not None:
            _add(found, f"{one.label} {one.question.asked}", [values[one.tag]], _answer(one, values[one.tag], sure))
    for row in form.point_rows(word):
        _add(found, _("Synpunkt"), list(row.values()), _form_point(row, places, sure))
    if not found.items:
        found.notices.append(_("Inget fält i formuläret är ifyllt."))
    return found


def _add(found: Reading, label: str, said: list[str], item: Draft) -> None:
    found.original.append(line("\n".join([f"{label}:", *filter(None, said)]), "item"))
    item.first = item.last = len(found.original) - 1
    found.items.append(item)


def _position(one: form.Field, said: list[str], sure: bool) -> Draft:
    words, reason = said
    stance = form.stance_of(words)
    doubt = _("Ställningstagande saknas.") if not words else ""
    if words and not stance:
        doubt = _("Ställningstagandet ”%(words)s” är inget av alternativen.") % {"words": words[:80]}
    return Draft(
        what=ItemWhat.POSITION, section=one.section, stance=stance, text=reason, certain=sure and bool(stance), doubt=doubt
    )  # fmt: skip


def _answer(one: form.Field, said: str, sure: bool) -> Draft:
    assert one.question is not None
    value = form.answer_value(one.question, said)
    doubt = "" if value is not None else _("”%(words)s” finns inte bland svarsalternativen.") % {"words": said[:80]}
    text = value if value is not None else said if one.question.kind == QuestionKind.FREE else ""
    return Draft(
        what=ItemWhat.ANSWER, question=one.question, text=text, certain=sure and value is not None, doubt=doubt
    )


def _form_point(row: dict[str, str], places: Places, sure: bool) -> Draft:
    where = place_of(row["place"], places) if row["place"] else Place()
    if row["quote"] and (quoted := places.find(row["quote"], where.section)):
        where = quoted
    elif row["quote"]:
        where.doubt = where.doubt or _("De citerade orden finns inte i texten.")
    elif row["place"] and where.section is None:
        where.doubt = where.doubt or _("Platsen ”%(place)s” finns inte i texten.") % {"place": row["place"][:80]}
    text = row["text"] or margin.in_words(where.quote, row["wording"])
    kind = "change" if row["wording"] else kind_of(text)
    certain = sure and not where.doubt and (not row["place"] or where.section is not None)
    return Draft(text=text, kind=kind, suggested_wording=row["wording"], place=where, certain=certain)


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
    for n, (name, data) in enumerate(files[:MOST_FILES], 1):
        tell(_("Läser bilagan %(name)s") % {"name": name[:40]}, n, len(files) + 1)
        brought = _attached(found, name, data, round_, places, tell) or brought
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
        kind = kinds.kind_of(data, name)
        if kind == kinds.MAIL:
            inner = _letter(read_letter(data), round_, places, tell)
        else:
            inner = _by_kind(kind, data, round_, places, tell)
    except Invalid as refusal:
        found.notices.append(f"{name}: {refusal}")
        return False
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
    found.notices += more.notices
    found.pages = found.pages or more.pages
