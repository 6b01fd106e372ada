"""Reading the words of a version: sections, what references are called, which pictures may be seen."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from actors.models import User
from strategies import rules
from strategies.models import Image, Section, Step, Version


def section_in(version_id: int, uuid: UUID) -> QuerySet[Section]:
    """The section, with what is needed to judge who may read and write it."""
    return Section.objects.filter(version_id=version_id, uuid=uuid).select_related("version__strategy", "locked_by")


def steps_since(section: Section, version: int) -> QuerySet[Step]:
    """Steps after ``version``, in order."""
    return section.steps.filter(n__gt=version).select_related("by").order_by("n")


def may_see_image(user: User, image: Image) -> bool:
    """The region's people see every picture; others those that stand in a version they may read."""
    if rules.is_in_region(user, image.strategy):
        return True
    readable = Version.objects.filter(rules.readable_versions(user), strategy_id=image.strategy_id)
    shown: Any = RawSQL(
        "jsonb_path_exists(doc, '$.**.image ? (@ == $uuid)', jsonb_build_object('uuid', %s::text))", [str(image.uuid)]
    )
    return (
        Section.objects.filter(version__in=readable, removed_at=None).annotate(shown=shown).filter(shown=True).exists()
    )


def pictures_of(strategy_id: int) -> dict[str, tuple[int, int]]:
    """uuid -> (width, height) of every picture in a strategy."""
    rows = Image.objects.filter(strategy_id=strategy_id).values_list("uuid", "width", "height")
    return {str(uuid): (width, height) for uuid, width, height in rows}
