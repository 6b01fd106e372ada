"""Rings for those who have a draft open. The bell is a courtesy: what it says is always asked for again from the database."""

import json
from typing import Any

from rus_platform.kit.bell import ring_after_commit
from strategies.models import Comment, Section, Version
from strategies.states import TextStatus

MOST_CARRIED = 8_000  # characters of steps that a ring carries; longer ones are fetched


def draft_group(version_id: int) -> str:
    """The group of all live sessions in one draft."""
    return f"draft.{version_id}"


def section_group(version_id: int, section: object) -> str:
    """The group of the live sessions that have this section (a UUID) open."""
    return f"{draft_group(version_id)}.{section}"


def ring_steps(section: Section, steps: list[dict[str, Any]]) -> None:
    """Somebody wrote: ``steps`` as the step endpoint shows them, the last one being the section's version."""
    carried = json.dumps(steps, ensure_ascii=False, separators=(",", ":"))
    ring_after_commit(
        section_group(section.version_id, section.uuid),
        "step",
        section=str(section.uuid),
        version=section.doc_version,
        steps=carried if len(carried) <= MOST_CARRIED else "",
    )


def ring_rights(version: Version) -> None:
    """The version has been frozen, or may for another reason no longer be written in: everybody looks again."""
    ring_after_commit(draft_group(version.pk), "rights")


def ring_comment(comment: Comment) -> None:
    """A thread has changed. It belongs to the strategy, so those who have its draft open hear of it."""
    draft = (
        Version.objects.filter(strategy=comment.strategy_id, status=TextStatus.WORKING)
        .values_list("pk", flat=True)
        .first()
    )
    if draft:
        ring_after_commit(draft_group(draft), "comment", id=comment.pk)


def ring_section(section: Section) -> None:
    """The section has been locked for review, or unlocked: those who have it open look again."""
    ring_after_commit(draft_group(section.version_id), "section_state", section=str(section.uuid))
