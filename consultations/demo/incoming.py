"""What comes as files: a colleague's e-mail in Tallmo's answer, a filled-in Word form and an e-mail that the region has taken in,
and one more e-mail that waits until somebody has looked at it."""

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import docx
from docx.oxml.ns import qn

from actors.models import User
from consultations.demo.casting import HOST, Cast
from consultations.demo.energy_opinions import BY_FORM, BY_MAIL, MAIL_WAITS
from consultations.domain import behalf, responses
from consultations.domain.intake import form, jobs, review, taking_in
from consultations.models import Channel, ConsultationRound, IntakeJob, ItemState, Response
from consultations.publishing.response_form import response_form
from rus_platform.kit import clock
from strategies.domain.anchors import text_blocks
from strategies.queries.outline import outline

Ago = Callable[..., datetime]
HEAD = """From: {sender}
To: {to}
Subject: {subject}
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

"""
TO_TALLMO = """Hej!

Här är våra synpunkter till kommunens svar.

I {code} står det ”{quote}”. Vi saknar en rad om vem som betalar; annars blir det svårt för mindre kommuner att vara med.

Strategin behöver säga hur elnätets kapacitet ska räcka till både industrin och laddningen, för i dag nekas företag anslutning.

Vi är positiva till att reservkraften för vård och vatten kartläggs tillsammans, och ställer gärna upp som provkommun.

Vänliga hälsningar
Miljökontoret
"""
FROM_OUTDOORS = """Hej!

Friluftsrådet har läst remissen på sitt möte i tisdags.

I mål 2 står det ”Dialogen ska börja innan ansökan är skriven.” Bra, men föreningar utan kansli behöver få veta det i tid. Skicka till kommunens föreningsregister.

I prioritering 3 står det ”Solceller ska i första hand placeras på tak och redan ianspråktagen mark.” Vi håller med. Skriv gärna att badplatser och spårområden inte räknas som ianspråktagen mark.

Hälsningar
Friluftsrådet i Älvmark
"""
FROM_FOREST = """Till Region Älvmark

Vi skickar vårt svar i ett vanligt mejl, formuläret passade oss inte.

Om mål 2: ”Den kan komma från vind, sol, effektivare vattenkraft och kraftvärme.” Lägg till flisen. Våra medlemmar lämnar hälften av grenar och toppar kvar i skogen, för ingen betalar för dem.

Om prioritering 3: ”En mall för avtal om lokal nytta tas fram.” Markägaren glöms bort i sådana mallar. Vi vill vara med när den skrivs.

Till sist undrar vi när beslutet väntas.

Skogsägarna Storälven
"""


def _mail(sender: str, to: str, subject: str, text: str) -> bytes:
    return (HEAD.format(sender=sender, to=to, subject=subject) + text).encode()


def letter_to_confirm(response: Response, by: User) -> IntakeJob | None:
    """A letter that quotes the first goal of the text, sent in by ``by`` and read."""
    goal = next(node for node in outline(response.round.version, with_text=True) if node.kind == "goal")
    words = next(block.text for block in text_blocks(goal.section.doc) if block.kind == "paragraph" and block.text)
    quote = words.split(". ")[0].rstrip(".")[:160].rsplit(" ", 1)[0]
    data = _mail(
        "Miljökontoret <miljo@tallmo.example>", "Kommunledningen <kommun@tallmo.example>", "Synpunkter till energiremissen",
        TO_TALLMO.format(code=goal.code.lower(), quote=quote),
    )  # fmt: skip
    return _read(response, by, data, "Synpunkter till energiremissen.eml")


def take_in_letters(round_: ConsultationRound, cast: Cast, ago: Ago) -> None:
    """The form and the e-mail are in, each looked at by a person; the third waits for one."""
    jonas, aino = cast.editors
    with clock.travel(ago(7, 10)):
        response = _enter(round_, cast, BY_FORM, aino, Channel.FILE, "Kom som bifogad fil till registrator.")
        _take_in(_read(response, aino, _form(round_, cast), "Svarsformulär räddningstjänsten.docx"), aino)
    with clock.travel(ago(6, 14)):
        response = _enter(round_, cast, BY_MAIL, jonas, Channel.EMAIL, "Mejl till registrator.")
        data = _mail("Friluftsrådet <kansli@friluft.example>", f"registrator@{HOST}", "Svar på remissen", FROM_OUTDOORS)
        _take_in(_read(response, jonas, data, "Svar på remissen.eml"), jonas)
    with clock.travel(ago(2, 9)):
        response = _enter(round_, cast, MAIL_WAITS, aino, Channel.EMAIL, "Mejl till registrator.")
        data = _mail("Skogsägarna <info@skogsagarna.example>", f"registrator@{HOST}", "Remissvar", FROM_FOREST)
        _read(response, aino, data, "Remissvar.eml")


def _enter(round_: ConsultationRound, cast: Cast, key: str, by: User, channel: str, note: str) -> Response:
    return behalf.start_on_behalf(
        round_id=round_.pk, actor_id=cast.actors[key].pk, by=by, channel=channel, received_at=clock.now(), note=note
    )


def _read(response: Response, by: User, data: bytes, name: str) -> IntakeJob | None:
    job = jobs.send_in(response_id=response.pk, by=by, file=io.BytesIO(data), name=name, size=len(data))
    return jobs.read_intake(job_id=job.pk)


def _take_in(job: IntakeJob | None, by: User) -> None:
    """Everything confirmed, taken in and registered."""
    assert job is not None
    review.accept_certain(job_id=job.pk, by=by)
    for item in job.items.filter(state=ItemState.UNDECIDED):
        review.accept_item(item_id=item.pk, by=by)
    taking_in.take_in(job_id=job.pk, by=by)
    assert job.response_id is not None
    responses.submit_response(response_id=job.response_id, by=by)


def _form(round_: ConsultationRound, cast: Cast) -> bytes:
    """The region's own form with the rescue service's answers in it."""
    plan = form.plan_of(round_)
    section = {node.section.title: node.section.pk for node in plan.outline}
    questions = list(round_.questions.order_by("position"))
    return _filled(response_form(plan, cast.actors[BY_FORM]), {
        "s": "Räddningstjänsten svarar på det som gäller beredskapen. Övriga delar lämnar vi till våra medlemskommuner.",
        f"p.{section['Energin når fram även i kris']}": "Tillstyrker med ändringar",
        f"r.{section['Energin når fram även i kris']}": "Bränslet måste räknas in. Ett aggregat utan diesel är en möbel.",
        f"p.{section['Reservkraft och lokala nät']}": "Tillstyrker",
        f"q.{questions[0].pk}": "4",
        f"q.{questions[1].pk}": "Reservkraften, för att den går att börja med i dag.",
        "t.1.place": "Mål 3", "t.1.quote": "Lager av drivmedel ska finnas i varje länsdel.",
        "t.1.text": "Räkna med körtiden. I Skogslandet är det fyra timmar mellan ytterpunkterna.",
        "t.1.wording": "Lager av drivmedel ska finnas i varje länsdel och nås inom två timmar.",
        "t.2.place": "Prioritering 4", "t.2.text": "Vi prioriterar gärna listan tillsammans med kommunerna och har redan ett utkast.",
    })  # fmt: skip


def _filled(data: bytes, values: Mapping[str, str]) -> bytes:
    """The form with words in its fields, by tag, as Word writes them."""
    document = docx.Document(io.BytesIO(data))
    for control in document.element.body.iter(qn("w:sdt")):
        properties: Any = control.find(qn("w:sdtPr"))
        words = values.get(properties.find(qn("w:tag")).get(qn("w:val")))
        if words is None:
            continue
        control.find(qn("w:sdtContent")).find(f".//{qn('w:t')}").text = words
        for flag in properties.findall(qn("w:showingPlcHdr")):
            properties.remove(flag)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()
