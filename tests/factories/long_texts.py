"""Strategies as long as real ones: the demonstration's text, put there through the verbs."""

from actors.models import User
from consultations.demo.corpus import build, with_uuids
from strategies.domain.sections import add_section, remove_section, set_goal_facts
from strategies.domain.text import replace_text
from strategies.models import PolicyItem, Section, StepVia, Version


def write_long_text(version: Version, by: User, *, seed: int = 1, scale: int = 1) -> list[Section]:
    """Make the draft be the demonstration's strategy (80 pages times ``scale``), goals' facts included; its sections."""
    for section in version.sections.filter(parent=None, removed_at=None):
        remove_section(section_id=section.pk, by=by)
    wanted, drafted = build(seed, scale), {}
    for row in wanted:
        parent = drafted[row["parent_uuid"]] if row["parent_uuid"] else None
        drafted[row["uuid"]] = add_section(
            version_id=version.pk, kind=row["kind"], title=row["title"], by=by, parent_id=parent.pk if parent else None
        )
    uuids = {old: str(section.uuid) for old, section in drafted.items()}
    items = {(item.framework, item.number): item.pk for item in PolicyItem.objects.all()}
    actors = list(version.strategy.taking_part.order_by("pk").values_list("actor_id", flat=True)[:3])
    for row in wanted:
        section = drafted[row["uuid"]]
        if row["doc"]["content"]:
            replace_text(section_id=section.pk, by=by, doc=with_uuids(row["doc"], uuids), via=StepVia.IMPORT)
        if row["target_year"] or row["policy"]:
            set_goal_facts(
                section_id=section.pk, by=by, revision=Section.objects.get(pk=section.pk).revision, target_year=row["target_year"],
                responsible_ids=actors, policy_item_ids=[items[framework, int(number)] for framework, number in row["policy"]],
            )  # fmt: skip
    return list(drafted.values())
