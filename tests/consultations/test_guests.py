"""Those who come by a link: a private person is "du" on every page she can reach, and nobody meets an account she has not."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from consultations.domain import dispositions, rounds
from tests.factories import consultations as make

pytestmark = pytest.mark.django_db
PLURAL = re.compile(r"\b(ni|er|ert|era|kollegor\w*|kollega\w*|vår|våra|vi som)\b", re.IGNORECASE)
LINK = re.compile(r'(?:href)="(/[^"#?]*)')
#: Not the guest's own: signing out, the demo's own pages, files, everybody's lists of other things, other languages.
OUTSIDE = re.compile(r"^/(static|postlada|designsystem|logga-ut|strategier|versioner|publicerat|tillganglighet|samrad/atom|samrad/\d+/atom|aktorer)")


class Words(HTMLParser):
    """What a page says in its own words: not the strategy's text (lang), nor what the region or a person has written."""

    def __init__(self, page):
        super().__init__()
        self.skipped, self.words, self.open = 0, [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag in ("input", "br", "meta", "link", "img", "hr", "col", "path", "use", "circle", "rect", "line"):
            self.words += [value for name, value in attrs if name in ("placeholder", "title", "aria-label") and value and not self.skipped]
            return
        known = dict(attrs)
        classes = (known.get("class") or "").split()
        skip = tag in ("script", "style", "svg", "textarea", "option") or "lang" in known and tag != "html" or "pre-line" in classes or "prose" in classes
        self.open.append((tag, skip))
        self.skipped += skip
        if not self.skipped:
            self.words += [value for name, value in attrs if name in ("title", "aria-label") or name.startswith("data-") and " " in (value or "")]

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
    from consultations.domain import moderation

    moderation.publish_answer(response_id=response.pk, by=world.leader)
    make.settle(world)
    return user, response


@pytest.mark.parametrize("state", [begun, handed_in, never_handed_in, answered])
def test_a_private_person_is_du_on_every_page(state):
    world = make.make_open_round()
    user, response = state(world)
    client = signed_in(user)
    pages = reachable(client, f"/svar/{response.pk}/")
    for extra in (f"/svar/{response.pk}/synpunkter/ny/?avsnitt={world.goal.pk}", f"/svar/{response.pk}/lamna-in-som-allman/", "/konto/", "/"):
        answer = client.get(extra, follow=True)
        if answer.status_code == 200:
            pages[extra] = answer.content.decode()
    wrong = {(url, words) for url, page in pages.items() for words in Words(page).words if PLURAL.search(words)}
    print(*sorted(pages), sep="\n")
    assert not wrong, "\n".join(f"{url}: {words}" for url, words in sorted(wrong))
