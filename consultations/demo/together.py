"""Tallmo's answer: three who write it together, with parts shared out, a stand-in, notes and a letter to take in."""

from collections.abc import Callable
from datetime import datetime

from actors.models import User
from consultations.demo.casting import Cast
from consultations.demo.drafting import Drafted
from consultations.demo.energy_opinions import TALLMO
from consultations.demo.incoming import letter_to_confirm
from consultations.domain import notes, sharing, signoff
from consultations.models import ConsultationRound, Response
from rus_platform.kit import clock

Ago = Callable[..., datetime]
SHARED = [("m1", "lena"), ("m2", "ali"), ("p3", "ali"), ("m3", "lena"), ("p4", "birgitta")]
DONE = "m1"


def write_in_tallmo(round_: ConsultationRound, cast: Cast, drafted: Drafted, ago: Ago) -> None:
    response = Response.objects.get(round=round_, actor=cast.actors[TALLMO])
    people = {"lena": cast.writers[TALLMO], "ali": cast.others[TALLMO][0], "birgitta": cast.signers[TALLMO]}
    _share(response, people, drafted, ago)
    with clock.travel(ago(4, 9)):
        letter_to_confirm(response, people["lena"])
    _talk(response, people, drafted, ago)
    with clock.travel(ago(1, 15)):
        sharing.name_stand_in(
            actor_id=response.actor_id, by=people["birgitta"], person_id=people["birgitta"].pk, stand_in_id=people["lena"].pk,
            until=ago(-9).date(),
        )  # fmt: skip


def _share(response: Response, people: dict[str, User], drafted: Drafted, ago: Ago) -> None:
    with clock.travel(ago(8, 8)):
        signoff.choose_sign_off(response_id=response.pk, by=people["birgitta"], political=True)
        made = {
            key: sharing.share_out(
                response_id=response.pk, by=people["birgitta"], person_id=people[who].pk, section_id=drafted[key].pk
            )
            for key, who in SHARED
        }
        question = response.round.questions.order_by("position").last()
        sharing.share_out(
            response_id=response.pk,
            by=people["birgitta"],
            person_id=people["ali"].pk,
            question_id=question.pk if question else None,
        )
    done = made[DONE]
    assert done is not None
    with clock.travel(ago(3, 15)):
        sharing.mark_share_done(assignment_id=done.pk, by=people["lena"])


def _talk(response: Response, people: dict[str, User], drafted: Drafted, ago: Ago) -> None:
    """Three threads, one of them done. Nobody outside Tallmo ever sees them."""
    lena, ali, birgitta = people["lena"], people["ali"], people["birgitta"]

    def say(by: User, moment: datetime, text: str, *mention: User, **where: int) -> int:
        with clock.travel(moment):
            made = notes.add_note(
                response_id=response.pk, by=by, text=text, mention=[user.pk for user in mention], **where
            )
        return made.pk

    power = say(
        lena,
        ago(6, 9),
        "Har vi fortfarande 61 vindkraftverk, eller är de nya i Mohult med i siffran?",
        ali,
        section_id=drafted["m2"].pk,
    )
    say(ali, ago(6, 13), "61 är våra. De i Mohult är inte räknade.", reply_to=power)
    with clock.travel(ago(5, 8)):
        notes.resolve_thread(note_id=power, by=lena)
    backup = say(lena, ago(3, 10), "Kolla med räddningstjänsten innan vi lämnar in. Är vår lista på reservkraft aktuell?", ali,
                 section_id=drafted["m3"].pk)  # fmt: skip
    say(ali, ago(2, 11), "De svarar i morgon. Två av aggregaten på listan är utbytta sedan i våras.", reply_to=backup)
    say(
        birgitta,
        ago(2, 13),
        "Kommunstyrelsen behandlar svaret på nästa möte. Jag behöver texten fem dagar innan.",
        lena,
        ali,
    )
