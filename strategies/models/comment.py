"""Comments between officers in the working draft: a thread on exact words, on a section or on the draft as a whole."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from strategies.states import CommentState


class Comment(models.Model):
    """A thread. What is said in it are its ``remarks``, the first one being the comment itself.

    ``anchor``: the words it is about; ``section``: the section as it was in the version where it was made (neither: the
    whole draft). ``revision`` counts every change of the thread, for those who look at it live.
    """

    strategy = models.ForeignKey("strategies.Strategy", models.PROTECT, related_name="comments")
    section = models.ForeignKey("strategies.Section", models.PROTECT, null=True, blank=True, related_name="comments")
    anchor = models.OneToOneField("strategies.Anchor", models.PROTECT, null=True, blank=True, related_name="comment")
    state = models.CharField(_("läge"), max_length=8, choices=CommentState, default=CommentState.OPEN)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    assignee = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey("actors.User", models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=40, unique=True)  # of the form it was sent with: a double click is one comment
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["strategy", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(anchor=None) | Q(section__isnull=False), name="an_anchored_comment_has_a_section"
            ),
            models.CheckConstraint(
                condition=Q(state="open", resolved_at=None, resolved_by=None)
                | Q(state="resolved", resolved_at__isnull=False, resolved_by__isnull=False),
                name="resolved_comments_say_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Remark(models.Model):
    """One thing said in a thread. A removed one keeps its row; its words are shown to nobody but stand in the trail."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="remarks")
    text = models.TextField(_("kommentar"))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.text[:80]


class Mention(models.Model):
    """Somebody was named in a remark, and told so: once, however often the words are changed."""

    remark = models.ForeignKey(Remark, models.CASCADE, related_name="mentions")
    user = models.ForeignKey("actors.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["remark", "user"], name="a_person_is_told_once_of_a_remark")]
