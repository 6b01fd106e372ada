"""A person looks at what was read, one thing at a time: confirm, change, leave out, put together, divide. The job is ready."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from actors.models import Actor, User
from consultations.domain.intake.form import answer_value
from consultations.domain.intake.jobs import lock_job
from consultations.domain.intake.places import Place, Places
from consultations.domain.intake.references import kind_of
from consultations.domain.responses import LONGEST_TEXT
from consultations.models import (
    ConsultationRound,
    IntakeItem,
    IntakeJob,
    ItemState,
    ItemWhat,
    PointKind,
    Question,
    Response,
    ResponseKind,
    Stance,
)
from consultations.states import IntakeState
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Invalid, NotFound, WrongState
from rus_platform.kit.locking import lock
from strategies.domain.anchors import comparable, selector_from_positions, selector_from_quote
from strategies.models import Section, SectionKind

FACTS = ("body", "decided_on", "paragraph", "case_number")
MOST_ITEMS = 3000  # of one file
CLEARED: dict[str, Any] = {"start": None, "end": None, "quote": "", "score": 0.0, "alternatives": []}


def lock_item(item_id: int, by: User, revision: int | None = None) -> IntakeItem:
    """The locked item of a job that is ready, for somebody who may work with it. Job first, then the item.

    Raises Forbidden, NotFound, WrongState; Conflict when it has been changed since ``revision``.
    """
    job_id = IntakeItem.objects.filter(pk=item_id).values_list("job_id", flat=True).first()
    job = lock_ready(job_id or 0, by)
    item = lock(IntakeItem.objects.filter(pk=item_id, job=job).select_related("section", "question", "actor"))
    if item.taken_at is not None:
        raise WrongState(_("Det är redan intaget i ett svar. Ändra det där."))
    if revision is not None and item.revision != revision:
        raise Conflict(_("En kollega har ändrat det här under tiden. Läs in sidan på nytt och se efter."))
    item.job = job
    return item


def lock_ready(job_id: int, by: User) -> IntakeJob:
    """The locked job, ready to be looked at."""
    job = lock_job(job_id, by)
    if job.state != IntakeState.READY:
        raise WrongState(_("Det som kom in är inte längre under granskning."))
    return job


@transaction.atomic
def accept_item(*, item_id: int, by: User, revision: int | None = None) -> IntakeItem:
    """It is right as it stands: it is taken in with the rest. Raises Invalid when something is missing in it."""
    item = lock_item(item_id, by, revision)
    check_item(item)
    item.state, item.standing = ItemState.ACCEPTED, standing_words(item)
    return _saved(item, "state", "standing")


@transaction.atomic
def drop_item(*, item_id: int, by: User, revision: int | None = None) -> IntakeItem:
    """It is not to be taken in. It stays here to be seen."""
    item = lock_item(item_id, by, revision)
    item.state = ItemState.DROPPED
    return _saved(item, "state")


@transaction.atomic
def reconsider_item(*, item_id: int, by: User, revision: int | None = None) -> IntakeItem:
    """Take the decision back."""
    item = lock_item(item_id, by, revision)
    item.state = ItemState.UNDECIDED
    return _saved(item, "state")


@transaction.atomic
def accept_certain(*, job_id: int, by: User) -> int:
    """Confirm all that was read without doubt and that replaces nothing; how many."""
    job = lock_ready(job_id, by)
    rows = job.items.filter(state=ItemState.UNDECIDED, certain=True).select_related("section", "question", "actor")
    known = standing_of(job)
    accepted = []
    for item in rows:
        item.job = job
        item.standing = known.get(key_of(item), "")
        if not faults_of(item) and (not item.standing or item.standing == said_words(item)):
            item.state, item.revision = ItemState.ACCEPTED, item.revision + 1
            accepted.append(item)
    IntakeItem.objects.bulk_update(accepted, ["state", "standing", "revision"], batch_size=500)
    return len(accepted)


@transaction.atomic
def edit_item(
    *, item_id: int, by: User, revision: int | None = None, text: str | None = None, kind: str | None = None, suggested_wording: str | None = None,
    section_id: int | None = None, quote: str | None = None, alternative: int | None = None, stance: str | None = None, actor_id: int | None = None,
    facts: dict[str, str] | None = None, received_on: date | None = None,
) -> IntakeItem:  # fmt: skip
    """Change what is to be taken in; what is None stays. ``quote`` "" means the whole section (``section_id`` None: in general).

    ``alternative`` picks one of the item's other places. The item is undecided afterwards. Raises Invalid, naming the field.
    """
    item = lock_item(item_id, by, revision)
    if text is not None:
        item.text = _fitting(text, "text")
    if suggested_wording is not None:
        item.suggested_wording = _fitting(suggested_wording, "suggested_wording")
    if kind is not None and kind in PointKind.values:
        item.kind = kind
    if stance is not None and stance in ("", *Stance.values):
        item.stance = stance
    if facts is not None:
        item.facts = {name: " ".join(facts.get(name, "").replace("\x00", "").split())[:120] for name in FACTS}
    if received_on is not None:
        item.received_on = received_on
    if actor_id is not None and item.job.actor_id is None:
        item.actor = _actor(item.job.round, actor_id)
    if alternative is not None:
        _choose(item, alternative)
    elif quote is not None and item.what == ItemWhat.POINT:
        _put(item, section_id, quote)
    item.state, item.certain = ItemState.UNDECIDED, False
    seen_to = (alternative, quote, actor_id, facts, received_on)
    item.doubt = "" if any(value is not None for value in seen_to) else item.doubt
    item.revision += 1
    item.save()
    return item


def _fitting(text: str, name: str) -> str:
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_TEXT:
        raise Invalid(_("Texten är för lång."), {name: _("Högst %(n)s tecken. Dela upp den.") % {"n": LONGEST_TEXT}})
    return text


def _actor(round_: ConsultationRound, actor_id: int) -> Actor:
    rows = Actor.objects.filter(taking_part_in=round_.version.strategy) | Actor.objects.filter(
        invitations__round=round_
    )
    actor = rows.filter(pk=actor_id).first()
    if actor is None:
        raise Invalid(_("Välj en organisation."), {"actor": _("Organisationen finns inte i strategins register.")})
    return actor


def _choose(item: IntakeItem, n: int) -> None:
    if not 0 <= n < len(item.alternatives):
        raise Invalid(_("Välj ett av ställena."), {"alternative": _("Välj ett av ställena.")})
    chosen = item.alternatives[n]
    section = _section(item.job.round, uuid=chosen["section"])
    found = selector_from_positions(section.doc, chosen["start"], chosen["end"])
    item.section, item.start, item.end, item.quote, item.score = section, found.start, found.end, found.quote, 1.0
    item.alternatives = []


def _put(item: IntakeItem, section_id: int | None, quote: str) -> None:
    """Let it be about these words of the section; about the section; or about nothing in particular."""
    words = comparable(quote).strip("\n ")
    same_words = words == comparable(item.quote).strip("\n ")
    if same_words and section_id == item.section_id and (item.start is not None or not words):
        return
    for name, value in CLEARED.items():
        setattr(item, name, value)
    item.section = _section(item.job.round, pk=section_id) if section_id else None
    if not words:
        return
    place = _in_section(item.section, words) if item.section else Places(item.job.round.version).find(words)
    if place is None or place.start is None or place.section is None:
        several = place is not None and place.alternatives
        raise Invalid(
            _("Orden kunde inte hittas i texten."),
            {
                "quote": _("Orden står på flera ställen. Kopiera några ord till, eller välj avsnitt.")
                if several
                else _("Orden står inte så i det valda avsnittet. Kopiera dem ur texten, eller lämna fältet tomt.")
            },
        )
    item.section, item.start, item.end, item.quote, item.score = (
        place.section,
        place.start,
        place.end,
        place.quote,
        place.score,
    )


def _in_section(section: Section, words: str) -> Place | None:
    try:
        found = selector_from_quote(section.doc, words)
    except LookupError:
        return None
    return Place(section, found.start, found.end, found.quote, 1.0)


def _section(round_: ConsultationRound, **key: Any) -> Section:
    section = Section.objects.filter(version=round_.version, removed_at=None, **key).first()
    if section is None:
        raise NotFound(_("Avsnittet finns inte i samrådsversionen."))
    return section


@transaction.atomic
def add_item(
    *, job_id: int, by: User, text: str, section_id: int | None = None, quote: str = "", page: int | None = None
) -> IntakeItem:
    """A point that a person writes off the original (``page`` of it), where no text could be read. Whoever writes it has
    confirmed it. Raises Forbidden, WrongState, Invalid, naming the field."""
    job = lock_ready(job_id, by)
    if job.items.count() >= MOST_ITEMS:
        raise Invalid(_("Det är redan för många synpunkter i den här filen."))
    last = job.items.order_by("-position").values_list("position", flat=True).first() or 0
    words = _fitting(text, "text")
    item = IntakeItem(
        job=job,
        position=last + 1,
        what=ItemWhat.POINT,
        text=words,
        kind=kind_of(words),
        page=page,
        state=ItemState.ACCEPTED,
    )
    _put(item, section_id, quote)
    check_item(item)
    item.save()
    return item


# --- dividing and putting together


@transaction.atomic
def split_item(*, item_id: int, by: User, text: str, revision: int | None = None) -> list[IntakeItem]:
    """One point for each stretch between empty lines of ``text``; the first keeps the place, the others the section."""
    item = lock_item(item_id, by, revision)
    parts = [part.strip() for part in _fitting(text, "text").split("\n\n") if part.strip()]
    if item.what != ItemWhat.POINT or len(parts) < 2:
        raise Invalid(
            _("Synpunkten kunde inte delas."), {"text": _("Sätt en tom rad där den ska delas, och tryck på Dela igen.")}
        )
    following = item.job.items.filter(position__gt=item.position)
    rows = list(following)
    for row in rows:
        row.position += len(parts) - 1
    IntakeItem.objects.bulk_update(rows, ["position"], batch_size=500)
    item.text, item.state, item.certain = parts[0], ItemState.UNDECIDED, False
    _saved(item, "text", "state", "certain")
    made = [
        IntakeItem(
            job=item.job, position=item.position + n, what=ItemWhat.POINT, actor=item.actor, actor_name=item.actor_name, author=item.author,
            section=item.section, kind=item.kind, text=part, first=item.first, last=item.last, page=item.page,
        )
        for n, part in enumerate(parts[1:], 1)
    ]  # fmt: skip
    return [item, *IntakeItem.objects.bulk_create(made)]


@transaction.atomic
def merge_item(*, item_id: int, by: User, revision: int | None = None) -> IntakeItem:
    """Put the next point of the same sender to this one. The place of the first that has one is kept."""
    item = lock_item(item_id, by, revision)
    rows = item.job.items.filter(position__gt=item.position, what=ItemWhat.POINT, actor=item.actor)
    other = rows.exclude(state=ItemState.DROPPED).select_related("section").first()
    if other is None or item.what != ItemWhat.POINT:
        raise Invalid(_("Det finns ingen synpunkt efter den här att slå ihop med."))
    item.text = _fitting(f"{item.text}\n\n{other.text}", "text")
    item.suggested_wording = _fitting(
        "\n\n".join(filter(None, (item.suggested_wording, other.suggested_wording))), "suggested_wording"
    )
    if item.start is None and other.start is not None and item.section_id in (None, other.section_id):
        item.section, item.start, item.end, item.quote, item.score = (
            other.section, other.start, other.end, other.quote, other.score,
        )  # fmt: skip
    item.section = item.section or other.section
    lines = [n for n in (item.first, item.last, other.first, other.last) if n is not None]
    item.first, item.last = (min(lines), max(lines)) if lines else (None, None)
    item.state, item.certain, item.revision = ItemState.UNDECIDED, False, item.revision + 1
    item.save()
    other.delete()
    return item


# --- what an item is, and what it would replace


def check_item(item: IntakeItem) -> None:
    """Raise Invalid, naming the fields, when the item cannot be taken in as it is."""
    fields = faults_of(item)
    if fields:
        raise Invalid(_("Det går inte att bekräfta än."), fields)


def faults_of(item: IntakeItem) -> dict[str, Any]:
    """Field -> what is missing or wrong in it."""
    fields: dict[str, Any] = {}
    if item.job.actor_id is None and item.actor_id is None:
        fields["actor"] = _("Välj vilken organisation det är.")
    if item.what in (ItemWhat.POINT, ItemWhat.SUMMARY) and not item.text.strip():
        fields["text"] = _("Skriv synpunkten.")
    if item.what == ItemWhat.POSITION and not item.stance:
        fields["stance"] = _("Välj ett ställningstagande.")
    if item.what == ItemWhat.POSITION and (item.section is None or item.section.kind not in SectionKind.values[2:]):
        fields["section"] = _("Ställning tas till mål, delmål och prioriteringar.")
    if item.what == ItemWhat.KIND and item.text not in ResponseKind.values:
        fields["text"] = _("Välj vilket slags svar det är.")
    if item.what == ItemWhat.DECISION:
        fields |= _faults_of_decision(item.facts)
    if item.what == ItemWhat.ANSWER and item.question is not None and not _is_answer(item.question, item.text):
        fields["text"] = _("Svaret finns inte bland alternativen.")
    return fields


def _faults_of_decision(facts: dict[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    day = parse_date(facts.get("decided_on", "")) if facts.get("decided_on") else None
    if facts.get("decided_on") and (day is None or day > clock.today()):
        fields["decided_on"] = _("Ange dagen som den står i protokollet, till exempel 2027-01-12. Den ska ha varit.")
    if not any(facts.values()):
        fields["body"] = _("Här finns inget att ta in. Välj ”Ta inte in”.")
    return fields


def _is_answer(question: Question, value: str) -> bool:
    if question.kind == "choice":
        return value.isdecimal() and int(value) < len(question.choices)
    return bool(value) and answer_value(question, value) is not None


def key_of(item: IntakeItem) -> tuple[str, int | None, int | None]:
    """What it would replace in a response: (what, section or question, actor). Points replace nothing."""
    return (
        item.what,
        item.section_id if item.what == ItemWhat.POSITION else item.question_id,
        item.actor_id or item.job.actor_id,
    )


def said_words(item: IntakeItem) -> str:
    """What it says, to be compared with what stands."""
    if item.what == ItemWhat.DECISION:
        return item.facts.get("case_number", "")
    return f"{item.stance}\n{item.text}".strip() if item.what == ItemWhat.POSITION else item.text.strip()


def standing_words(item: IntakeItem) -> str:
    """What stands in the response where this would be put."""
    return standing_of(item.job).get(key_of(item), "") if item.what != ItemWhat.POINT else ""


def standing_of(job: IntakeJob) -> dict[tuple[str, int | None, int | None], str]:
    """Everything that items of the job could replace. Three queries; none for a job with many senders, whose drafts are new."""
    found: dict[tuple[str, int | None, int | None], str] = {}
    response: Response | None = job.response
    if response is None:
        return found
    actor = job.actor_id
    if response.kind != ResponseKind.ANSWER:
        found[ItemWhat.KIND, None, actor] = response.kind
    if response.own_case_number:
        found[ItemWhat.DECISION, None, actor] = response.own_case_number
    if response.summary.strip():
        found[ItemWhat.SUMMARY, None, actor] = response.summary.strip()
    for position in response.positions.all():
        found[ItemWhat.POSITION, position.section_id, actor] = f"{position.stance}\n{position.reason}".strip()
    for answer in response.answers.all():
        given = answer.text or next((str(value) for value in (answer.choice, answer.scale) if value is not None), "")
        if given:
            found[ItemWhat.ANSWER, answer.question_id, actor] = given
    return found


def _saved(item: IntakeItem, *fields: str) -> IntakeItem:
    item.revision += 1
    item.save(update_fields=[*fields, "revision"])
    return item
