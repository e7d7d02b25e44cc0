"""Make the specimen campaign (data/specimen): every council of 2019-20 with invented figures, people and paragraphs.

From the project's folder: `python -m scripts.make_specimen`. The same register gives the same bytes on every machine:
each council draws from its own `random.Random`, seeded with a text, and only `random()` is used, which Python promises
never to change. So one council's figures stay as they are when another joins or leaves the register.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from letters.campaign.records import REGISTER, Authority
from letters.campaign.validation import validate
from letters.source.reader import read

ROOT = Path(__file__).resolve().parent.parent
SEED = "specimen 2020"
LAST_DAY = date(2020, 3, 31)  #: of the specimen's period, and the date of its letters


class Counts(NamedTuple):
    """One council's line in statistics.yaml."""

    investigations: int
    upheld: int
    compliance_outcomes: int
    complied: int
    satisfactory_remedies: int


#: Peer group -> fewest and most investigations, usual per cent upheld.
USUAL = {
    "county": (20, 150, 65),
    "district": (0, 15, 46),
    "metropolitan": (15, 90, 67),
    "unitary": (8, 70, 56),
    "london": (20, 110, 62),
    None: (5, 15, 50),
}

#: The awkward cases: council -> what is awkward, its counts. The poorest figures go to councils that have ended since.
CASES: dict[str, tuple[str, Counts]] = {
    "hart-district-council": ("no investigation, nothing at all", Counts(0, 0, 0, 0, 0)),
    "rutland-county-council": (
        "no investigation, but outcomes due from the year before",
        Counts(0, 0, 2, 2, 0),
    ),
    "adur-district-council": ("investigations, none upheld, nothing due", Counts(4, 0, 0, 0, 0)),
    "mole-valley-district-council": ("none upheld, but outcomes due", Counts(3, 0, 1, 1, 0)),
    "hambleton-district-council": ("upheld, but nothing due for compliance", Counts(7, 3, 0, 0, 1)),
    "council-of-the-isles-of-scilly": ("one investigation, upheld", Counts(1, 1, 1, 1, 0)),
    "melton-borough-council": ("one of everything: only singulars", Counts(1, 1, 1, 1, 1)),
    "eden-district-council": ("every investigation upheld", Counts(6, 6, 5, 5, 1)),
    "ribble-valley-borough-council": (
        "every upheld complaint remedied before",
        Counts(5, 3, 2, 2, 3),
    ),
    "wycombe-district-council": ("no outcome complied with", Counts(9, 5, 2, 0, 0)),
    "scarborough-borough-council": ("half complied with", Counts(13, 6, 4, 2, 1)),
    "birmingham-city-council": (
        "three digits; 98% of a large base",
        Counts(287, 205, 168, 165, 11),
    ),
    "northamptonshire-county-council": (
        "99.5% prints as 100%, 0.5% as 1%",
        Counts(300, 200, 200, 199, 1),
    ),
    "lancashire-county-council": (
        "less than 0.5% prints as 0%, though it is one",
        Counts(291, 206, 150, 150, 1),
    ),
    "boston-borough-council": ("half up: 1 of 8 is 12.5% and prints 13%", Counts(8, 1, 1, 1, 0)),
    "kettering-borough-council": (
        "half up: 2 of 16 is 12.5% and prints 13%",
        Counts(16, 2, 2, 2, 0),
    ),
    "london-borough-of-sutton": (
        "brings the London average to exactly 8 of 13",
        Counts(34, 23, 20, 20, 3),
    ),
    "london-borough-of-merton": ("upheld: exactly its peer average", Counts(26, 16, 15, 15, 2)),
    "craven-district-council": (
        "more compliance outcomes than upheld decisions",
        Counts(12, 5, 9, 9, 1),
    ),
    "city-of-london-corporation": ("no peer group", Counts(8, 5, 4, 4, 1)),
    "borough-council-of-kings-lynn-and-west-norfolk": (
        "long name, every figure",
        Counts(13, 6, 5, 5, 1),
    ),
    "bournemouth-christchurch-and-poole-council": (
        "long name with a comma, every figure",
        Counts(62, 38, 31, 30, 5),
    ),
    "london-borough-of-hammersmith-and-fulham": (
        "name with &, every figure",
        Counts(58, 37, 33, 33, 4),
    ),
}

#: Chief executives that are a case of their own; the others are drawn. Without a surname the name is unknown.
PEOPLE: dict[str, dict[str, str]] = {
    "arun-district-council": {"title": "Mrs", "surname": "O'Nairn"},  # straight apostrophe
    "ashfield-district-council": {"title": "Mr", "surname": "O’Corran"},  # typographic apostrophe
    "barnsley-metropolitan-borough-council": {"title": "Ms", "surname": "D’Souzay"},
    "bolton-metropolitan-borough-council": {"title": "Dr", "surname": "Ní Dhomhnaillín"},
    "bristol-city-council": {"title": "Mr", "surname": "Šimůneček"},
    "cornwall-council": {"title": "Ms", "surname": "Åströmsdotter"},
    "derby-city-council": {"title": "Ms", "surname": "Nguyễn-Thorne"},
    "dorset-council": {"title": "Mr", "surname": "van der Bergholt"},
    "kent-county-council": {"title": "Professor", "surname": "Łukasiewiczówna"},
    "wealden-district-council": {"title": "Mr", "surname": "Ng"},
    "bournemouth-christchurch-and-poole-council": {
        "title": "Professor",
        "surname": "Featherstonehaugh-Cholmondeley-Marchbanks",
        "post": "Chief Executive and Director of Transformation",
    },
    "essex-county-council": {
        "title": "Sir",
        "surname": "Aldous Pendlebrook",
    },  # "Dear Sir" needs the first name
    "surrey-county-council": {"title": "Dame", "surname": "Hester Quarrendale"},
    "adur-district-council": {
        "title": "Dr",
        "surname": "Marwick-Lunde",
        "email": "chief.executive@shared.example",
    },
    "worthing-borough-council": {
        "title": "Dr",
        "surname": "Marwick-Lunde",
        "email": "chief.executive@shared.example",
    },
    "city-of-london-corporation": {
        "title": "Mr",
        "surname": "Wadebourne",
        "post": "Town Clerk and Chief Executive",
    },
    "boston-borough-council": {
        "title": "Miss",
        "surname": "Elmhurst",
        "post": "Chief Executive and Town Clerk",
    },
    "medway-council": {"title": "Mr", "surname": "Garsley", "post": "Managing Director"},
    "hart-district-council": {},
    "cheshire-east-council": {},
    "london-borough-of-camden": {},
    "south-bucks-district-council": {"post": "Managing Director"},
    "eden-district-council": {"post": "Head of Paid Service"},
}
NO_ENTRY = ("selby-district-council", "wyre-forest-district-council")  #: nobody is known at all
COPIES_ONLY = ("thurrock-council",)  #: a link officer, but no chief executive's address

TITLES = ("Ms", "Mr", "Ms", "Mr", "Mrs", "Dr")
POSTS = ("Chief Executive",) * 30 + (
    "Managing Director",
    "Head of Paid Service",
    "Interim Chief Executive",
)
BEGINNINGS = (
    "Ash",
    "Birk",
    "Cold",
    "Elm",
    "Fern",
    "Gars",
    "Hazel",
    "Ivel",
    "Kirk",
    "Oak",
    "Pen",
    "Thorn",
    "Yar",
)
ENDINGS = (
    "bourne",
    "brook",
    "combe",
    "dale",
    "field",
    "gate",
    "hurst",
    "ley",
    "mere",
    "stead",
    "thwaite",
    "wick",
)

#: What a slug says besides the council's short name.
KIND_OF_COUNCIL = re.compile(
    r"^(borough-council|city|council|london-borough|royal-borough)-of-(the-)?"
    r"|(-(and-district|borough|city|county|district|metropolitan))*-(council|corporation)$"
)

LETTER = """\
# yaml-language-server: $schema=../schema/letter.schema.json
# SPECIMEN: a full-size year of invented figures, to try things out.
# Made by scripts/make_specimen.py: change it there.

# Prints SPECIMEN across every page; a campaign with this line can never be sent.
specimen: true

# The words and pages of 2020.
templates: "2020"
pages: 3

# The letter's date is the last day on which all 343 councils existed: a council that has ended gets no letter, and the
# five of Buckinghamshire ended on this day.
letter_date: 2020-03-31
publication_date: 2020-04-07
period: {start: 2019-04-01, end: 2020-03-31}

# Nobody has this name.
signatory:
  name: Specimen Signatory
  posts:
    - Local Government and Social Care Ombudsman
    - Chair, Commission for Local Administration in England

# What the words say about the year. Invented, but for the links.
facts:
  seminars: {places: [London, Exeter, York], delegates: 164, authorities: 121}
  training: {courses: 96, more_than_last_year: 12, people: 1200}
  links:
    map: https://www.lgo.org.uk/your-councils-performance
    statistics: https://www.lgo.org.uk/information-centre/reports/annual-review-reports/interpreting-local-authority-statistics
    training: https://www.lgo.org.uk/training

# The numbers that statistics.yaml gives for each authority, as in 2020.
counts:
  investigations: {singular: detailed investigation, plural: detailed investigations}
  upheld: {singular: upheld decision, plural: upheld decisions, at_most: investigations}
  compliance_outcomes: {singular: compliance outcome, plural: compliance outcomes}
  complied: {singular: outcome complied with, plural: outcomes complied with, at_most: compliance_outcomes}
  satisfactory_remedies:
    singular: satisfactory remedy decision
    plural: satisfactory remedy decisions
    at_most: upheld

# The percentages worked out of them. Unlike 2020, the remedies panel states its real base: the upheld decisions.
measures:
  uphold_rate:
    count: upheld
    of: investigations
    undefined: No detailed investigations were carried out in this period.
  compliance_rate:
    count: complied
    of: compliance_outcomes
    undefined: No recommendations were due for compliance in this period.
    watch_below: 100  # the preview marks letters with less
  satisfactory_remedy_rate:
    count: satisfactory_remedies
    of: upheld
    undefined: No complaints were upheld in this period.

# Worked out of the specimen's own numbers: all counts of a peer group over all its bases.
peer_averages: computed

accepted:
  - code: no-address
    authority: thurrock-council
    because: A case that an office has every year. Only its link officer is known.
"""

#: Bespoke paragraphs: council -> Markdown. All invented; reproaches go to councils that have ended since.
PARAGRAPHS = {
    # one short paragraph
    "craven-district-council": """\
I am pleased to note that your Council replied to every one of our enquiries within the time we asked for.
""",
    # two paragraphs, a number of cases as a word
    "sedgemoor-district-council": """\
During the year your Council carried out the remedies we recommended, and told us so with clear evidence.
However, in two cases it took longer than agreed to do so, and the people concerned waited for an apology that
had been promised to them.

I ask that your Council look at how it keeps track of what it has agreed with us, so that remedies are completed
on time.
""",
    # list, bold, italic, link
    "north-yorkshire-county-council": """\
We recommended changes that go beyond the single case. Your Council has agreed to:

- review how it records **decisions about transport to school**;

- train the staff who answer complaints about *adult social care charges*; and
- publish the waiting times for assessments on its website.

Our [**training** courses](https://www.lgo.org.uk/training) may help with the second of these.
""",
    # raw HTML, which must show as text
    "corby-borough-council": """\
This paragraph tests the letter. What looks like code is printed as it was typed: <b>not bold</b>,
<script>alert("no")</script>, 5 < 7 & 7 > 5.

<div class="letter">A line that looks like a block of HTML is text as well.</div>
""",
    # long: remedies late, late replies, a public report, one service that stands out
    "cumbria-county-council": """\
Most of the remedies we recommended to your Council were carried out well. In two cases, though, they were
completed late: in one, a payment agreed in June did not reach the family until November. Delay of this kind
adds to the injustice that the remedy was meant to put right.

I must also mention the time your Council took to answer us. In nine of our investigations the reply came after
the date we had set, and in three we had to warn that we would use our formal powers. Late replies lengthen the
wait for everybody, not least for your own officers.

In October we issued a public report about your Council, because we found fault in the way it had arranged home
care for a woman leaving hospital. Your Council accepted our findings and has told us what it changed; I welcome
that.

One service stands out. More than half of the complaints we upheld were about education, health and care plans,
most often because a plan was not finished in time. I would encourage your Council to share these decisions with
the members who oversee that service, and to consider what would help families sooner.
""",
    # accents and every kind of quotation mark
    "bolton-metropolitan-borough-council": """\
I am grateful to Siân Ó Briain and Zoë Müller-Łęcka of your Council’s complaints team, whose note “What we’d do
differently” – shared with us in May — is a model of its kind. It says: ‘we apologised first, and explained
after’. The training cost £1,250 for ½ a day… and "paid for itself".
""",
    # no peer group
    "city-of-london-corporation": """\
Your officers met mine in February to talk about complaints from people who work in the City and live elsewhere. I found
the meeting helpful, and look forward to the next one.
""",
    # three short paragraphs, a public report
    "somerset-west-and-taunton-council": """\
Your Council began its work on 1 April 2019, and this is the first letter to it.

In February we issued a public report about a homelessness application that had been left undecided for eleven
weeks.

Your Council has since agreed a timetable for such decisions. We shall look at how it is kept in the coming
year.
""",
}


def files(register: Mapping[str, Authority]) -> dict[str, str]:
    """Every file of the specimen but SOURCES.md: path below data/specimen -> text."""
    slugs = [slug for slug, authority in register.items() if _existed(authority)]
    return {
        "letter.yaml": LETTER,
        "statistics.yaml": _statistics({slug: _counts(slug, register[slug]) for slug in slugs}),
        "contacts.yaml": _contacts([slug for slug in slugs if slug not in NO_ENTRY]),
        **{f"paragraphs/{slug}.md": text for slug, text in PARAGRAPHS.items()},
    }


def _existed(authority: Authority) -> bool:
    """Whether the council existed on the specimen's last day, and so all through 2019-20."""
    began, ended = authority.began or LAST_DAY, authority.ended or LAST_DAY
    return began <= LAST_DAY <= ended


def _counts(slug: str, authority: Authority) -> Counts:
    """The council's case, or invented counts that are usual in its peer group."""
    if slug in CASES:
        return CASES[slug][1]
    chance = random.Random(f"{SEED}, figures, {slug}")
    fewest, most, usual = USUAL[authority.peer_group]
    investigations = _between(chance, fewest, most)
    upheld = _some(chance, investigations, _between(chance, usual - 6, usual + 6))
    outcomes = _between(chance, upheld * 6 // 10, upheld * 11 // 10)
    remedies = _some(chance, upheld, _between(chance, 0, 25))
    return Counts(investigations, upheld, outcomes, _some(chance, outcomes, 99.6), remedies)


def _between(chance: random.Random, low: int, high: int) -> int:
    return low + int(chance.random() * (high - low + 1))


def _some(chance: random.Random, number: int, per_cent: float) -> int:
    """So many of a number as a coin that falls on one side in `per_cent` of throws would give."""
    return sum(chance.random() * 100 < per_cent for _ in range(number))


def _pick(chance: random.Random, things: Sequence[str]) -> str:
    return things[_between(chance, 0, len(things) - 1)]


def _statistics(counts: Mapping[str, Counts]) -> str:
    """One line a council, the numbers under each other."""
    width = max(map(len, counts)) + 1
    lines = [f"{slug + ':':<{width}} {{{_columns(row)}}}" for slug, row in counts.items()]
    return _file("statistics", "Invented numbers, one council a line", lines)


def _columns(row: Counts) -> str:
    return ", ".join(f"{name}: {number:>3}" for name, number in row._asdict().items())


def _contacts(slugs: Sequence[str]) -> str:
    """A short block a council."""
    return _file(
        "contacts",
        "Invented people; no address can be delivered to",
        [_contact(slug) for slug in slugs],
    )


def _contact(slug: str) -> str:
    chance = random.Random(f"{SEED}, people, {slug}")
    drawn = {
        "title": _pick(chance, TITLES),
        "surname": _pick(chance, BEGINNINGS) + _pick(chance, ENDINGS),
    }
    person = PEOPLE.get(slug, drawn | {"post": _pick(chance, POSTS)})
    copies = [("Link Officer", "complaints")]
    if chance.random() < 1 / 3:
        copies.append(("Monitoring Officer", "monitoring.officer"))
    addresses = [f"{{role: {role}, email: {mailbox}@{_domain(slug)}}}" for role, mailbox in copies]
    chief = "" if slug in COPIES_ONLY else f"  chief_executive: {_chief_executive(person, slug)}\n"
    return f"{slug}:\n{chief}  copies:{_list(addresses)}"


def _list(things: Sequence[str]) -> str:
    """One thing in brackets on the same line, several on lines of their own."""
    return (
        f" [{things[0]}]" if len(things) == 1 else "".join(f"\n    - {thing}" for thing in things)
    )


def _chief_executive(person: Mapping[str, str], slug: str) -> str:
    unnamed = {"post": "Chief Executive", "email": f"chief.executive@{_domain(slug)}"}
    fields = {"title": "", "surname": "", **unnamed, **person}
    return "{" + ", ".join(f"{name}: {value}" for name, value in fields.items() if value) + "}"


def _domain(slug: str) -> str:
    """The council's short name as an address that cannot exist: camden.example."""
    return f"{KIND_OF_COUNCIL.sub('', slug)}.example"


def _file(kind: str, sentence: str, lines: Sequence[str]) -> str:
    head = (
        f"# yaml-language-server: $schema=../schema/{kind}.schema.json",
        f"# SPECIMEN. {sentence}. Made by scripts/make_specimen.py: change it there.",
        "",
    )
    return "\n".join((*head, *lines, ""))


def main() -> None:
    """Write the specimen's files, and delete paragraphs that are none of them."""
    made = files(_register())
    folder = ROOT / "data" / "specimen"
    for path in folder.glob("paragraphs/*.md"):
        if path.relative_to(folder).as_posix() not in made:
            path.unlink()
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def _register() -> Mapping[str, Authority]:
    source = read(ROOT, "data/authorities.yaml")
    register = validate(REGISTER, source.value).record
    if register is None or source.problems:
        raise SystemExit("data/authorities.yaml has problems: `make check YEAR=2020` lists them")
    return register


if __name__ == "__main__":
    main()
