"""Reading comments: who can take part, a strategy's threads with all that is said in them."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from actors.models import Membership, User
from strategies.models import Comment, Remark, Strategy
from strategies.states import CommentState


def people_of(strategy: Strategy) -> list[User]:
    """Everybody who works for the region, by name: those who can comment, be mentioned and be asked. One query."""
    held = Membership.objects.filter(user=OuterRef("pk"), actor=strategy.owner_id, until=None)
    return list(User.objects.filter(Exists(held), is_active=True).order_by("name", "pk"))


def taking_part(comment: Comment) -> list[User]:
    """Those who have said something in the thread or have been asked to see to it, if they still work for the region."""
    ids = set(comment.remarks.filter(removed_at=None).values_list("created_by", flat=True)) | {comment.assignee_id}
    return [person for person in people_of(comment.strategy) if person.pk in ids]


@dataclass(frozen=True)
class CommentFilter:
    """What a list shows. ``state``: open | resolved | gone (words that are lost) | "" (all); ``whose``: mine | assigned
    | named | ""; ``person``: id of somebody who takes part, or ""."""

    state: str = "open"
    whose: str = ""
    person: str = ""
    section: str = ""


def threads(strategy: Strategy) -> QuerySet[Comment]:
    """Every thread that is left, with its remarks. Two queries, whatever their number."""
    remarks = Remark.objects.select_related("created_by")
    return (
        Comment.objects.filter(strategy=strategy, removed_at=None)
        .select_related("section", "anchor__section", "created_by", "assignee", "resolved_by")
        .defer("section__doc", "anchor__section__doc")
        .prefetch_related(Prefetch("remarks", remarks, to_attr="said"))
    )


def filtered(rows: QuerySet[Comment], chosen: CommentFilter, user: User) -> QuerySet[Comment]:
    """Narrowed to what was chosen; "gone" is for the caller, who knows where the words are."""
    if chosen.state in (CommentState.OPEN, "gone"):
        rows = rows.filter(state=CommentState.OPEN)
    elif chosen.state == CommentState.RESOLVED:
        rows = rows.filter(state=CommentState.RESOLVED)
    if chosen.whose == "mine":
        rows = rows.filter(created_by=user)
    elif chosen.whose == "assigned":
        rows = rows.filter(assignee=user)
    elif chosen.whose == "named":
        rows = rows.filter(Exists(Remark.objects.filter(comment=OuterRef("pk"), removed_at=None, mentions__user=user)))
    if chosen.person.isdecimal():
        wrote = Remark.objects.filter(comment=OuterRef("pk"), removed_at=None, created_by=int(chosen.person))
        rows = rows.filter(Q(assignee=int(chosen.person)) | Exists(wrote))
    if chosen.section:
        rows = rows.filter(section__uuid=chosen.section)
    return rows


def open_counts(strategy: Strategy) -> dict[str, int]:
    """Section uuid -> number of open threads there ("" for those about the whole draft). One query."""
    found: dict[str, int] = {}
    rows = Comment.objects.filter(strategy=strategy, removed_at=None, state=CommentState.OPEN)
    for uuid in rows.values_list("section__uuid", flat=True):
        found[str(uuid or "")] = found.get(str(uuid or ""), 0) + 1
    return found
