"""Those invited to a dialogue meeting say whether they come, how many and who: by the link in their letter, or signed in."""

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from actors.queries.roles import fresh
from consultations import rules
from consultations.models import GuestAnswer, MeetingGuest
from consultations.states import MeetingState
from rus_platform.kit import clock
from rus_platform.kit.errors import Forbidden, Invalid, NotFound, WrongState
from rus_platform.kit.locking import lock

SALT = "meeting-guest"
MOST = 1_000
LONGEST = 2_000


def token_of(guest: MeetingGuest) -> str:
    """What the letter's link carries: signed, so that nobody can make one up; nothing but this invitation opens with it."""
    return signing.dumps(guest.pk, salt=SALT)


def guest_of(token: str) -> MeetingGuest:
    """The invitation behind a link. Reading it changes nothing: mail scanners open links. Raises NotFound."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise NotFound(_("Länken stämmer inte. Kontrollera att du fick med hela adressen.")) from error
    rows = MeetingGuest.objects.select_related("actor", "meeting__round__version__strategy__owner", "answered_by")
    guest = rows.filter(pk=pk, invited_at__isnull=False).first()
    if guest is None:
        raise NotFound(_("Inbjudan finns inte längre."))
    return guest


def takes_answers(guest: MeetingGuest) -> bool:
    """Until the meeting begins."""
    return guest.meeting.state == MeetingState.PLANNED and guest.meeting.starts_at > clock.now()


@transaction.atomic
def answer_meeting(
    *, guest_id: int, answer: str, people: int | None, who: str, by: User | None, token: str = ""
) -> MeetingGuest:
    """Say yes (how many, and who) or no; again changes the answer. ``by`` is somebody who may write for the organisation;
    None: whoever reads its mailbox, with the letter's ``token``.

    Raises Forbidden, NotFound, WrongState (begun, held, called off), Invalid (``answer``, ``people``, ``who``).
    """
    rows = MeetingGuest.objects.filter(pk=guest_id, invited_at__isnull=False)
    guest = lock(rows.select_related("actor", "meeting__round__version__strategy"))
    if by is None and guest_of(token).pk != guest.pk:
        raise Forbidden(_("Länken hör till en annan inbjudan."))
    if by is not None and (guest.actor is None or not rules.can_write_for(fresh(by), guest.actor)):
        raise Forbidden(_("Du kan inte svara för den organisationen."))
    if not takes_answers(guest):
        raise WrongState(_("Det går inte att svara längre: mötet har börjat, hållits eller ställts in."))
    who = _checked(answer, people, who)
    coming = answer == GuestAnswer.YES
    guest.answer, guest.coming, guest.who = answer, people if coming else None, who if coming else ""
    guest.answered_at, guest.answered_by, guest.answered_sequence = clock.now(), by, guest.meeting.sequence
    guest.save(update_fields=["answer", "coming", "who", "answered_at", "answered_by", "answered_sequence"])
    record(
        by=by, verb="answer_meeting", obj=guest.meeting, strategy_id=guest.meeting.round.version.strategy_id,
        actor=guest.actor, answer=answer, people=guest.coming,
    )  # fmt: skip
    return guest


def _checked(answer: str, people: int | None, who: str) -> str:
    who, fields = who.replace("\x00", "").strip(), {}
    if answer not in GuestAnswer.values:
        fields["answer"] = _("Välj om ni kommer eller inte.")
    elif answer == GuestAnswer.YES and (people is None or not 1 <= people <= MOST):
        fields["people"] = _("Skriv hur många som kommer, 1 till %(n)s.") % {"n": MOST}
    if len(who) > LONGEST:
        fields["who"] = _("Högst %(n)s tecken.") % {"n": LONGEST}
    if fields:
        raise Invalid(_("Svaret är inte sparat än."), fields)
    return who
