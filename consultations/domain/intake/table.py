"""Many answers in one table (CSV or Excel): a row for each point, with the organisation it comes from.

Nothing in a cell is ever calculated: a formula is taken as its words, made harmless for whoever opens an export later.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from zipfile import BadZipFile

import openpyxl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actors.models import Actor
from consultations.domain.intake import kinds
from consultations.domain.intake.draft import Draft, Reading, line
from consultations.domain.intake.form import stance_of
from consultations.domain.intake.places import Place, Places
from consultations.domain.intake.references import kind_of, place_of
from consultations.domain.intake.splitting import section_of_heading
from consultations.models import IntakeKind, ItemWhat, PointKind
from rus_platform.kit.wording import own_language
from rus_platform.kit.work import Progress
from strategies.domain.anchors import comparable
from strategies.domain.importing.opening import refused

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 5000, 40, 30_000
HEADS = {
    "actor": ("organisation", "aktör", "remissinstans", "avsändare", "kommun", "svarande", "organization", "actor", "name", "namn", "från"),
    "place": ("avsnitt", "mål", "plats", "kapitel", "mål/avsnitt", "avsnitt/mål", "gäller", "section", "goal", "place", "sida"),
    "quote": ("citat", "orden", "orden det gäller", "text som avses", "quote"),
    "text": ("synpunkt", "text", "kommentar", "yttrande", "point", "comment", "view", "synpunkter"),
    "wording": ("föreslagen lydelse", "förslag", "ändringsförslag", "ny lydelse", "förslag till lydelse", "suggested wording", "proposal", "lydelse"),
    "stance": ("ställningstagande", "inställning", "position", "stance"),
    "kind": ("slag", "typ", "kategori", "kind", "type"),
    "date": ("datum", "inkom", "inkommet", "ankom", "date", "received"),
}  # fmt: skip
DATES = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%y%m%d",
    "%Y%m%d",
    "%d.%m.%Y",
    "%d/%m %Y",
    "%d/%m/%Y",
    "%d/%m/%y",
)
FORMULA = re.compile(r"^\s*(?:[=@\t\r]|[+\-](?=[\w\s.]*[(!|]))")


def read_many(
    data: bytes, name: str, actors: Iterable[Actor], places: Places, said: dict[int, set[str]], tell: Progress
) -> Reading:
    """``actors``: those who may be meant. ``said``: actor id -> points already taken in for it, as ``comparable`` words.

    Invalid when the table has no column for the organisation or for the words.
    """
    kind = kinds.kind_of(data, name, kinds.MANY)
    tell(_("Läser tabellen"), 0, 1)
    rows = list(_sheet(data) if kind == kinds.XLSX else _csv(data))
    head, columns = _columns(rows)
    known = {_plain(actor.name): actor for actor in actors}
    found = Reading(IntakeKind.TABLE)
    seen: dict[tuple[str, str], int] = {}
    formulas = 0
    body = rows[head + 1 : head + 1 + MOST_ROWS]
    for n, cells in enumerate(body, head + 2):
        raw = {column: cells[at] if at < len(cells) else "" for column, at in columns.items()}
        values = {column: harmless(value) for column, value in raw.items()}
        formulas += sum(values[column] != raw[column] for column in values)
        if not any(values.values()):
            continue
        found.original.append(
            line(_("Rad %(n)s: %(words)s") % {"n": n, "words": " | ".join(filter(None, cells))[:2000]}, "item")
        )
        items = list(_items(values, known, places, said, seen, n))
        for item in items:
            item.first = item.last = len(found.original) - 1
        found.items += items
        if n % 50 == 0:
            tell(_("Läser rad %(n)s") % {"n": n}, n, len(rows))
    _say(found, rows, head, formulas)
    return found


def _say(found: Reading, rows: list[list[str]], head: int, formulas: int) -> None:
    if formulas:
        found.notices.append(
            ngettext("%(n)s cell med en formel lästes som text.", "%(n)s celler med formler lästes som text.", formulas)
            % {"n": formulas}
        )
    if len(rows) - head - 1 > MOST_ROWS:
        found.notices.append(_("Bara de första %(n)s raderna lästes. Dela upp tabellen.") % {"n": MOST_ROWS})
    unknown = sorted({item.actor_name for item in found.items if item.actor is None and item.actor_name})
    if unknown:
        found.notices.append(
            _("Okända organisationer: %(names)s. Välj vilka de är, eller lägg till dem i aktörsregistret.")
            % {"names": ", ".join(unknown[:20])}
        )
    if not found.items:
        found.notices.append(_("Tabellen har inga rader med synpunkter."))


# --- the file


def _csv(data: bytes) -> Iterator[list[str]]:
    text = kinds.decoded(data)
    first = next((row for row in text.splitlines() if row.strip()), "")
    mark = max(";,\t", key=first.count)
    csv.field_size_limit(LONGEST_CELL * 10)
    try:
        for row in csv.reader(io.StringIO(text), delimiter=mark):
            yield [_cell(value) for value in row[:MOST_COLUMNS]]
    except csv.Error as error:
        raise refused(
            _("Tabellen går inte att läsa. Spara den som Excel (.xlsx) eller CSV UTF-8 och försök igen.")
        ) from error


def _sheet(data: bytes) -> Iterator[list[str]]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(max_row=MOST_ROWS + 50, max_col=MOST_COLUMNS, values_only=True):
            yield [_cell(value) for value in row]
        book.close()
    except (BadZipFile, KeyError, ValueError, TypeError, IndexError, OSError, AttributeError, EOFError) as error:
        raise refused(_("Excel-filen är skadad och går inte att läsa. Spara den på nytt och försök igen.")) from error
    except Exception as error:  # openpyxl lets the XML parser's own errors through
        raise refused(_("Excel-filen är skadad och går inte att läsa. Spara den på nytt och försök igen.")) from error


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    text = "".join(sign for sign in str(value) if sign >= " " or sign in "\n\t").strip()
    return text[:LONGEST_CELL]


def harmless(text: str) -> str:
    """A cell that a spreadsheet would calculate, with a sign before it so that none does."""
    return "'" + text if FORMULA.match(text) else text


def _columns(rows: list[list[str]]) -> tuple[int, dict[str, int]]:
    """(row of the headings, column -> where). It is among the first rows, and names the organisation and the view."""
    for n, row in enumerate(rows[:20]):
        found: dict[str, int] = {}
        for at, words in enumerate(row):
            plain = _plain(words)
            column = next((name for name, heads in HEADS.items() if plain in heads and name not in found), None)
            if column:
                found[column] = at
        if "actor" in found and ("text" in found or "wording" in found or "stance" in found):
            return n, found
    raise refused(
        _(
            "Tabellen behöver en rubrikrad med minst kolumnerna Organisation och Synpunkt. Hämta mallen och flytta över raderna."
        )
    )


# --- the rows


def _items(
    values: dict[str, str],
    known: dict[str, Actor],
    places: Places,
    said: dict[int, set[str]],
    seen: dict[tuple[str, str], int],
    n: int,
) -> Iterator[Draft]:
    name, text, wording = (values.get(column, "") for column in ("actor", "text", "wording"))
    actor = _actor(name, known)
    place = _place(values, places)
    stance = stance_of(values.get("stance", "")) if values.get("stance") else ""
    doubts = list(_doubts(values, actor, place, stance))
    can_stand = (
        place.section is not None and place.section.kind in ("goal", "subgoal", "priority") and place.start is None
    )
    if stance and can_stand:
        yield Draft(
            what=ItemWhat.POSITION, section=place.section, stance=stance, text=text if not wording else "", actor=actor, actor_name=name,
            certain=not doubts, doubt=" ".join(doubts),
        )  # fmt: skip
        if not wording:
            return
    if not text and not wording:
        if values.get("stance") and not (stance and can_stand):
            yield _point(
                values, actor, Place(), [*doubts, _("Ställningstagandet hör inte till något mål.")], values["stance"]
            )
        return
    key = (_plain(name), comparable(f"{text} {wording}").casefold())
    double = seen.get(key)
    seen.setdefault(key, n)
    item = _point(values, actor, place, doubts, text)
    if double:
        item.left_out, item.certain, item.doubt = True, False, _("Samma synpunkt som på rad %(n)s.") % {"n": double}
    elif actor is not None and comparable(item.text).casefold() in said.get(actor.pk, set()):
        item.left_out, item.certain, item.doubt = True, False, _("Synpunkten finns redan i svaret.")
    yield item


def _point(values: dict[str, str], actor: Actor | None, place: Place, doubts: list[str], text: str) -> Draft:
    wording = values.get("wording", "")
    kind = next(
        (
            str(value)
            for value, label in PointKind.choices
            if _plain(values.get("kind", "")) in (_plain(str(label)), value)
        ),
        "",
    )
    return Draft(
        text=text or _see_wording(), kind=kind or ("change" if wording else kind_of(text)), suggested_wording=wording, place=place,
        actor=actor, actor_name=values.get("actor", ""), certain=not doubts, doubt=" ".join(doubts),
    )  # fmt: skip


@own_language()
def _see_wording() -> str:
    return _("Se föreslagen lydelse.")


def _doubts(values: dict[str, str], actor: Actor | None, place: Place, stance: str) -> Iterator[str]:
    if actor is None:
        yield _("Okänd organisation: ”%(name)s”.") % {"name": values.get("actor", "")[:80] or "–"}
    if values.get("stance") and not stance:
        yield _("Ställningstagandet ”%(words)s” är inget av alternativen.") % {"words": values["stance"][:80]}
    if values.get("date") and not is_date(values["date"]):
        yield _("Datumet ”%(words)s” går inte att läsa.") % {"words": values["date"][:40]}
    if (values.get("place") or values.get("quote")) and (place.section is None or place.doubt):
        yield place.doubt or _("Platsen ”%(place)s” finns inte i texten.") % {"place": values.get("place", "")[:80]}


def is_date(words: str) -> bool:
    """Whether the words are a date, in one of the ways that people here write them."""
    for form in DATES:
        try:
            datetime.strptime(words.strip(), form)
        except ValueError:
            continue
        return True
    return False


def _actor(name: str, known: dict[str, Actor]) -> Actor | None:
    plain = _plain(name)
    for tried in (plain, plain.removesuffix(" kommun"), f"{plain} kommun", f"{plain}s kommun"):
        if tried in known:
            return known[tried]
    return None


def _place(values: dict[str, str], places: Places) -> Place:
    where = values.get("place", "")
    found = Place()
    if where:
        section = places.coded(where) or section_of_heading(where, places)
        found = place_of(where, places)
        if section is not None and found.start is None:
            found = Place(section, score=1.0)
    if quote := values.get("quote"):
        quoted = places.find(quote, found.section)
        if quoted is not None:
            return quoted
        found.doubt = _("De citerade orden finns inte i texten.")
    return found


def _plain(words: str) -> str:
    return " ".join(words.casefold().split()).strip(" .:")
