"""Atom 1.0: the rounds that everyone may know of, and what happens to each. Swedish, cacheable, without anybody's name."""

import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from consultations import visibility
from consultations.models import ConsultationRound
from consultations.queries.public_round import RoundEvent, events_of
from rus_platform.kit.errors import NotFound
from rus_platform.kit.wording import own_language

MOST = 50
UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # characters that no XML can carry


def fit(text: object) -> str:
    """The text without them."""
    return UNFIT.sub("", str(text))


def entry_id(path: str, at: datetime) -> str:
    """An id that stays whatever the address of the installation is written as (a tag URI, RFC 4151)."""
    return str(get_tag_uri(f"{settings.SITE_URL}{path}", at))


class RoundsFeed(Feed):  # type: ignore[type-arg]
    """Every public round; an entry is new again when something happens to it."""

    feed_type = Atom1Feed
    language = "sv"

    def title(self) -> str:
        return _("Samråd om regionala utvecklingsstrategier")

    def link(self) -> str:
        return reverse("consultations:list")

    def author_name(self) -> str:
        return "RUS"

    def items(self) -> list[tuple[ConsultationRound, list[RoundEvent]]]:
        rows = ConsultationRound.objects.filter(visibility.public_rounds()).select_related("version__strategy__owner")
        rounds = list(rows.order_by("-opened_at")[:MOST])
        events: dict[int, list[RoundEvent]] = {}
        for event in events_of(rounds):
            events.setdefault(event.round_id, []).append(event)
        return [(row, events.get(row.pk, [])) for row in rounds]

    def item_title(self, item: Any) -> str:
        return fit(item[0].title)

    def item_description(self, item: Any) -> str:
        round_, events = item
        return fit(f"{round_.version.strategy.title}. {events[0].title if events else round_.get_state_display()}.")

    def item_author_name(self, item: Any) -> str:
        return fit(item[0].version.strategy.owner.name)

    def item_link(self, item: Any) -> str:
        return reverse("consultations:round", args=[item[0].pk])

    def item_guid(self, item: Any) -> str:
        return entry_id(self.item_link(item), item[0].opened_at)

    def item_pubdate(self, item: Any) -> datetime:
        opened: datetime = item[0].opened_at
        return opened

    def item_updateddate(self, item: Any) -> datetime:
        when: datetime = item[1][0].at if item[1] else item[0].opened_at
        return when


class RoundFeed(Feed):  # type: ignore[type-arg]
    """What has happened to one round."""

    feed_type = Atom1Feed
    language = "sv"

    def get_object(self, request: HttpRequest, round_id: int) -> ConsultationRound:
        round_ = ConsultationRound.objects.select_related("version__strategy__owner").filter(pk=round_id).first()
        if round_ is None or not visibility.is_public_round(round_):
            raise NotFound(_("Samrådet finns inte, eller så har det inte öppnat än."))
        return round_

    def title(self, obj: ConsultationRound) -> str:
        return fit(obj.title)

    def link(self, obj: ConsultationRound) -> str:
        return reverse("consultations:round", args=[obj.pk])

    def author_name(self, obj: ConsultationRound) -> str:
        return fit(obj.version.strategy.owner.name)

    def items(self, obj: ConsultationRound) -> list[tuple[ConsultationRound, RoundEvent]]:
        return [(obj, event) for event in events_of([obj])[:MOST]]

    def item_title(self, item: Any) -> str:
        return fit(item[1].title)

    def item_description(self, item: Any) -> str:
        return fit(item[1].text)

    def item_link(self, item: Any) -> str:
        return reverse("consultations:round", args=[item[0].pk]) + f"#handelse-{item[1].key}"

    def item_guid(self, item: Any) -> str:
        return entry_id(f"/samrad/{item[0].pk}/handelse/{item[1].key}", item[1].at)

    def item_pubdate(self, item: Any) -> datetime:
        when: datetime = item[1].at
        return when

    item_updateddate = item_pubdate


def _served(feed: Feed) -> Any:  # type: ignore[type-arg]
    """The feed as a view: in Swedish, kept for five minutes, and only sent when it is new."""

    @require_safe
    @cache_control(public=True, max_age=300)
    @conditional_page
    @own_language()
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return feed(request, **kwargs)

    return view


rounds_feed = _served(RoundsFeed())
round_feed = _served(RoundFeed())
