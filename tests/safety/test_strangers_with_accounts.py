"""Real ids, and people who have an account but no business there: every address, by GET and by POST."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import UUIDConverter

from actors.domain.membership import end_role
from actors.models import Membership, Notification, Role, User
from consultations.models import Disposition, IntakeItem, IntakeJob, InternalNote, Invitation, Point, Response
from rus_platform.kit import clock
from strategies.models import Publication, Section, StrategyActor, Version
from tests.factories.actors import make_municipality, make_person, make_region
from tests.factories.consultations import NOTE, World, make_draft, next_draft

pytestmark = pytest.mark.django_db

# Pages that show only what is everybody's, or the person's own.
OWN = {
    "home", "designsystem", "accessibility", "appearance", "health", "set_language", "actors:login", "actors:logout",
    "actors:account", "actors:password", "actors:notifications", "actors:read_all_notices", "actors:list", "strategies:list",
    "strategies:published", "strategies:keys", "consultations:list", "consultations:rounds_feed", "actors:password_forgotten", "actors:password_sent", "actors:password_choose",
    "consultations:guest_link", "consultations:track_wording", "strategies:put_away",
}  # fmt: skip
# An open round is public: what is asked, of whom, by when (domain: offentlighet). Its frozen text with it.
PUBLIC_ROUND = {
    "consultations:round", "consultations:public_round", "consultations:round_feed", "strategies:version", "strategies:register",
    "actors:actor", "consultations:word_form", "consultations:word_version",
}  # fmt: skip


@pytest.fixture
def world() -> World:
    world, _response = make_draft(points=2)
    world.draft = next_draft(world, "Något nytt i målet.")  # type: ignore[attr-defined]
    return world


def ids(world: World) -> dict[str, Any]:
    draft: Version = world.draft  # type: ignore[attr-defined]
    response = Response.objects.get(round=world.round)
    section = Section.objects.get(version=draft, uuid=world.goal.uuid)
    notice = Notification.objects.create(
        user=world.leader, kind="x", text="Hemligt", url="/", created_at=clock.now()
    )  # fmt: skip
    publication, _new = Publication.objects.get_or_create(
        version=draft, format="pdf", content_sha256="0" * 64, defaults={"requested_at": clock.now()}
    )
    job = IntakeJob.objects.create(
        round=world.round, actor=world.municipality, response=response, side="own", name="Hemligt.docx", size=1, sha256="0" * 64,
        state="ready", requested_at=clock.now(), requested_by=world.editor, original=[{"text": f"{NOTE} i originalet"}],
    )  # fmt: skip
    item = IntakeItem.objects.create(job=job, position=1, what="point", text=f"{NOTE} i en synpunkt")
    return {
        "strategy_id": world.strategy.pk, "version_id": draft.pk, "other_id": world.version.pk, "uuid": section.uuid,
        "section_id": section.pk, "round_id": world.round.pk, "actor_id": world.municipality.pk,
        "invitation_id": Invitation.objects.get(round=world.round).pk, "question_id": world.questions[0].pk,
        "response_id": response.pk, "point_id": Point.objects.filter(response=response).first().pk,  # type: ignore[union-attr]
        "membership_id": Membership.objects.get(user=world.editor).pk, "notice_id": notice.pk, "publication_id": publication.pk,
        "entry_id": StrategyActor.objects.get(strategy=world.strategy, actor=world.municipality).pk, "job_id": job.pk, "item_id": item.pk, "link_id": 1, "step": "name",
        "number": 1, "slug": world.strategy.slug, "name": "fil", "token": "x" * 32, "uidb64": "MQ", "key": "a-b",
    }  # fmt: skip


def every_address(
    values: dict[str, Any], patterns: Any = None, space: str = "", before: str = ""
) -> Iterator[tuple[str, str]]:
    """(name, address) of every page, the parameters being real ids."""
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        route = str(entry.pattern)
        if route.startswith("admin/"):
            continue
        for name, converter in entry.pattern.converters.items():
            value = values.get(name, values["uuid"] if isinstance(converter, UUIDConverter) else 1)
            for kind in ("int:", "uuid:", "str:", "slug:", "path:", ""):
                route = route.replace(f"<{kind}{name}>", str(value))
        if isinstance(entry, URLResolver):
            yield from every_address(values, entry.url_patterns, entry.namespace or space, before + route)
        elif isinstance(entry, URLPattern):
            yield f"{space}:{entry.name}" if space else str(entry.name), "/" + before + route


def person(who: str, world: World) -> User:
    """Somebody with an account, and without business in the draft, the answer or the decisions."""
    if who == "nobody's":
        return make_person()
    if who == "another region's leader":
        return make_person(make_region("97"), Role.LEADER, Role.ADMIN, Role.EDITOR, Role.SECRETARY)
    if who == "another municipality's signatory":
        return make_person(make_municipality("98", 3), Role.EDITOR, Role.SIGNATORY, Role.ADMIN)
    user = make_person(world.region, Role.LEADER)
    keeper = make_person(world.region, Role.ADMIN)
    end_role(membership_id=Membership.objects.get(user=user).pk, by=keeper)
    return user


PEOPLE = ["nobody's", "another region's leader", "another municipality's signatory", "an ended leader"]
REFUSED = {400, 401, 403, 404, 405, 409, 422}


@pytest.mark.parametrize("who", PEOPLE)
def test_whoever_has_no_business_there_sees_nothing_of_it(world: World, who: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(person(who, world))
    seen = {}
    for name, address in every_address(ids(world)):
        answer = client.get(address)
        allowed = name in OWN or name in PUBLIC_ROUND or answer.status_code in REFUSED or answer.status_code == 302
        text = answer.content.decode(errors="replace")
        leaks = NOTE in text or "Något nytt i målet" in text or "Vi är positiva" in text
        if leaks or answer.status_code >= 500 or not allowed:
            seen[name] = (answer.status_code, leaks)
    new = {name for name in seen if name.startswith("strategies:new_")}  # one's own new strategy
    assert {name: what for name, what in seen.items() if name not in new} == {}


@pytest.mark.parametrize("who", PEOPLE)
def test_whoever_has_no_business_there_changes_nothing(world: World, who: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(person(who, world))
    values = ids(world)
    body = {
        "title": "Kapad", "text": "Kapad", "reason": "Kapad", "decision": "accommodated", "point": values["point_id"],
        "kind": "answer", "summary": "Kapad", "stance": "supports", "revision": 1, "label": "Kapad", "email": "x@kapad.example",
        "name": "Kapad", "role": "admin", "direction": "up", "actors": values["actor_id"], "version": 0,
    }  # fmt: skip
    before = fingerprint(world)
    done = {}
    for name, address in every_address(values):
        if name in OWN or name in PUBLIC_ROUND:  # those only show
            continue
        answer = client.post(address, body)
        if answer.status_code not in REFUSED and not name.startswith("strategies:new_"):
            done[name] = (answer.status_code, answer.get("Location"))
    assert done == {}
    assert fingerprint(world) == before


def fingerprint(world: World) -> list[Any]:
    """Everything that a stranger could have changed."""
    return [
        list(Section.objects.filter(version__strategy=world.strategy).order_by("pk").values("title", "doc", "position", "revision", "removed_at")),
        list(Version.objects.filter(strategy=world.strategy).order_by("pk").values("status", "label")),
        list(Response.objects.order_by("pk").values("state", "summary", "revision")),
        list(Point.objects.order_by("pk").values("text", "revision")),
        list(Membership.objects.filter(until=None, actor__in=[world.region, world.municipality]).order_by("pk").values("user", "role")),
        list(Invitation.objects.order_by("pk").values("email", "actor")),
        [InternalNote.objects.count(), Disposition.objects.count()],
        world.fresh().title, world.fresh().state,
    ]  # fmt: skip


def test_an_ended_role_ends_at_once(world: World) -> None:
    """A page that was open is refused at its next request, and the words come back."""
    client = Client()
    client.force_login(world.editor)
    response = Response.objects.get(round=world.round)
    keeper = make_person(world.municipality, Role.ADMIN)
    end_role(membership_id=Membership.objects.get(user=world.editor).pk, by=keeper)
    answer = client.post(reverse("consultations:add_note", args=[response.pk]), {"text": "Mitt i en mening"})
    assert answer.status_code in (403, 404)
    assert "Mitt i en mening" in answer.content.decode()
