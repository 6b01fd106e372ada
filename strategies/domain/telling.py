"""Who is told of what is said in a thread: the named and the asked by notice and letter, the others in it by notice."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from actors.domain.mail import queue_mail
from actors.domain.notify import notify
from actors.models import User
from rus_platform.kit import clock
from rus_platform.kit.wording import own_language
from strategies.domain.mentions import named_in
from strategies.models import Comment, Mention, Remark, Strategy
from strategies.queries.comments import people_of, taking_part


def address(comment: Comment) -> str:
    """Where the thread is read."""
    return reverse("strategies:comment", args=[comment.strategy_id, comment.pk])


@own_language()
def of_remark(remark: Remark, strategy: Strategy, by: User, *, only_named: bool = False) -> None:
    """The named are told once of each remark; the others who take part of a new one, but not twice over."""
    named = [person for person in named_in(remark.text, people_of(strategy)) if person.pk != by.pk]
    told = set(remark.mentions.values_list("user", flat=True))
    now = clock.now()
    Mention.objects.bulk_create(
        [Mention(remark=remark, user=person, at=now) for person in named if person.pk not in told],
        ignore_conflicts=True,
    )
    for person in named:
        if person.pk not in told:
            _tell_named(remark, person, by)
    if not only_named:
        others = [person for person in taking_part(remark.comment) if person not in named]
        text = _("%(who)s svarade i en kommentar: ”%(text)s”") % {"who": by.name, "text": _short(remark.text)}
        notify(users=others, kind="comment", text=text, url=address(remark.comment), by=by)


def _tell_named(remark: Remark, person: User, by: User) -> None:
    text = _("%(who)s nämnde dig i en kommentar: ”%(text)s”") % {"who": by.name, "text": _short(remark.text)}
    notify(users=[person], kind="mention", text=text, url=address(remark.comment), by=by)
    subject = _("%(who)s nämnde dig i en kommentar") % {"who": by.name}
    _write(person, by, remark.comment, remark.text, "mention", subject, f"mention:{remark.pk}:{person.pk}")


@own_language()
def of_assignment(comment: Comment, person: User, by: User) -> None:
    """By notice and letter, once for every time that it is given to the person by somebody else."""
    if person.pk == by.pk:
        return
    first = comment.remarks.filter(removed_at=None).first()
    text = _("%(who)s bad dig se till en kommentar: ”%(text)s”") % {
        "who": by.name, "text": _short(first.text if first else "")
    }  # fmt: skip
    notify(users=[person], kind="assigned", text=text, url=address(comment), by=by)
    subject = _("%(who)s bad dig se till en kommentar") % {"who": by.name}
    key = f"assigned:{comment.pk}:{person.pk}:{comment.revision}"
    _write(person, by, comment, first.text if first else "", "assigned", subject, key)


@own_language()
def of_resolving(comment: Comment, by: User) -> None:
    """Those who took part hear that it is done."""
    text = _("%(who)s löste en kommentar som du är med i") % {"who": by.name}
    notify(users=taking_part(comment), kind="comment", text=text, url=address(comment), by=by)


def _write(person: User, by: User, comment: Comment, text: str, template: str, subject: str, key: str) -> None:
    context = {
        "person": person, "by": by, "text": text, "quote": comment.anchor.quote if comment.anchor else "",
        "strategy": comment.strategy, "section": comment.section, "link": f"{settings.SITE_URL}{address(comment)}",
    }  # fmt: skip
    queue_mail(to=person.email, subject=subject, template=f"strategies/{template}", context=context, key=key)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 120 else f"{words[:117]}…"
