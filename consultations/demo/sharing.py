"""How the officers of Älvmark share the work on the draft: who sees to what, how far it has come, what is being reviewed."""

from collections.abc import Callable
from datetime import datetime

from consultations.demo.casting import Cast
from consultations.demo.drafting import Drafted
from rus_platform.kit import clock
from strategies.domain import checkpoints, section_work
from strategies.models import Version
from strategies.states import WorkStatus

JONAS, AINO = ("malbild_text", "d41", "p8"), ("persp_unga", "perspektiv")


def share_the_work(draft: Version, now: Drafted, cast: Cast, ago: Callable[[float], datetime]) -> None:
    """Owners, states, a checkpoint before the board's reading, and a section that is locked while it is reviewed."""
    jonas, aino = cast.editors
    with clock.travel(ago(20)):
        for person, keys in ((jonas, JONAS), (aino, AINO)):
            section_work.assign_sections(
                version_id=draft.pk, section_ids=[now[key].pk for key in keys], owner_ids=[person.pk], by=cast.leader
            )
    with clock.travel(ago(7)):
        checkpoints.keep_checkpoint(version_id=draft.pk, by=cast.leader, label="Före nämndens genomgång")
    with clock.travel(ago(5)):
        section_work.set_work(
            version_id=draft.pk, section_ids=[now[key].pk for key in ("malbild_text", "p8", "persp_unga")],
            work=WorkStatus.READY, by=jonas,
        )  # fmt: skip
    with clock.travel(ago(4)):
        reason = "Kommunikationsenheten granskar språket"
        section_work.lock_section(section_id=now["malbild_text"].pk, reason=reason, by=cast.leader)
