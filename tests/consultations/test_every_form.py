"""Every form that a page of the consultations shows, filled in with what nobody should send: no page breaks, and what was typed
is there again.

The forms are read from the pages, so that a form that is added is tried too.
"""

import io
from datetime import timedelta

import pytest
from django.db import transaction
from lxml import html as lxml_html

from consultations.domain import (
    attachments,
    behalf,
    corrections,
    extensions,
    meeting_input,
    meetings,
    moderation,
    notes,
    passing_on,
    redaction,
    rounds,
    sharing,
)
from consultations.models import Assignment, InternalNote, PassedOn, Redaction, StandIn
from consultations.urls import urlpatterns
from rus_platform.kit import clock
from tests.consultations.test_own_pages import pdf, signed_in
from tests.factories import consultations as make
from tests.factories import intake as files
from tests.factories.actors import make_municipality

pytestmark = pytest.mark.django_db

TYPED = "Ord som inte får försvinna"
HOSTILE = {
    "nul": f"{TYPED}\x00",
    "odd": f"{TYPED} %s %(n)s {{{{x}}}} {{% x %}} \\' ;-- <script>alert(1)</script>&<!-- \u202e\u2066\u200b\ufeff\ufffd",
    "many": TYPED + "ö" * 1_000_000,
}


FILES = {
    "attachment",
    "intake_original",
    "intake_text",
    "answer_docx",
    "answer_pdf",
    "receipt_pdf",
    "word_form",
    "word_version",
    "table_form",
}


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


class Stage:
    """A round with something of everything, and those who work in it."""

    def __init__(self) -> None:
        world, response = make.make_submitted(points=2)
        make.open_to_public(world)
        self.world, self.response = world, response
        self.draft = corrections.start_correction(response_id=response.pk, by=world.editor)
        self.guest, self.public = make.take_part(world, points=1, submit=True)
        self.other_guest, self.unsent = make.take_part(world, points=1)
        moderation.publish_answer(response_id=self.public.pk, by=world.leader)
        second = make_municipality("98", 2)
        make.other_consultee(world, 2)
        self.entered = behalf.start_on_behalf(
            round_id=world.round.pk, actor_id=second.pk, by=world.leader, channel="phone", received_at=clock.now()
        )
        third, writer = make.other_consultee(world, 3)
        self.asked = extensions.request_extension(
            round_id=world.round.pk,
            actor_id=third.pk,
            until=clock.now() + timedelta(days=90),
            reason="Nämnd",
            by=writer,
        )
        self.third, self.writer = third, writer
        start = clock.now() - timedelta(hours=3)
        self.meeting = meetings.plan_meeting(
            round_id=world.round.pk, by=world.leader, title="Möte", host="own", place="Här", starts_at=start
        )
        meetings.hold_meeting(meeting_id=self.meeting.pk, by=world.leader)
        meeting_input.add_input(meeting_id=self.meeting.pk, by=world.leader, text="Bussen")
        self.planned = meetings.plan_meeting(
            round_id=world.round.pk, by=world.leader, title="Nästa", host="own", place="Där",
            starts_at=clock.now() + timedelta(days=3),
        )  # fmt: skip
        by, pk = world.editor, self.draft.pk
        notes.add_note(response_id=pk, by=by, text="Tråd")
        attachments.add_attachment(response_id=pk, by=by, file=io.BytesIO(pdf()), name="x.pdf", size=9)
        sharing.share_out(response_id=pk, by=by, person_id=by.pk, section_id=world.goal.pk)
        sharing.name_stand_in(actor_id=world.municipality.pk, by=by, person_id=by.pk, stand_in_id=world.signatory.pk)
        passing_on.pass_on(invitation_id=world.round.invitations.first().pk, email="k@kommun.example", by=by)
        redaction.redact(
            response_id=response.pk, by=world.leader, part="point", row_id=response.points.first().pk, reason="Namn."
        )
        self.job = files.read(world, self.draft, files.statement(["Vi saknar cykeln i mål 1, och det är en brist."]))
        self.preparing = rounds.create_round(version_id=world.version.pk, title="Nästa", by=world.leader)
        make.describe(self.preparing, by=world.leader)

    def people(self):
        return {"leader": self.world.leader, "editor": self.world.editor, "guest": self.other_guest}

    def ids(self):
        """Name in the address table -> every id that it may be."""
        world = self.world
        rounds_ = [world.round.pk, self.preparing.pk]
        responses_ = [row.pk for row in (self.response, self.draft, self.public, self.unsent, self.entered)]
        points = [self.draft.points.first().pk, self.response.points.first().pk, self.public.points.first().pk]
        return {
            "round_id": rounds_, "response_id": responses_, "actor_id": [world.municipality.pk, self.third.pk],
            "strategy_id": [world.strategy.pk], "version_id": [world.version.pk], "section_id": [world.goal.pk],
            "question_id": [world.questions[0].pk], "point_id": points, "note_id": [InternalNote.objects.earliest("pk").pk],
            "attachment_id": [self.draft.attachments.get().pk], "assignment_id": [Assignment.objects.get().pk],
            "stand_in_id": [StandIn.objects.get().pk], "invitation_id": [world.round.invitations.first().pk],
            "meeting_id": [self.meeting.pk, self.planned.pk], "extension_id": [self.asked.pk], "job_id": [self.job.pk],
            "item_id": [self.job.items.first().pk], "redaction_id": [Redaction.objects.first().pk],
            "passed_on_id": [PassedOn.objects.get().pk], "token": [make.token_of(world)],
        }  # fmt: skip

    def pages(self):
        """Every address of the app with ids of this stage."""
        known = self.ids()
        for pattern in urlpatterns:
            if pattern.name in FILES:
                continue
            routes = [pattern.pattern._route]
            for name, converter in pattern.pattern.converters.items():
                kind = type(converter).__name__.removesuffix("Converter").lower()
                ids = known.get(name, [1])
                routes = [route.replace(f"<{kind}:{name}>", str(pk)) for route in routes for pk in ids]
            yield from (f"/{route}" for route in routes)


def forms_on(page):
    """(address or "", fields: name -> values that it may take; None: free text) of each form that is posted."""
    if "text/html" not in page.get("Content-Type", "") or page.status_code != 200:
        return
    for form in lxml_html.fromstring(page.content.decode()).xpath("//main//form[@method='post']"):
        yield form.get("action") or "", {name: options_of(form, name) for name in names_in(form)}


def names_in(form):
    return dict.fromkeys(one.get("name") for one in form.xpath(".//*[@name]") if one.get("type") != "file")


def options_of(form, name):
    """The values that a field can have in the page, or None when anything can be typed."""
    here = form.xpath(f".//*[@name='{name}']")
    if any(
        one.tag == "textarea" or one.get("type") in ("text", "email", "search", None) and one.tag == "input"
        for one in here
    ):
        return None
    chosen = [one.get("value", "on") for one in here if one.tag in ("input", "button")]
    return chosen + [
        option.get("value", "") for one in here if one.tag == "select" for option in one.xpath(".//option")
    ]


def filled(fields, words, *, broken):
    """What is sent: ``words`` where anything can be typed; elsewhere the last choice, or nonsense."""
    return {
        name: words if options is None else (words[:50] if broken else (options or [""])[-1])
        for name, options in fields.items()
    }


def sent(call, *arguments):
    """The answer; what it changed is undone."""
    with transaction.atomic():
        answer = call(*arguments)
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize(("who", "forms"), [("leader", 40), ("editor", 25), ("guest", 3)])
def test_no_form_breaks_and_nothing_typed_is_lost(who, forms):
    stage = Stage()
    client = signed_in(stage.people()[who])
    client.raise_request_exception = False
    tried, wrong = set(), []
    for page in stage.pages():
        shown = sent(client.get, page)
        wrong += [(page, shown.status_code)] if shown.status_code >= 500 else []
        for action, fields in forms_on(shown):
            address = action or page
            if (address, *sorted(fields)) in tried:
                continue
            tried.add((address, *sorted(fields)))
            wrong += [(address, *fault) for fault in faults_of(client, address, fields)]
    assert wrong == []
    assert len(tried) >= forms


def faults_of(client, address, fields):
    """(what was sent, nonsense or not, status) of each answer that breaks, or refuses and has lost the words."""
    for kind, words in HOSTILE.items():
        for broken in (False, True):
            answer = sent(client.post, address, filled(fields, words, broken=broken))
            refused = answer.status_code in (400, 409, 422) and None in fields.values() and kind != "many"
            if answer.status_code >= 500 or refused and TYPED not in answer.content.decode():
                yield kind, broken, answer.status_code
