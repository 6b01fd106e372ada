"""Proposals from outside the drafting team: never part of a draft until an officer accepts them."""

import uuid as uuids

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.domain.notify import notify
from actors.models import Role, User
from actors.queries.roles import fresh, people_with, roles_of
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from rus_platform.kit.locking import lock
from rus_platform.kit.wording import own_language
from strategies import rules
from strategies.domain import documents, markup, text
from strategies.domain.parsed import current
from strategies.domain.rewriting import steps_between
from strategies.domain.three_way import put_into
from strategies.models import Proposal, Section, StepVia
from strategies.states import PROPOSAL_STATES, ProposalState, TextStatus

MOST_OPEN = 100  # of one person in one version


@transaction.atomic
def propose_text(*, section_id: int, by: User, doc_version: int, written: str, reason: str = "") -> Proposal:
    """Propose another text for a section that one may read but not write: ``written`` in the form's writing, made on the
    text after ``doc_version`` steps.

    Raises NotFound (may not read it), Forbidden (may write, and so needs no proposal), Invalid (nothing changed, too long).
    """
    section = Section.objects.select_related("version__strategy").filter(pk=section_id, removed_at=None).first()
    if section is None or not rules.can_read_version(fresh(by), section.version):
        raise NotFound(_("Avsnittet finns inte, eller så har du inte tillgång till det."))
    if not rules.can_propose(by, section.version):
        raise Forbidden(_("Här lämnas inga förslag. Den som skriver i utkastet föreslår direkt i texten."))
    if not 0 <= doc_version <= section.doc_version:
        raise Invalid(_("Din text bygger på en version som inte finns. Ladda om sidan."))
    if (
        Proposal.objects.filter(author=by, section__version=section.version, state=ProposalState.OPEN).count()
        >= MOST_OPEN
    ):
        raise Invalid(_("Du har redan många förslag som väntar på svar."))
    base = text.doc_at(section, doc_version)
    wanted = documents.parse(markup.merge(base, written))
    if not steps_between(documents.read(base), wanted):
        raise Invalid(
            _("Ändra något i texten först: förslaget är lika med texten som den är."),
            {"text": _("Ingenting är ändrat.")},
        )
    proposal = Proposal.objects.create(
        section=section, doc_version=doc_version, doc=text.plain(wanted), text=written, reason=reason.strip()[:4000],
        author=by, actor_id=min(roles_of(by)), created_at=clock.now(),
    )  # fmt: skip
    record(by=by, verb="propose_text", obj=proposal, strategy_id=section.version.strategy_id)
    with own_language():
        notify(
            users=people_with(section.version.strategy.owner_id, Role.LEADER, Role.EDITOR),
            kind="proposal",
            text=_("%(who)s föreslår en ändring i ”%(title)s”.") % {"who": by.name, "title": section.title},
            url=f"/strategier/{section.version.strategy_id}/utkast/forslag-utifran/",
            by=by,
        )
    return proposal


@transaction.atomic
def accept_proposal(*, proposal_id: int, by: User, answer: str = "", by_hand: bool = False) -> Proposal:
    """Put the proposal into the draft as it is now. ``by_hand``: it has been put in already, by writing.

    Raises Forbidden, WrongState (decided already, no draft), Conflict when it no longer fits: ``data`` carries
    ``submitted`` and ``current``, both in the form's writing.
    """
    proposal = _lock_open(proposal_id, by, ProposalState.ACCEPTED)
    batch_id = None if by_hand else _put_in(proposal, by)
    return _decided(proposal, ProposalState.ACCEPTED, by, answer, batch_id)


@transaction.atomic
def reject_proposal(*, proposal_id: int, by: User, answer: str) -> Proposal:
    """Say no, with a reason. Raises Forbidden, WrongState (decided already), Invalid (no reason)."""
    proposal = _lock_open(proposal_id, by, ProposalState.REJECTED)
    if not answer.strip():
        raise Invalid(_("Skriv varför förslaget inte tas in."), {"answer": _("Skriv varför förslaget inte tas in.")})
    return _decided(proposal, ProposalState.REJECTED, by, answer, None)


def _lock_open(proposal_id: int, by: User, to: str) -> Proposal:
    proposal = lock(Proposal.objects.filter(pk=proposal_id).select_related("section__version__strategy", "author"))
    if not rules.can_edit(fresh(by), proposal.section.version.strategy):
        raise Forbidden(_("Bara den som skriver i utkastet avgör förslag."))
    PROPOSAL_STATES.check(proposal.state, to)
    return proposal


def draft_section_of(proposal: Proposal) -> Section | None:
    """The section in today's draft, if there is a draft and it has the section."""
    version = proposal.section.version
    rows = Section.objects.filter(
        version__strategy_id=version.strategy_id, version__status=TextStatus.WORKING, uuid=proposal.section.uuid
    )
    return rows.filter(removed_at=None).first()


def _put_in(proposal: Proposal, by: User) -> uuids.UUID:
    draft = draft_section_of(proposal)
    if draft is None:
        raise WrongState(_("Det finns inget utkast med det här avsnittet att ta in förslaget i."))
    section = text.lock_for_suggesting(draft.pk, by)
    now = current(section)
    base = documents.read(text.doc_at(proposal.section, proposal.doc_version))
    merged = put_into(now, base, documents.read(proposal.doc))
    if merged is None:
        raise Conflict(
            _("Texten har ändrats på samma ställe sedan förslaget skrevs. Här är båda; för ihop dem för hand."),
            submitted=proposal.text,
            current=markup.to_markup(text.plain(now)),
        )
    batch_id = uuids.uuid4()
    wanted = documents.parse(documents.with_ids(text.plain(merged)))
    if changes := steps_between(now, wanted):
        text.append(section, now, changes, by, batch_id, StepVia.PROPOSAL)
    return batch_id


def _decided(proposal: Proposal, state: str, by: User, answer: str, batch_id: uuids.UUID | None) -> Proposal:
    proposal.state, proposal.decided_at, proposal.decided_by = state, clock.now(), by
    proposal.answer, proposal.batch_id = answer.strip()[:4000], batch_id
    proposal.save(update_fields=["state", "decided_at", "decided_by", "answer", "batch_id"])
    strategy_id, title = proposal.section.version.strategy_id, proposal.section.title
    accepted = state == ProposalState.ACCEPTED
    record(by=by, verb="accept_proposal" if accepted else "reject_proposal", obj=proposal, strategy_id=strategy_id)
    with own_language():
        words = (
            _("Ditt förslag till ”%(title)s” är intaget i utkastet.")
            if accepted
            else _("Ditt förslag till ”%(title)s” tas inte in.")
        )
        notify(
            users=[proposal.author], kind="proposal", text=words % {"title": title}, by=by,
            url=f"/versioner/{proposal.section.version_id}/andringsforslag/",
        )  # fmt: skip
    return proposal
