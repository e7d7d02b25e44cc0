"""What specimens are made of: invented people and paragraphs, and councils that awkward cases go to.

Nobody is meant. The poorest figures and the reproaches go to councils that have ended since, where
there are such.
"""

from __future__ import annotations

#: Peer group -> fewest and most cases of a year, usual per cent of them upheld, thousands of residents.
USUAL: dict[str | None, tuple[int, int, int, int, int]] = {
    "county": (20, 150, 65, 520, 1500),
    "district": (0, 15, 46, 55, 180),
    "metropolitan": (15, 90, 67, 160, 820),
    "unitary": (8, 70, 56, 40, 560),
    "london": (20, 110, 62, 160, 400),
    None: (5, 15, 50, 10, 90),
}

#: Small councils, in the order in which small awkward cases go to them.
SMALL = """
hart-district-council rutland-county-council hambleton-district-council adur-district-council
wycombe-district-council craven-district-council mole-valley-district-council
melton-borough-council eden-district-council ribble-valley-borough-council boston-borough-council
kettering-borough-council scarborough-borough-council council-of-the-isles-of-scilly
""".split()

#: Large ones, for cases of hundreds and thousands.
LARGE = """
northamptonshire-county-council lancashire-county-council cumbria-county-council
birmingham-city-council kent-county-council leeds-city-council essex-county-council
""".split()

#: Those with a long name, a comma or a sign in it, or no peer group: they have every figure.
LONG = """
borough-council-of-kings-lynn-and-west-norfolk bournemouth-christchurch-and-poole-council
london-borough-of-hammersmith-and-fulham city-of-london-corporation
bath-and-north-east-somerset-council
""".split()

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
    },  # a knight is greeted by the first name
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

#: Bespoke paragraphs: council -> Markdown.
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
Your Council is a new one, and this is the first letter to it.

In February we issued a public report about a homelessness application that had been left undecided for eleven
weeks.

Your Council has since agreed a timetable for such decisions. We shall look at how it is kept in the coming
year.
""",
}
