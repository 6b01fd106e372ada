"""Many answers in one table (CSV or Excel): a row for each point, with the organisation it comes from.

Nothing in a cell is ever calculated: a formula is taken as its words, made harmless for whoever opens an export later.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actors.models import Actor
from consultations.domain.intake import kinds
from consultations.domain.intake.draft import Draft, Reading, line
from consultations.domain.intake.form import stance_of
from consultations.domain.intake.own_decision import MONTHS
from consultations.domain.intake.places import Place, Places
from consultations.domain.intake.references import kind_of, place_of
from consultations.domain.intake.splitting import section_of_heading
from consultations.models import IntakeKind, ItemWhat, PointKind
from rus_platform.kit import clock, tables
from rus_platform.kit.tables import harmless
from rus_platform.kit.wording import own_language
from rus_platform.kit.work import Progress
from strategies.domain.anchors import comparable
from strategies.domain.importing.opening import refused

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 5000, 40, 30_000
MOST_UNPACKED = 80_000_000  # bytes of an Excel file's parts: five thousand rows need a tenth of it
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
    "%d.%m.%y",
    "%Y/%m/%d",
    "%Y.%m.%d",
)
WRITTEN = re.compile(r"(?:den )?(\d{1,2})(?::?e)? ([a-zåäö]{3,9})\.? (\d{4})", re.IGNORECASE)


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
    came: dict[str, tuple[int, date]] = {}
    body = rows[head + 1 : head + 1 + MOST_ROWS]
    for n, cells in body:
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
            _dated(item, values, came, n)
        found.items += items
        if n % 50 == 0:
            tell(_("Läser rad %(n)s") % {"n": n}, n, len(rows))
    _say(found, rows, head, formulas)
    return found


def _say(found: Reading, rows: list[tuple[int, list[str]]], head: int, formulas: int) -> None:
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


def _csv(data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        for line, cells in tables.csv_rows(kinds.decoded(data), MOST_COLUMNS):
            yield line, [_cell(value) for value in cells]
    except tables.Unreadable as problem:
        raise refused(
            _("Rad %(n)s går inte att läsa. Kontrollera citattecknen, eller spara tabellen som Excel (.xlsx).")
            % {"n": problem.line}
        ) from None


def _sheet(data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        rows = tables.excel_rows(data, most_rows=MOST_ROWS + 50, most_columns=MOST_COLUMNS, most_unpacked=MOST_UNPACKED)
        for line, cells in rows:
            yield line, [_cell(value) for value in cells]
    except tables.Unreadable as problem:
        raise refused(
            _("Filen är orimligt stor när den packas upp, och läses inte.")
            if problem.why == tables.TOO_MUCH
            else _("Excel-filen är skadad och går inte att läsa. Spara den på nytt och försök igen.")
        ) from None


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    text = "".join(sign for sign in str(value) if sign >= " " or sign in "\n\t").strip()
    return text[:LONGEST_CELL]


def _columns(rows: list[tuple[int, list[str]]]) -> tuple[int, dict[str, int]]:
    """(row of the headings, column -> where). It is among the first rows, and names the organisation and the view."""
    for n, (_line, row) in enumerate(rows[:20]):
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
    doubts = list(_doubts(values, actor, place, stance, n))
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


def _doubts(values: dict[str, str], actor: Actor | None, place: Place, stance: str, n: int) -> Iterator[str]:
    if actor is None:
        yield _("Okänd organisation: ”%(name)s”.") % {"name": values.get("actor", "")[:80] or "–"}
    if values.get("stance") and not stance:
        yield _("Ställningstagandet ”%(words)s” är inget av alternativen.") % {"words": values["stance"][:80]}
    if values.get("date") and date_of(values["date"]) is None:
        yield _("Rad %(n)s: datumet ”%(words)s” går inte att läsa.") % {"n": n, "words": values["date"][:40]}
    if (values.get("place") or values.get("quote")) and (place.section is None or place.doubt):
        yield place.doubt or _("Platsen ”%(place)s” finns inte i texten.") % {"place": values.get("place", "")[:80]}


def date_of(words: str) -> date | None:
    """The day that the words are, in one of the ways that people here write it; None when they are none."""
    plain = " ".join(words.split())
    if plain.isdecimal() and 36_000 < int(plain[:9]) < 60_000:  # days since 1900, as Excel counts them
        return date(1899, 12, 30) + timedelta(days=int(plain))
    for form in DATES:
        try:
            return datetime.strptime(plain, form).date()
        except ValueError:
            continue
    match = WRITTEN.fullmatch(plain)
    month = match and next((n for n, name in enumerate(MONTHS, 1) if name.startswith(match[2].casefold()[:3])), None)
    try:
        if match and month:
            return date(int(match[3]), month, int(match[1]))
    except ValueError:
        pass
    return None


def _dated(item: Draft, values: dict[str, str], came: dict[str, tuple[int, date]], n: int) -> None:
    """When the answer came, on the item; a day that is not over, or another than the organisation's first row has, is doubted."""
    day = date_of(values["date"]) if values.get("date") else None
    if day is None:
        return
    if day > clock.today():
        item.certain = False
        item.doubt = f"{item.doubt} {_('Rad %(n)s: %(day)s har inte varit än.') % {'n': n, 'day': day}}".strip()
        return
    item.received_on = day
    row, first = came.setdefault(_plain(item.actor_name), (n, day))
    if first != day:
        item.certain = False
        words = _("Rad %(n)s säger ett annat datum än rad %(row)s (%(day)s). Det tidigaste gäller för hela svaret.")
        item.doubt = f"{item.doubt} {words % {'n': n, 'row': row, 'day': first}}".strip()


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
