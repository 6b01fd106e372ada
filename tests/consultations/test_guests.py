"""Those who come by a link: a private person is "du" on every page she can reach, and nobody meets an account she has not."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from actors.models import AuditEvent, Membership, OutgoingMail, PersonalLink, Role
from consultations.domain import invitations, moderation, own_link, passing_on
from consultations.models import Participant
from rus_platform.kit.errors import Invalid, NotFound, WrongState
from tests.factories import consultations as make
from tests.factories.actors import make_person

pytestmark = pytest.mark.django_db
PLURAL = re.compile(r"\b(ni|er|ert|era|kollegor\w*|kollega\w*|vår|våra|vi som)\b", re.IGNORECASE)
LINK = re.compile(r'(?:href)="(/[^"#?]*)')
#: Not the guest's own: signing out, the demo's own pages, files, everybody's lists of other things, other languages.
OUTSIDE = re.compile(
    r"^/(static|postlada|designsystem|logga-ut|strategier|versioner|publicerat|tillganglighet|samrad/atom|samrad/\d+/atom|aktorer)"
)


class Words(HTMLParser):
    """What a page says in its own words: not the strategy's text (lang), nor what the region or a person has written."""

    def __init__(self, page):
        super().__init__()
        self.skipped, self.words, self.open = 0, [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag in ("input", "br", "meta", "link", "img", "hr", "col", "path", "use", "circle", "rect", "line"):
            self.words += [
                value
                for name, value in attrs
                if name in ("placeholder", "title", "aria-label") and value and not self.skipped
            ]
            return
        known = dict(attrs)
        classes = (known.get("class") or "").split()
        skip = (
            tag in ("script", "style", "svg", "textarea", "option")
            or "lang" in known
            and tag != "html"
            or "pre-line" in classes
            or "prose" in classes
        )
        self.open.append((tag, skip))
        self.skipped += skip
        if not self.skipped:
            self.words += [
                value
                for name, value in attrs
                if name in ("title", "aria-label") or name.startswith("data-") and " " in (value or "")
            ]

    def handle_endtag(self, tag):
        while self.open:
            name, skip = self.open.pop()
            self.skipped -= skip
            if name == tag:
                break

    def handle_data(self, data):
        if not self.skipped and data.strip():
            self.words.append(" ".join(data.split()))


def signed_in(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def reachable(client, first):
    """Every page that can be reached by links from ``first``: {address: its text}."""
    waiting, met = [first], {}
    while waiting:
        url = waiting.pop()
        if url in met or OUTSIDE.match(url):
            continue
        answer = client.get(url)
        met[url] = ""
        if answer.status_code in (301, 302):
            waiting.append(answer["Location"].split("#")[0])
        elif answer["Content-Type"].startswith("text/html"):
            met[url] = answer.content.decode()
            assert answer.status_code == 200, (url, answer.status_code)
            waiting += LINK.findall(met[url])
    return {url: page for url, page in met.items() if page}


def begun(world):
    make.open_to_public(world)
    return make.take_part(world, points=2)


def handed_in(world):
    make.open_to_public(world)
    return make.take_part(world, points=2, submit=True)


def never_handed_in(world):
    user, response = begun(world)
    make.close(world)
    return user, response


def answered(world):
    user, response = handed_in(world)
    make.close(world)
    moderation.publish_answer(response_id=response.pk, by=world.leader)
    make.settle(world)
    return user, response


@pytest.mark.parametrize("state", [begun, handed_in, never_handed_in, answered])
def test_a_private_person_is_du_on_every_page(state):
    world = make.make_open_round()
    user, response = state(world)
    client = signed_in(user)
    pages = reachable(client, f"/svar/{response.pk}/")
    for extra in (
        f"/svar/{response.pk}/synpunkter/ny/?avsnitt={world.goal.pk}",
        f"/svar/{response.pk}/lamna-in-som-allman/",
        "/konto/",
        "/",
    ):
        answer = client.get(extra, follow=True)
        if answer.status_code == 200:
            pages[extra] = answer.content.decode()
    wrong = {(url, words) for url, page in pages.items() for words in Words(page).words if PLURAL.search(words)}
    assert {f"/svar/{response.pk}/", f"/svar/{response.pk}/las/", "/samrad/", "/notiser/", "/min-lank/"} <= set(pages)
    assert not wrong, "\n".join(f"{url}: {words}" for url, words in sorted(wrong))


# --- instead of an account


def association(world):
    """Somebody who reads the invited mailbox, let in by its link."""
    return invitations.accept_invitation(token=make.token_of(world), name="Sam Prov")[0]


def test_every_page_of_an_association_by_link_can_be_reached_and_none_is_an_account():
    world = make.make_open_round()
    client = signed_in(association(world))
    answer = client.post(f"/samrad/{world.round.pk}/svara/{world.municipality.pk}/")
    pages = reachable(client, answer["Location"])
    assert "/min-lank/" in pages
    assert "/konto/" not in pages
    assert not [url for url, page in pages.items() if "Mitt konto" in page]


def test_the_link_page_says_which_until_when_and_what_one_can_do():
    world = make.make_open_round()
    user = association(world)
    page = signed_in(user).get("/konto/", follow=True)
    assert page.redirect_chain == [("/min-lank/", 302)]
    text = page.content.decode()
    link = PersonalLink.objects.get(email=world.municipality.email)
    row = world.round.invitations.get()
    for words in (
        world.round.title,
        world.municipality.name,
        user.email,
        f"/inbjudningar/{row.pk}/vidare/",
        f"/min-lank/{row.pk}/ny/",
    ):
        assert words in text
    assert f"{link.expires_at.astimezone():%Y}" in text
    assert "Byt lösenord" not in text


def test_somebody_with_an_account_has_the_account_page():
    world = make.make_open_round()
    client = signed_in(make_person(world.municipality, Role.EDITOR, password="lösen som är långt"))
    assert client.get("/min-lank/")["Location"] == "/konto/"
    assert client.get("/konto/").status_code == 200


def test_a_private_person_gets_no_password():
    world = make.make_open_round()
    user, _response = begun(world)
    client = signed_in(user)
    assert client.get("/konto/losenord/")["Location"] == "/min-lank/"
    client.post("/konto/losenord/", {"password": "ett långt nytt lösenord"})
    user.refresh_from_db()
    assert not user.has_usable_password()
    text = client.get("/min-lank/").content.decode()
    participant = Participant.objects.get(user=user)
    assert participant.email in text
    assert user.email not in text
    assert "Skicka vidare" not in text


def test_renewing_ones_own_gives_what_the_old_one_gave_and_no_more():
    world = make.make_open_round()
    world.municipality.memberships.filter(user__in=[world.editor, world.signatory])
    row = world.round.invitations.get()
    passing_on.pass_on(invitation_id=row.pk, email="ny@kommun.example", by=world.editor)
    letter = OutgoingMail.objects.filter(to="ny@kommun.example").latest("pk")
    colleague, _row = invitations.accept_invitation(
        token=letter.text.split("/inbjudan/")[1].split("/")[0], name="Ny Kollega"
    )
    assert set(Membership.objects.filter(user=colleague).values_list("role", flat=True)) == {Role.EDITOR}
    signed_in(colleague).post(f"/min-lank/{row.pk}/ny/")
    letter = OutgoingMail.objects.filter(to="ny@kommun.example").latest("pk")
    invitations.accept_invitation(token=letter.text.split("/inbjudan/")[1].split("/")[0], name="")
    assert set(Membership.objects.filter(user=colleague).values_list("role", flat=True)) == {Role.EDITOR}
    for _n in range(2):
        own_link.renew_own_link(invitation_id=row.pk, by=colleague)
    with pytest.raises(Invalid):
        own_link.renew_own_link(invitation_id=row.pk, by=colleague)


def test_nobody_renews_or_ends_a_link_that_is_not_theirs():
    world = make.make_open_round()
    row = world.round.invitations.get()
    for person in (world.editor, world.leader, make_person()):
        for verb in (own_link.renew_own_link, own_link.stop_own_link):
            with pytest.raises(NotFound):
                verb(invitation_id=row.pk, by=person)
        for verb in (own_link.renew_public_link, own_link.stop_public_link):
            with pytest.raises(NotFound):
                verb(by=person)
    assert PersonalLink.objects.get(email=world.municipality.email).revoked_at is None


def test_stopping_ends_the_link_and_the_visit_and_keeps_what_was_written():
    world = make.make_open_round()
    token = make.token_of(world)
    client = signed_in(association(world))
    address = client.post(f"/samrad/{world.round.pk}/svara/{world.municipality.pk}/")["Location"]
    answer = client.post(f"/min-lank/{world.round.invitations.get().pk}/sluta/", follow=True)
    assert "Länken gäller inte längre" in answer.content.decode()
    assert client.get(address).status_code == 404
    with pytest.raises(WrongState):
        invitations.accept_invitation(token=token, name="")
    assert signed_in(world.editor).get(address).status_code == 200
    assert AuditEvent.objects.filter(verb="stop_own_link").count() == 1


def test_a_private_person_renews_and_stops():
    world = make.make_open_round()
    user, response = begun(world)
    client = signed_in(user)
    before = Participant.objects.get(user=user)
    client.post("/min-lank/allmanhet/ny/")
    letter = OutgoingMail.objects.filter(to=before.email).latest("pk")
    token = letter.text.split("/delta/")[1].split("/")[0]
    assert Participant.objects.get(user=user).token_sha256 != before.token_sha256
    assert Client().get(f"/delta/{token}/").status_code == 200
    client.post("/min-lank/allmanhet/sluta/")
    assert client.get(f"/svar/{response.pk}/").status_code == 404
    assert Client().get(f"/delta/{token}/").status_code == 409
    assert make.ask(world, email=before.email)  # the form gives a new one to the same answer


def test_the_link_page_asks_the_same_number_of_questions(django_assert_max_num_queries):
    world = make.make_open_round()
    client = signed_in(association(world))
    client.get("/min-lank/")
    with django_assert_max_num_queries(13):
        client.get("/min-lank/")
