"""The way to a decision, and what a consultation led to."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.notify import notify
from actors.models import Role, User
from actors.queries.roles import fresh, people_with
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid
from rus_platform.kit.locking import lock
from rus_platform.kit.wording import own_language
from strategies import rules
from strategies.domain.versions import freeze_as
from strategies.models import (
    ApprovalCase,
    Body,
    ConsultationOutcome,
    Decision,
    DecisionOutcome,
    OpinionKind,
    Reservation,
    Strategy,
    Version,
)
from strategies.states import APPROVAL_STATES, VERSION_STATES, ApprovalState, TextStatus

NEXT = {
    Body.DEVELOPMENT_BOARD: ApprovalState.EXECUTIVE_BOARD,
    Body.EXECUTIVE_BOARD: ApprovalState.REGIONAL_COUNCIL,
    Body.REGIONAL_COUNCIL: ApprovalState.ADOPTED,
}


@transaction.atomic
def submit_for_decision(
    *, version_id: int, by: User, label: str, case_number: str = "", summary: str = ""
) -> ApprovalCase:
    """Freeze the draft as a proposal and hand it to the development board (kommunallagen 5:26-28).

    The same again is one submission (a double click). Raises Forbidden, WrongState, Invalid naming ``label``, and Conflict
    while an earlier proposal waits for its decision.
    """
    version = lock(Version.objects.filter(pk=version_id).select_related("strategy"))
    if not rules.can_lead(fresh(by), version.strategy):
        raise Forbidden(_("Bara processledaren kan lämna strategin till beslut."))
    done = ApprovalCase.objects.filter(version=version, submitted_by=by).first()
    if done is not None and version.label == " ".join(label.split()):
        return done  # a double click
    waiting = ApprovalCase.objects.filter(version__strategy=version.strategy, state__in=Body.values)
    if waiting.exclude(version=version).exists():
        raise Conflict(_("Ett tidigare förslag väntar på beslut. Invänta beslutet eller en återremiss först."))
    freeze_as(version, status=TextStatus.PROPOSAL, label=label, by=by, verb="submit_for_decision")
    case = ApprovalCase.objects.create(
        version=version, case_number=case_number.strip()[:40] or version.strategy.case_number, summary=summary.strip(),
        submitted_at=clock.now(), submitted_by=by,
    )  # fmt: skip
    with own_language():
        notify(
            users=people_with(version.strategy.owner_id, Role.SECRETARY),
            kind="submitted_for_decision",
            text=_("”%(version)s” är lämnad till beslut.") % {"version": version.label},
            url=f"/strategier/{version.strategy_id}/beslut/",
            by=by,
        )
    return case


@transaction.atomic
def record_decision(
    *,
    case_id: int,
    body: str,
    outcome: str,
    decided_on: date,
    paragraph: str,
    by: User,
    note: str = "",
    reservations: Sequence[dict[str, str]] = (),
) -> Decision:
    """Enter what a body decided: forward to the next body, adopted by the council, or referred back.

    ``reservations``: [{kind, by_whom, text}]. The bodies decide in order; the same body twice is a Conflict unless it is
    the same decision again (double click). Raises Forbidden, WrongState, Invalid naming the fields.
    """
    ids = ApprovalCase.objects.filter(pk=case_id).values_list("version__strategy_id", "version_id").first()
    strategy_id, version_id = ids or (0, 0)
    lock(Strategy.objects.filter(pk=strategy_id))  # adopting one version supersedes another
    version = lock(Version.objects.filter(pk=version_id).select_related("strategy"))
    case = lock(ApprovalCase.objects.filter(pk=case_id))
    if not rules.can_record_decision(fresh(by), version.strategy):
        raise Forbidden(_("Bara nämndsekreteraren kan föra in beslut."))
    paragraph = paragraph.strip()
    earlier = list(case.decisions.all())
    same = next((row for row in earlier if row.body == body), None)
    if same is not None:
        if (same.outcome, same.decided_on, same.paragraph) == (outcome, decided_on, paragraph):
            return same
        raise Conflict(_("Beslutet från %(body)s är redan infört.") % {"body": Body(body).label})
    reservations = _checked_reservations(reservations)
    _check_decision(case, earlier, body, outcome, decided_on, paragraph)
    to = ApprovalState.REFERRED_BACK if outcome == DecisionOutcome.REFERRED_BACK else NEXT[Body(body)]
    APPROVAL_STATES.check(case.state, to)
    decision = Decision.objects.create(
        case=case, body=body, outcome=outcome, decided_on=decided_on, paragraph=paragraph[:20], note=note.strip(),
        recorded_at=clock.now(), recorded_by=by,
    )  # fmt: skip
    Reservation.objects.bulk_create(Reservation(decision=decision, **row) for row in reservations)
    case.state = to
    case.save(update_fields=["state"])
    if to == ApprovalState.ADOPTED:
        _adopt(version, decided_on, by)
    elif to == ApprovalState.REFERRED_BACK:
        _change_status(version, TextStatus.REFERRED_BACK)
    record(
        by=by,
        verb="record_decision",
        obj=case,
        strategy_id=version.strategy_id,
        body=body,
        outcome=outcome,
        paragraph=paragraph,
        version=version.label,
    )
    _announce(version, decision, by)
    return decision


def _check_decision(
    case: ApprovalCase, earlier: list[Decision], body: str, outcome: str, decided_on: date, paragraph: str
) -> None:
    """Raise Invalid with one sentence per field."""
    fields: dict[str, Any] = {}
    allowed = outcomes_of(body)
    if body != case.state:
        fields["body"] = _("Ärendet är nu: %(state)s.") % {"state": case.get_state_display()}
    if outcome not in allowed:
        fields["outcome"] = _("Välj ett av besluten som organet kan fatta.")
    if not paragraph or len(paragraph) > 20:
        fields["paragraph"] = _("Skriv paragrafen i protokollet, till exempel § 45.")
    first = max([timezone.localdate(case.submitted_at), *(row.decided_on for row in earlier)])
    if decided_on > clock.today():
        fields["decided_on"] = _("Datumet har inte varit än.")
    elif decided_on < first:
        fields["decided_on"] = _("Beslutet kan inte vara före %(date)s, då ärendet kom till organet.") % {"date": first}
    if fields:
        raise Invalid(_("Beslutet kunde inte föras in än."), fields)


def outcomes_of(body: str) -> list[str]:
    """What a body can decide: the council adopts, the boards approve, each can refer back."""
    forward = DecisionOutcome.ADOPTED if body == Body.REGIONAL_COUNCIL else DecisionOutcome.APPROVED
    return [forward, DecisionOutcome.REFERRED_BACK]


def _checked_reservations(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Rows with words in them; Invalid when one is half filled in."""
    kept = []
    for row in rows:
        clean = {name: str(row.get(name, "")).replace("\x00", "").strip() for name in ("kind", "by_whom", "text")}
        if not clean["by_whom"] and not clean["text"]:
            continue
        if not clean["by_whom"] or not clean["text"] or clean["kind"] not in OpinionKind.values:
            raise Invalid(
                _("En reservation är inte helt ifylld."),
                {"reservations": _("Skriv både vem som reserverar sig och lydelsen.")},
            )
        kept.append({**clean, "by_whom": clean["by_whom"][:160]})
    return kept


def _adopt(version: Version, decided_on: date, by: User) -> None:
    """The version holds from now on; the one before is superseded."""
    for before in Version.objects.filter(strategy=version.strategy, status=TextStatus.ADOPTED).select_for_update():
        _change_status(before, TextStatus.SUPERSEDED)
    version.adopted_on = decided_on
    _change_status(version, TextStatus.ADOPTED, "adopted_on")
    record(by=by, verb="adopt", obj=version, strategy_id=version.strategy_id, decided_on=decided_on.isoformat())


def _change_status(version: Version, to: str, *more: str) -> None:
    VERSION_STATES.check(version.status, to)
    version.status = to
    version.save(update_fields=["status", *more])


@own_language()
def _announce(version: Version, decision: Decision, by: User) -> None:
    notify(
        users=people_with(version.strategy.owner_id, Role.LEADER, Role.EDITOR, Role.SECRETARY),
        kind="decision",
        text=_("%(body)s, %(paragraph)s: %(outcome)s ”%(version)s”.")
        % {
            "body": decision.get_body_display(),
            "paragraph": decision.paragraph,
            "outcome": decision.get_outcome_display().lower(),
            "version": version.label,
        },
        url=f"/strategier/{version.strategy_id}/beslut/",
        by=by,
    )


def record_consultation_outcome(
    *,
    version_id: int,
    round_key: str,
    round_title: str,
    event: str,
    at: datetime,
    numbers: dict[str, int],
    round_url: str = "",
    public: bool = True,
) -> ConsultationOutcome:
    """Keep what a round led to (opened, closed, settled), told by the consultations app. The same event again is one."""
    outcome, _new = ConsultationOutcome.objects.get_or_create(
        round_key=round_key,
        event=event,
        defaults={
            "version_id": version_id,
            "round_title": round_title,
            "at": at,
            "numbers": numbers,
            "round_url": round_url,
            "public": public,
        },
    )
    return outcome
