"""May they? One predicate per verb, the same for pages, templates, API and live sessions."""

from django.db.models import Q

from actors.models import Actor, Membership, Role, User
from actors.queries.roles import has_role, roles_of
from strategies.models import AccessGrant, Comment, Strategy, Version
from strategies.states import TextStatus

DRAFTERS = (Role.LEADER, Role.EDITOR)
PUBLIC = (TextStatus.ADOPTED, TextStatus.SUPERSEDED)


def is_in_region(user: User, strategy: Strategy) -> bool:
    """Works for the region that owns the strategy."""
    return bool(roles_of(user).get(strategy.owner_id))


def can_edit(user: User, strategy: Strategy) -> bool:
    """Write in the draft: text, outline, metadata."""
    return has_role(user, strategy.owner_id, *DRAFTERS)


def can_suggest(user: User, strategy: Strategy) -> bool:
    """Suggest changes of the draft's text: whoever may write in it, and those who may only suggest."""
    return has_role(user, strategy.owner_id, *DRAFTERS, Role.REVIEWER)


def can_comment(user: User, strategy: Strategy) -> bool:
    """Comment in the draft, answer, assign, mention, and be mentioned: everybody who works for the region."""
    return is_in_region(user, strategy)


def can_settle_comment(user: User, comment: Comment) -> bool:
    """Resolve a thread and open it again: those who write the text, who asked, and who was asked to see to it."""
    own = user.pk in (comment.created_by_id, comment.assignee_id)
    return can_edit(user, comment.strategy) or (own and can_comment(user, comment.strategy))


def can_propose(user: User, version: Version) -> bool:
    """Propose another wording of a text that one reads but may not write in: of the draft, people of the region with
    another role; of a version shared for comments, whoever it is shared with. (A consultation version is answered.)"""
    if version.status not in (TextStatus.WORKING, TextStatus.SHARED) or not roles_of(user):
        return False
    return can_read_version(user, version) and not can_suggest(user, version.strategy)


def can_change_organisation(user: User, strategy: Strategy, actor: Actor) -> bool:
    """Correct name and address of an organisation in the register: its own administrators; the region while it has none."""
    if has_role(user, actor.pk, Role.ADMIN):
        return True
    owned = Membership.objects.filter(actor=actor, role=Role.ADMIN, until=None).exists()
    return can_edit(user, strategy) and not owned


def can_lead(user: User, strategy: Strategy) -> bool:
    """Freeze, fork, open rounds, submit for decision."""
    return has_role(user, strategy.owner_id, Role.LEADER)


def can_record_decision(user: User, strategy: Strategy) -> bool:
    """Enter what a board or the council decided."""
    return has_role(user, strategy.owner_id, Role.SECRETARY)


def can_publish(user: User, strategy: Strategy) -> bool:
    """Ask for a PDF."""
    return has_role(user, strategy.owner_id, Role.LEADER, Role.EDITOR, Role.SECRETARY)


def can_read_version(user: User, version: Version) -> bool:
    """Adopted: everyone. Otherwise the region's own people, and those a grant names (or a public grant)."""
    if version.status in PUBLIC:
        return True
    if is_in_region(user, version.strategy):
        return True
    if not version.is_frozen:
        return False
    grants = AccessGrant.objects.filter(version=version, revoked_at=None)
    return grants.filter(Q(public=True) | Q(actor_id__in=roles_of(user))).exists()


def readable_versions(user: User) -> Q:
    """The same rule for lists: filter Version with this."""
    mine = list(roles_of(user))
    granted = Q(grants__revoked_at=None) & (Q(grants__public=True) | Q(grants__actor_id__in=mine))
    return Q(status__in=PUBLIC) | Q(strategy__owner_id__in=mine) | (~Q(status=TextStatus.WORKING) & granted)
