"""The cases in a message, counted once more by what its files say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from letters.campaign.load import Campaign
from letters.campaign.lock import Lock, LockedAuthority, LockedList
from letters.errors import CampaignError
from letters.intake.authorities import Names, NotKnown
from letters.intake.case_lists import holds
from letters.intake.cells import Kind, numbers_of
from letters.intake.tables import find_table
from letters.intake.workbooks import understood
from letters.wording import numbered, spaced


def faults_of_enclosures(
    campaign: Campaign, lock: Lock, slug: str, files: Sequence[tuple[str, bytes]]
) -> Iterator[str]:
    """What is wrong with the files of one message, by name and bytes: a sentence each.

    They must be those that were made for this authority and of no other, and the letter must say as
    many as there were rows; these are counted again by what they say, where the columns that it
    takes are in the file.
    """
    digests = [sha256(content).hexdigest() for _, content in files]
    own = lock.authorities.get(slug, LockedAuthority()).enclosures
    names = [name for name, _ in files]
    for other, authority in lock.authorities.items():
        for one in authority.enclosures.values():
            if other != slug and one.sha256 in digests:
                yield f"{names[digests.index(one.sha256)]} holds the cases of {other}"
    for name, enclosure in own.items():
        if name not in names:
            yield f"{name}, which was made for this authority, is not in the message"
        elif digests[names.index(name)] != enclosure.sha256:
            yield f"{name} is not the file that was made for this authority"
        else:
            yield from _recounted(
                campaign, slug, lock.lists.get(enclosure.list), name, files[names.index(name)][1]
            )
    counts, known = campaign.statistics[slug], lock.authorities.get(slug, LockedAuthority()).counts
    for listed, described in lock.lists.items():
        for count in described.counts.keys() & counts.keys() if described.columns else ():
            rows = known[count].rows.get(listed, "") if count in known else ""
            if counts[count] != len(numbers_of(rows)):
                counted = numbered(len(numbers_of(rows)), "row was", "rows were")
                yield f"the letter says {counts[count]} {spaced(count)}, and {counted} counted so"


def _recounted(
    campaign: Campaign, slug: str, listed: LockedList | None, name: str, content: bytes
) -> Iterator[str]:
    """What the rows of one file say otherwise than the letter, or of another authority."""
    if listed is None:
        yield f"nobody knows any more how {name} was counted: import again"
        return
    try:
        rows = _rows_of(name, content, listed)
    except CampaignError as error:
        yield f"{name} cannot be read: {error}"
        return
    counts = campaign.statistics[slug]
    for count, conditions in listed.counts.items():
        if count in counts and conditions.keys() <= set(listed.columns):
            found = sum(holds(conditions, row) for row in rows)
            if found != counts[count]:
                yield (
                    f"the letter says {counts[count]} {spaced(count)}, and in {name} there"
                    f" {'is' if found == 1 else 'are'} {numbered(found, 'row')}"
                )
    yield from _strangers(campaign, slug, listed, name, rows)


def _strangers(
    campaign: Campaign, slug: str, listed: LockedList, name: str, rows: Sequence[Mapping[str, str]]
) -> Iterator[str]:
    """Rows that name another authority, where the file says whose they are."""
    who, names = listed.authority, Names(campaign.register, campaign.letter.letter_date)
    for number, row in enumerate(rows, 1):
        said = row.get(who.name or "", ""), row.get(who.code or "", "")
        if not any(said):
            continue
        try:
            whose = names.of(*said)[0]
        except NotKnown:  # its code told, when it was imported
            continue
        if whose != slug:
            yield f"case {number} in {name} is not one of this authority's"


def _rows_of(name: str, content: bytes, listed: LockedList) -> list[dict[str, str]]:
    """The rows of an enclosure, by heading."""
    table, problems = find_table(understood(name, content), listed.columns)
    if table is None:
        raise CampaignError(problems)
    return [
        {heading: table.cell(row, heading).words for heading in listed.columns}
        for row in table.rows
        if any(table.cell(row, heading).kind is not Kind.BLANK for heading in listed.columns)
    ]
