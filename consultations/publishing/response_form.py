"""The response form of a round as a Word file: fields to fill in, each with a label that stays when a tool drops the field."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from docx.shared import Cm

from actors.models import Actor
from consultations.domain.intake.form import (
    POINT_PARTS,
    POINT_ROWS,
    PROMPT_CHOICE,
    PROMPT_TEXT,
    Field,
    Plan,
)
from consultations.models import ConsultationRound, QuestionKind, Stance
from strategies.publishing import ooxml
from strategies.publishing.tree import made_at

NARROW, WIDE = Cm(4.4), Cm(12)
POINT_WIDTHS = (Cm(1.1), Cm(2.8), Cm(3.6), Cm(5.2), Cm(3.7))


def response_form(plan: Plan, actor: Actor | None = None) -> bytes:
    """The form for one organisation, or for anyone. No queries."""
    with translation.override("sv"):
        return _Form(plan, actor).write()


class _Form:
    def __init__(self, plan: Plan, actor: Actor | None) -> None:
        self.plan, self.actor, round_ = plan, actor, plan.round
        title = _("Svarsformulär: %(round)s") % {"round": round_.title}
        self.document = ooxml.new_document(title=title, subject=round_.version.label, made_at=made_at(round_.version))
        ooxml.add_placeholder_style(self.document)

    def write(self) -> bytes:
        self._head(self.plan.round)
        self.document.add_heading(_("A. Svaret i korthet"), 1)
        self._rows([(self.plan.summary, _("Ert samlade yttrande"), self._text(self.plan.summary))])
        self._positions()
        self._answers()
        self._points()
        return ooxml.saved(self.document)

    def _head(self, round_: ConsultationRound) -> None:
        add = self.document.add_paragraph
        self.document.add_heading(_("Svarsformulär"), 0)
        add(f"{round_.title}. {round_.version.strategy.owner.name}")
        add(_("Svar från: %(name)s") % {"name": self.actor.name if self.actor else "…"})
        if round_.closes_at:
            add(_("Svara senast %(when)s.") % {"when": date_format(timezone.localtime(round_.closes_at), "j F Y H:i")})
        add(
            _(
                "Fyll i fälten i Word eller LibreOffice. Hoppa över det ni inte har någon uppfattning om. Ladda sedan upp filen: varje svar läses in, och ni bekräftar det innan det räknas. Ändra inte koderna i vänstra spalten, och inte nyckeln."
            )
        )
        add(_("Formulärnyckel: %(key)s") % {"key": self.plan.key})

    def _positions(self) -> None:
        if not self.plan.positions:
            return
        self.document.add_heading(_("B. Ställningstaganden"), 1)
        self.document.add_paragraph(_("Skälet behövs om ni tillstyrker med ändringar eller avstyrker."))
        for stance, reason in self.plan.positions:
            assert stance.section is not None
            code, title = self.plan.outline.labels[str(stance.section.uuid)]
            name = f"{code} {title}".strip()
            self.document.add_heading(name, 2)
            choice = ooxml.choice_field(stance.tag, name, PROMPT_CHOICE, [(v, str(n)) for v, n in Stance.choices])
            self._rows(
                [(stance, _("Ställningstagande"), choice), (reason, _("Skäl"), self._text(reason, name))],
            )

    def _answers(self) -> None:
        if not self.plan.answers:
            return
        self.document.add_heading(_("C. Frågor"), 1)
        for one in self.plan.answers:
            question = one.question
            assert question is not None
            self.document.add_heading(question.asked, 2)
            if question.kind == QuestionKind.FREE:
                self._rows([(one, _("Svar"), self._text(one, question.asked))])
                continue
            if question.kind == QuestionKind.CHOICE:
                listed = [(str(n), str(choice)) for n, choice in enumerate(question.choices)]
                self.document.add_paragraph(
                    _("Svarsalternativ: %(all)s") % {"all": "; ".join(choice for _n, choice in listed)}
                )
            else:
                listed = [(str(n), str(n)) for n in range(1, 6)]
                self.document.add_paragraph(_("Skala från 1 (lägst) till 5 (högst)."))
            field = ooxml.choice_field(one.tag, question.asked, PROMPT_CHOICE, listed)
            self._rows([(one, _("Svar"), field)])

    def _points(self) -> None:
        self.document.add_heading(_("D. Synpunkter"), 1)
        self.document.add_paragraph(
            _(
                "En synpunkt på varje rad. Plats: till exempel ”2.3 stycke 4”, ”Mål 2” eller ”s. 14”; tomt om synpunkten är allmän. Kopiera gärna orden det gäller. Lägg till rader om de inte räcker."
            )
        )
        heads = (_("Nr"), _("Plats"), _("Orden det gäller"), _("Synpunkt"), _("Föreslagen lydelse"))
        table = self.document.add_table(1 + POINT_ROWS, len(heads))
        table.style = "Table Grid"
        for cell, words in zip(table.rows[0].cells, heads, strict=True):
            cell.paragraphs[0].add_run(words).bold = True
        table.rows[0]._tr.get_or_add_trPr().append(ooxml.element("tblHeader"))
        for n, row in enumerate(table.rows[1:], 1):
            cells = row.cells
            cells[0].paragraphs[0].add_run(f"D{n}")
            for part, head, cell in zip(POINT_PARTS, heads[1:], cells[1:], strict=True):
                cell.paragraphs[0]._p.append(ooxml.text_field(f"t.{n}.{part}", f"D{n} {head}", PROMPT_TEXT))
        _widths(table, POINT_WIDTHS)

    def _rows(self, rows: Iterable[tuple[Field, str, Any]]) -> None:
        """A small table: the label with its code, and the field."""
        listed = list(rows)
        table = self.document.add_table(len(listed), 2)
        table.style = "Table Grid"
        for row, (field, words, control) in zip(table.rows, listed, strict=True):
            label, place = row.cells
            label.paragraphs[0].add_run(f"{field.label} {words}")
            place.paragraphs[0]._p.append(control)
        _widths(table, (NARROW, WIDE))

    def _text(self, field: Field, name: str = "") -> Any:
        return ooxml.text_field(field.tag, name or field.label, PROMPT_TEXT)


def _widths(table: Any, widths: Iterable[Any]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        for cell in column.cells:
            cell.width = width
