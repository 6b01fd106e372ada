"""The margin of the region's own draft: suggestions that nobody has decided on, and threads that wait for an answer."""

import uuid
from collections.abc import Callable
from datetime import datetime

from actors.models import User
from consultations.demo.answering import block_with
from consultations.demo.casting import Cast
from consultations.demo.deciding import with_words
from consultations.demo.drafting import Drafted
from rus_platform.kit import clock
from strategies.domain import comments, documents, text
from strategies.domain.documents import blocks
from strategies.domain.suggested import new_mark_id
from strategies.domain.suggesting import suggesting_steps
from strategies.models import Section, Version

Ago = Callable[..., datetime]
SPACE = uuid.UUID("6f1e7c52-3a0d-5e0b-9d0e-8a1f0c9d2b12")
# section, words, instead of them; the first two by the reviewer of language, the third by Jonas
SUGGESTED = [
    ("d54", "Kriser prövar tillit.", "Kriser prövar tilliten."),
    ("d53", "ofta utan att det märks förrän det är sent", "ofta utan att någon märker det förrän det är för sent"),
    ("d41", "Därför är de viktigaste åtgärderna mötesspår, underhåll och reservkapacitet", "Därför kommer mötesspår, underhåll och reservkapacitet först"),
]  # fmt: skip


def talk_in_the_margin(draft: Version, now: Drafted, cast: Cast, ago: Ago) -> None:
    """Three suggestions and three threads; one of the threads is resolved."""
    jonas, aino = cast.editors
    for number, (key, quote, wording) in enumerate(SUGGESTED):
        with clock.travel(ago(3, 9 + number)):
            suggest(now[key].pk, quote, wording, jonas if number == 2 else cast.reviewer)

    def say(by: User, moment: datetime, key: str, quote: str, said: str) -> int:
        words = {"quote": quote, "block_id": block_with(blocks(Section.objects.get(pk=now[key].pk).doc), quote).id}
        with clock.travel(moment):
            return comments.add_comment(
                version_id=draft.pk, by=by, text=said, key=f"demo-{key}", section_id=now[key].pk, words=words
            ).pk

    say(
        cast.leader,
        ago(3, 14),
        "d12",
        keyword(now["d12"]),
        "@Aino Laitala, svaren drar åt två håll här. Skriv ett förslag som nämnden kan ta ställning till.",
    )
    track = say(
        aino, ago(4, 10), "d41", "mötesspår", "@Jonas Ekhage, stämmer det att två av mötesspåren redan är beslutade?"
    )
    with clock.travel(ago(4, 15)):
        comments.reply(
            comment_id=track,
            by=jonas,
            key="demo-track-1",
            text="Ja, men bara ett har pengar. Jag frågar Rikstrafikverket.",
        )
    word = say(cast.reviewer, ago(6, 11), "p7", keyword(now["p7"]), "Meningen har tre bisatser. Går den att dela?")
    with clock.travel(ago(5, 9)):
        comments.reply(comment_id=word, by=jonas, key="demo-word-1", text="Delad.")
        comments.resolve_comment(comment_id=word, by=jonas)


def keyword(section: Section) -> str:
    """The first words of a section's first paragraph, long enough to stand there once."""
    block = next(
        block for block in blocks(Section.objects.get(pk=section.pk).doc) if block.type == "paragraph" and block.text
    )
    return " ".join(block.text.split()[:7])


def suggest(section_id: int, quote: str, wording: str, by: User) -> None:
    """In suggest mode, as the editor sends it."""
    section = Section.objects.get(pk=section_id)
    block = block_with(blocks(section.doc), quote)
    before, wanted = documents.parse(section.doc), documents.parse(with_words(section.doc, block.id, quote, wording))
    steps = [step.to_json() for step in suggesting_steps(before, wanted, new_mark_id())]
    text.commit_steps(
        section_id=section_id, by=by, version=section.doc_version, batch_id=uuid.uuid5(SPACE, quote), steps=steps
    )
