"""The response form come back: every field that is filled in, as it is proposed to be taken in."""

from django.utils.translation import gettext as _

from consultations.domain.intake import form, margin
from consultations.domain.intake.draft import Draft, Reading, line
from consultations.domain.intake.places import Place, Places
from consultations.domain.intake.references import kind_of, place_of
from consultations.domain.intake.word import Word
from consultations.models import ConsultationRound, IntakeKind, ItemWhat, QuestionKind
from rus_platform.kit.errors import Invalid


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
