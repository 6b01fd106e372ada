"""An organisation's response, and its receipt, as papers: for the agenda of those who decide, and for the register."""

from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from consultations.models import OwnDecision, Point, Response
from consultations.queries.numbering import Numbering
from consultations.queries.places import in_reading_order, place_name
from consultations.states import HANDED_IN
from strategies.publishing.assets import STATIC, LocalAssets, faces, tokens
from strategies.publishing.pdf import complaints, quiet


@dataclass
class View:
    """One point: where, about which words, what is said, the wording that is asked for instead."""

    number: int
    kind: str
    place: str
    quote: str
    text: str
    wording: str


@dataclass
class Sheet:
    """A response as plain data. ``standing``: what it is (draft, preliminary, handed in), said on every page."""

    title: str
    actor: str
    standing: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    summary: str = ""
    positions: list[tuple[str, str, str]] = field(default_factory=list)  # place, stance, reason
    answers: list[tuple[str, str]] = field(default_factory=list)
    views: list[View] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def sheet_of(response: Response) -> Sheet:
    """Everything that the response says; never internal notes. A constant number of queries."""
    numbering = Numbering(response.round.version)
    labels = numbering.tree.labels
    positions = in_reading_order(response.positions.select_related("section"), labels, lambda row: row.section)
    answers = response.answers.select_related("question").order_by("question__position", "pk")
    points = response.points.select_related("section", "anchor").order_by("number")
    return Sheet(
        title=response.round.title,
        actor=response.actor.name,
        standing=_standing(response),
        facts=_facts(response),
        summary=response.summary,
        positions=[(place_name(row.section, labels), row.get_stance_display(), row.reason) for row in positions],
        answers=[(row.question.text, words) for row in answers if (words := row.words)],
        views=[_view(point, numbering) for point in points],
        files=[row.name for row in response.attachments.all()],
    )


def _standing(response: Response) -> str:
    if response.state not in HANDED_IN:
        return _("Utkast %(day)s, inte inlämnat") % {"day": date_format(timezone.localdate(), "j F Y")}
    number = _("Svar nr %(n)s") % {"n": response.number}
    parts = [number, *([_("version %(n)s") % {"n": response.version}] if response.version > 1 else [])]
    return ", ".join([*parts, *([_("preliminärt")] if response.preliminary else [])])


def _facts(response: Response) -> list[tuple[str, str]]:
    decision = OwnDecision.objects.filter(response=response).first()
    rows = [
        (_("Till"), response.round.version.strategy.owner.name),
        (_("Slag"), str(response.get_kind_display())),
        (_("Regionens diarienummer"), response.round.case_number),
        (_("Ert diarienummer"), response.own_case_number),
    ]
    if decision is not None:
        day = date_format(decision.decided_on, "j F Y")
        rows.append((_("Beslut"), " ".join(part for part in (decision.body, day, decision.paragraph) if part)))
        rows.append((_("Reservationer"), decision.reservations))
    return [(label, value) for label, value in rows if value]


def _view(point: Point, numbering: Numbering) -> View:
    return View(
        number=point.number,
        kind=str(point.get_kind_display()),
        place=numbering.label(point) or place_name(point.section, numbering.tree.labels) or _("Allmän synpunkt"),
        quote=point.anchor.quote if point.anchor else "",
        text=point.text,
        wording=point.suggested_wording,
    )


def answer_pdf(response: Response) -> bytes:
    """The response as a tagged PDF (PDF/UA-1)."""
    return print_answer(sheet_of(response))


def print_answer(sheet: Sheet) -> bytes:
    """The same from its plain data."""
    return _pdf("print/answer.html", {"sheet": sheet})


def receipt_pdf(response: Response) -> bytes:
    """The receipt as a tagged PDF: what, when, by whom, the checksum, the case numbers."""
    assert response.submitted_at is not None
    at = date_format(timezone.localtime(response.submitted_at), "j F Y \\k\\l. H.i.s")
    return _pdf(
        "print/receipt.html", {"response": response, "round": response.round, "actor": response.actor, "at": at}
    )


def _pdf(template: str, context: dict[str, Any]) -> bytes:
    """Only our own fonts and styles are fetched; what somebody wrote is words."""
    assets, fonts = LocalAssets(lambda uuid: None), FontConfiguration()
    css = "\n".join([f":root {{ {tokens()} }}", faces(), (STATIC / "css" / "print" / "answer.css").read_text("utf-8")])
    styles = CSS(string=css, url_fetcher=assets, font_config=fonts, base_url="asset:css/")
    with complaints(), quiet():
        html = HTML(string=render_to_string(template, context), url_fetcher=assets, base_url="asset:")
        return bytes(html.write_pdf(stylesheets=[styles], font_config=fonts, pdf_variant="pdf/ua-1"))
