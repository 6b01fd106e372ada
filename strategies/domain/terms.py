"""The glossary: words that were agreed on, and where the draft says something else."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from actors.domain.audit import record
from actors.models import User
from actors.queries.roles import fresh
from rus_platform.kit import clock
from rus_platform.kit.errors import Conflict, Forbidden, Invalid
from rus_platform.kit.locking import lock
from strategies import rules
from strategies.domain.replacing import Chosen, Found, Replaced, replace_words, title_hits
from strategies.domain.searching import Hit, Words, hits_in
from strategies.models import Strategy, Term, Version
from strategies.queries.outline import outline

LONGEST = 120
MOST_VARIANTS = 30
MOST_TERMS = 500


@dataclass
class Deviation:
    """A variant that is used, and where. ``words``: what finds it again."""

    term: Term
    variant: str
    found: list[Found] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(here.count for here in self.found)


def _lock_strategy(strategy_id: int, by: User) -> Strategy:
    strategy = lock(Strategy.objects.filter(pk=strategy_id).select_related("owner"))
    if not rules.can_edit(fresh(by), strategy):
        raise Forbidden(_("Du har inte rätt att ändra i ordlistan."))
    return strategy


@transaction.atomic
def add_term(*, strategy_id: int, by: User, preferred: str, variants: Iterable[str], note: str = "") -> Term:
    """Agree on a word. Invalid when it is there already, or when a variant is another term's word."""
    strategy = _lock_strategy(strategy_id, by)
    term = Term(strategy=strategy, created_at=clock.now(), created_by=by)
    if strategy.terms.filter(removed_at=None).count() >= MOST_TERMS:
        raise Invalid(_("Ordlistan är full."))
    _fill(term, preferred, variants, note)
    term.save()
    record(by=by, verb="add_term", obj=term, strategy_id=strategy.pk, variants=term.variants)
    return term


@transaction.atomic
def change_term(
    *, term_id: int, by: User, revision: int, preferred: str, variants: Iterable[str], note: str = ""
) -> Term:
    """Another word, other variants. Conflict when somebody else changed it since ``revision``."""
    term = _lock_term(term_id, by)
    before = {"preferred": term.preferred, "variants": term.variants, "note": term.note}
    if revision != term.revision:
        raise Conflict(
            _("Någon annan har ändrat ordet under tiden. Se över det som står där nu."),
            theirs=before,
            revision=term.revision,
        )
    _fill(term, preferred, variants, note)
    after = {"preferred": term.preferred, "variants": term.variants, "note": term.note}
    if after == before:
        return term
    term.revision += 1
    term.save(update_fields=["preferred", "variants", "note", "revision"])
    record(by=by, verb="change_term", obj=term, strategy_id=term.strategy_id, before=before, after=after)
    return term


@transaction.atomic
def remove_term(*, term_id: int, by: User) -> Term:
    """Take a word out of the glossary. The same again is one."""
    term = _lock_term(term_id, by)
    if term.removed_at is None:
        term.removed_at, term.removed_by = clock.now(), by
        term.save(update_fields=["removed_at", "removed_by"])
        record(by=by, verb="remove_term", obj=term, strategy_id=term.strategy_id)
    return term


@transaction.atomic
def restore_term(*, term_id: int, by: User) -> Term:
    """Undo a removal. Invalid when the word has been agreed on anew."""
    term = _lock_term(term_id, by)
    if term.removed_at is not None:
        term.removed_at = term.removed_by = None
        _fill(term, term.preferred, term.variants, term.note)
        term.save(update_fields=["removed_at", "removed_by"])
        record(by=by, verb="restore_term", obj=term, strategy_id=term.strategy_id)
    return term


def _lock_term(term_id: int, by: User) -> Term:
    strategy_id = Term.objects.filter(pk=term_id).values_list("strategy_id", flat=True).first()
    strategy = _lock_strategy(strategy_id or 0, by)
    return lock(Term.objects.filter(pk=term_id, strategy=strategy))


def _fill(term: Term, preferred: str, variants: Iterable[str], note: str) -> None:
    fields: dict[str, str] = {}
    term.preferred, term.note = _clean(preferred), note.strip()
    term.variants = list({variant.casefold(): variant for variant in map(_clean, variants) if variant}.values())
    if not term.preferred:
        fields["preferred"] = _("Skriv ordet som ni har enats om.")
    if len(term.preferred) > LONGEST or any(len(variant) > LONGEST for variant in term.variants):
        fields["preferred"] = _("Högst %(n)s tecken i varje ord.") % {"n": LONGEST}
    if len(term.note) > 500:
        fields["note"] = _("Högst 500 tecken.")
    if len(term.variants) > MOST_VARIANTS:
        fields["variants"] = _("Högst %(n)s ord.") % {"n": MOST_VARIANTS}
    if term.preferred.casefold() in {variant.casefold() for variant in term.variants}:
        fields["variants"] = _("Ordet som ni har enats om kan inte också vara ett ord att undvika.")
    others = list(term.strategy.terms.filter(removed_at=None).exclude(pk=term.pk))
    taken = {variant.casefold(): other.preferred for other in others for variant in other.variants}
    if any(other.preferred.casefold() == term.preferred.casefold() for other in others):
        fields["preferred"] = _("Ordet finns redan i ordlistan.")
    elif term.preferred.casefold() in taken:
        fields["preferred"] = _("Ordet ska enligt ordlistan bytas mot ”%(word)s”.") % {
            "word": taken[term.preferred.casefold()]
        }
    for variant in term.variants:
        if variant.casefold() in taken or any(other.preferred.casefold() == variant.casefold() for other in others):
            fields["variants"] = _("”%(word)s” finns redan i ordlistan.") % {"word": variant}
    if fields:
        raise Invalid(_("Ordet kan inte sparas så."), fields)


def _clean(word: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f]", " ", word).split())


# --- Checking ---------------------------------------------------------------------------------


def check_terms(version: Version) -> list[Deviation]:
    """Where the draft uses a word to avoid. Inside an agreed word it does not count ("utveckling" in "regional utveckling")."""
    terms = list(version.strategy.terms.filter(removed_at=None))
    by_word = {variant.casefold(): (term, variant) for term in terms for variant in term.variants}
    if not by_word:
        return []
    words = Words(tuple({*(term.preferred for term in terms), *(variant for _term, variant in by_word.values())}))
    found: dict[str, Deviation] = {}
    for node in outline(version, with_text=True):
        for place, hits in (("hits", hits_in(node.section.doc, words)), ("title_hits", title_hits(node.title, words))):
            for hit in hits:
                key = " ".join(hit.found.split()).casefold()
                if key not in by_word:
                    continue
                deviation = found.setdefault(key, Deviation(*by_word[key]))
                if not deviation.found or deviation.found[-1].node is not node:
                    deviation.found.append(Found(node))
                getattr(deviation.found[-1], place).append(hit)
    return sorted(found.values(), key=lambda deviation: (-deviation.count, deviation.variant.casefold()))


def use_term(*, term_id: int, variant: str, version: Version, by: User) -> Replaced:
    """Put the agreed word wherever the draft has this variant by itself."""
    term = Term.objects.filter(pk=term_id, strategy_id=version.strategy_id, removed_at=None).first()
    here = next(
        (
            row
            for row in check_terms(version)
            if term and row.term == term and row.variant.casefold() == variant.casefold()
        ),
        None,
    )
    if term is None or here is None:
        return Replaced()
    words = Words((here.variant,))
    chosen = [
        Chosen(
            row.node.section.pk, row.node.section.doc_version, frozenset(_numbers(row.node.section.doc, words, row.hits)),
            bool(row.title_hits), row.node.section.revision,
        )
        for row in here.found
    ]  # fmt: skip
    return replace_words(version_id=version.pk, by=by, words=words, new=term.preferred, chosen=chosen)


def _numbers(doc: dict[str, object], words: Words, hits: list[Hit]) -> set[int]:
    """The numbers that the same places have when only ``words`` are sought."""
    starts = {hit.start for hit in hits}
    return {hit.n for hit in hits_in(doc, words) if hit.start in starts}
