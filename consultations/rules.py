"""May they? One predicate per verb. Who may *see* what is in ``visibility.py``."""

from actors.models import Actor, Role, User
from actors.queries.roles import has_role, roles_of
from consultations.models import ConsultationRound, Response
from strategies import rules as strategy_rules

WRITERS = (Role.EDITOR, Role.SIGNATORY, Role.ADMIN)


def can_prepare(user: User, round_: ConsultationRound) -> bool:
    """Write the cover letter, the questions and the distribution list."""
    return strategy_rules.can_edit(user, round_.version.strategy)


def can_open(user: User, round_: ConsultationRound) -> bool:
    """Open, schedule and close the round for good."""
    return strategy_rules.can_lead(user, round_.version.strategy)


def can_moderate(user: User, round_: ConsultationRound) -> bool:
    """Publish or hold back what the public answers, and mask words."""
    return strategy_rules.can_edit(user, round_.version.strategy)


def can_decide(user: User, round_: ConsultationRound) -> bool:
    """Decide on points and tie them to changes."""
    return strategy_rules.can_edit(user, round_.version.strategy)


def can_write_for(user: User, actor: Actor) -> bool:
    """Write in the actor's response."""
    return has_role(user, actor.pk, *WRITERS)


def lets_in(user: User, actor: Actor) -> bool:
    """Whether a letter's link is enough to sign the person in: letters are sent on. An account with a password that reaches
    further than to the invited organisation is opened with the password."""
    reaches_further = user.is_staff or bool(set(roles_of(user)) - {actor.pk})
    return not (reaches_further and user.has_usable_password())


def can_enter(user: User, round_: ConsultationRound) -> bool:
    """Write in an answer that came by letter, telephone, meeting or e-mail."""
    return strategy_rules.can_edit(user, round_.version.strategy)


def can_write(user: User, response: Response) -> bool:
    """Write in this response. One that the region enters for somebody is the region's to write in; every other is its own
    organisation's, and never the region's."""
    if response.entered_by_id is not None:
        return can_enter(user, response.round)
    return can_write_for(user, response.actor)


def can_correct(user: User, response: Response) -> bool:
    """Begin the next version: whoever writes in this one, and the organisation itself of one that the region entered."""
    return can_write(user, response) or can_write_for(user, response.actor)


def can_note(user: User, response: Response) -> bool:
    """Write internal notes: the organisation's own people, whoever wrote the response."""
    return can_write_for(user, response.actor)


def can_submit(user: User, response: Response) -> bool:
    """Hand the response in on behalf of the organisation; an entered one is registered by the region."""
    if response.entered_by_id is not None:
        return can_enter(user, response.round)
    return has_role(user, response.actor_id, Role.SIGNATORY)


def can_record_decision(user: User, response: Response) -> bool:
    """Write in what the organisation's own body decided about its response."""
    return has_role(user, response.actor_id, *WRITERS, Role.SECRETARY)
