"""Whether the addresses of an authority's contacts are its own: by its domains, or by names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from letters.campaign.load import Campaign
from letters.campaign.rules import domain_of, is_at
from letters.errors import Problem, Severity
from letters.mail.mentions import Mention, Mentions
from letters.source.places import KeyPath, dotted
from letters.wording import series


def foreign_addresses(campaign: Campaign, mentions: Mentions) -> Iterator[Problem]:
    """An error for each address at another domain than the register allows the authority.

    Where it allows any, a warning for each at a domain that is another's or speaks of another.
    """
    for slug in campaign.statistics:
        domains, known = campaign.register[slug].mail_domains, dict[str, Mention | None]()
        for path, address in _addresses(campaign, slug):
            domain = domain_of(address)
            if not is_at(address, domains):
                yield _elsewhere(campaign, path, domain, domains)
            elif not domains:
                if domain not in known:  # most are at the same one
                    known[domain] = mentions.in_domain(address, slug)
                if mention := known[domain]:
                    yield _of_another(campaign, path, domain, mention)


def _addresses(campaign: Campaign, slug: str) -> Iterator[tuple[KeyPath, str]]:
    if (contacts := campaign.contacts.get(slug)) is None:
        return
    if contacts.chief_executive and contacts.chief_executive.email:
        yield (slug, "chief_executive", "email"), contacts.chief_executive.email
    for index, copy in enumerate(contacts.copies):
        if copy.email:
            yield (slug, "copies", index, "email"), copy.email


def _elsewhere(campaign: Campaign, path: KeyPath, domain: str, allowed: Sequence[str]) -> Problem:
    return Problem(
        campaign.places["contacts"].value(*path),
        Severity.ERROR,
        "address-elsewhere",
        f"this address is at {domain}, and the register allows only {series(allowed)}",
        "correct it, or add the domain to mail_domains in data/authorities.yaml",
        dotted(path),
        str(path[0]),
    )


def _of_another(campaign: Campaign, path: KeyPath, domain: str, mention: Mention) -> Problem:
    own = campaign.register[str(path[0])].name
    return Problem(
        campaign.places["contacts"].value(*path),
        Severity.WARNING,
        "address-of-another",
        f"this address is at {domain}, which speaks of {mention.name} and not of {own}",
        "correct it; if it is right, accept this, or list the authority's domains under"
        " mail_domains in data/authorities.yaml",
        dotted(path),
        str(path[0]),
        value=domain,
    )
