"""Versions: freeze the draft so that nobody can change it, and fork the next draft from a frozen one."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from simple_history.utils import bulk_create_with_history

from actors.domain.audit import record
from actors.models import User
from actors.queries.roles import fresh
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid, WrongState
from rus_platform.kit.locking import lock
from rus_platform.kit.queue import send_after_commit
from strategies import rules
from strategies.domain.doorbell import ring_rights
from strategies.domain.manifest import Manifest, build_manifest
from strategies.models import Section, Strategy, Version
from strategies.queries.outline import outline
from strategies.queries.suggestions import told_in
from strategies.states import VERSION_STATES, TextStatus

SHAREABLE = (TextStatus.SHARED, TextStatus.CONSULTATION)


def manifest_sections(version: Version) -> list[dict[str, Any]]:
    """The version's sections in reading order, as ``strategies.domain.manifest`` wants them."""
    tree = outline(version, with_text=True)
    return [
        {
            "uuid": node.uuid,
            "kind": node.kind,
            "code": node.code,
            "title": node.title,
            "parent": str(parents[node.section.parent_id]) if node.section.parent_id else None,
            "target_year": node.section.target_year,
            "responsible": sorted(actor.name for actor in node.section.responsible.all()),
            "policy_items": sorted(item.code for item in node.section.policy_items.all()),
            "doc": node.section.doc,
        }
        for parents in [{node.section.pk: node.uuid for node in tree}]
        for node in tree
    ]


def manifest_of(version: Version) -> Manifest:
    """The fingerprint of a version as it is now."""
    heading = {"strategy": version.strategy.title, "label": version.label, "number": version.number}
    return build_manifest(manifest_sections(version), heading=heading)


@transaction.atomic
def freeze_version(*, version_id: int, by: User, label: str, status: str = TextStatus.CONSULTATION) -> Version:
    """Freeze the working draft as "Samrådsversion 1" and the like. From now on the database refuses every change.

    Waits for writers that are in the middle of a save; what comes after is refused. The same again is one freeze (a double
    click). Raises Forbidden, WrongState, Invalid.
    """
    version = lock(Version.objects.filter(pk=version_id).select_related("strategy"))
    if not rules.can_lead(fresh(by), version.strategy):
        raise Forbidden(_("Bara processledaren kan frysa en version."))
    if status not in SHAREABLE:
        raise Invalid(_("Välj vad versionen är till för."), {"status": _("Välj ett av alternativen.")})
    if (version.status, version.label, version.frozen_by_id) == (status, " ".join(label.split()), by.pk):
        return version  # a double click
    return freeze_as(version, status=status, label=label, by=by, verb="freeze_version")


def freeze_as(version: Version, *, status: str, label: str, by: User, verb: str) -> Version:
    """Turn a locked working version into a frozen one. Used by the verbs that may; they check who."""
    VERSION_STATES.check(version.status, status)
    label = " ".join(label.split())
    if not label or len(label) > 120:
        raise Invalid(_("Versionen behöver ett namn."), {"label": _("Skriv ett namn på högst 120 tecken.")})
    rows = Section.objects.filter(version=version).order_by("pk").select_for_update()
    left = [row for row in rows if row.removed_at is None]
    if not left:
        raise Invalid(_("Utkastet är tomt. Skriv något innan det fryses."))
    check_nothing_is_only_suggested(left)
    version.label = label
    version.manifest = manifest_of(version)
    version.sha256 = version.manifest["sha256"]
    version.frozen_at, version.frozen_by, version.status = clock.now(), by, status
    version.save(update_fields=["label", "manifest", "sha256", "frozen_at", "frozen_by", "status"])
    record(by=by, verb=verb, obj=version, strategy_id=version.strategy_id, status=status, sha256=version.sha256)
    ring_rights(version)
    if (
        version.forked_from_id
    ):  # what was written last has perhaps not been looked in yet, and the clock minds only drafts
        send_after_commit("strategies.tasks.carry_anchors", version.pk)
    return version


def check_nothing_is_only_suggested(rows: list[Section]) -> None:
    """What is only suggested is not part of a version, so it is settled first: Invalid says how much there is, and where."""
    open_ones = [(row.title, len(told_in(row.doc))) for row in rows]
    titles = [title for title, count in open_ones if count]
    if titles:
        count = sum(count for _title, count in open_ones)
        raise Invalid(
            ngettext(
                "Det finns %(count)s ändringsförslag att ta ställning till först: %(titles)s.",
                "Det finns %(count)s ändringsförslag att ta ställning till först: %(titles)s.",
                count,
            )
            % {"count": count, "titles": ", ".join(titles[:5]) + (" …" if len(titles) > 5 else "")},
            open_suggestions=count,
        )


@transaction.atomic
def fork_version(*, version_id: int, by: User, label: str = "") -> Version:
    """The next draft, copied from a frozen version: same sections, same block ids, so that every comment finds its way.

    Raises Conflict when there is a draft already: there is one at a time.
    """
    base = Version.objects.filter(pk=version_id).select_related("strategy").first()
    strategy = lock(Strategy.objects.filter(pk=base.strategy_id if base else 0))
    assert base is not None
    if not rules.can_lead(fresh(by), strategy):
        raise Forbidden(_("Bara processledaren kan börja ett nytt utkast."))
    if not base.is_frozen:
        raise WrongState(_("Ett nytt utkast börjar från en fryst version. Frys den här först."))
    if strategy.versions.filter(status=TextStatus.WORKING).exists():
        raise Conflict(_("Det finns redan ett utkast som ni arbetar i. Frys det först, eller fortsätt där."))
    number = (strategy.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = Version.objects.create(
        strategy=strategy, number=number, label=" ".join(label.split())[:120] or f"Utkast {number}",
        forked_from=base, created_at=clock.now(), created_by=by,
    )  # fmt: skip
    copy_sections(base, version, by)
    record(by=by, verb="fork_version", obj=version, strategy_id=strategy.pk, forked_from=base.label)
    send_after_commit("strategies.tasks.carry_anchors", version.pk)
    return version


def copy_sections(base: Version, version: Version, by: User) -> None:
    """Copy the live sections with their facts, layer by layer from the top; a fixed number of queries per level."""
    rows = list(base.sections.filter(removed_at=None).order_by("position", "pk"))
    copies: dict[int, Section] = {}
    layer = [row for row in rows if row.parent_id is None]
    while layer:
        made = [_copy(row, version, copies) for row in layer]
        bulk_create_with_history(made, Section, default_user=by)
        copies |= {row.pk: copy for row, copy in zip(layer, made, strict=True)}
        layer = [row for row in rows if row.parent_id in {above.pk for above in layer}]
    _copy_facts(Section.responsible.through, "actor_id", copies)
    _copy_facts(Section.policy_items.through, "policyitem_id", copies)
    _copy_facts(Section.owners.through, "user_id", copies)


def _copy_facts(through: Any, column: str, copies: dict[int, Section]) -> None:
    """The rows of a goal's list, for its copy."""
    facts = through.objects.filter(section_id__in=copies).values_list("section_id", column)
    through.objects.bulk_create(
        through(**{"section_id": copies[section_id].pk, column: value}) for section_id, value in facts
    )


def _copy(row: Section, version: Version, copies: dict[int, Section]) -> Section:
    return Section(
        version=version, uuid=row.uuid, kind=row.kind, parent=copies[row.parent_id] if row.parent_id else None,
        position=row.position, title=row.title, doc=row.doc, doc_version=0, schema_version=row.schema_version,
        target_year=row.target_year, updated_at=clock.now(),
    )  # fmt: skip
