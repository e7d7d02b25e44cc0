"""Finished HTML as its reader sees it: its words, its greeting, and what is wrong with its tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.typesetting.markup import Line, Link, Stand, names, read_markup
from letters.typesetting.tags import Part, Words, parts_of


def codes(body: str) -> list[str]:
    return [fault.code for fault in read_markup(f"<body>{body}</body>").faults]


@pytest.mark.parametrize(
    "body",
    [
        "<a href=report.pdf>x</a>",
        "<a href='javascript:alert(1)'>x</a>",
        '<a HREF="JavaScript:alert(1)">x</a>',
        '<a href = "java\tscript:alert(1)">x</a>',
        '<a href="java&#115;cript:alert(1)">x</a>',
        '<a href="">x</a>',
        '<a href="//www.lgo.org.uk">x</a>',
        '<a href="http://">x</a>',
        '<a href="ftp://www.lgo.org.uk">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<svg><a xlink:href="x.svg"><title>x</title></a></svg>',
        '<a href="#nowhere">x</a>',
        '<a href="mailto:nobody">x</a>',
    ],
    ids=str,
)
def test_a_link_that_leads_nowhere_is_told_however_it_is_spelt(body: str) -> None:
    assert codes(body) == ["link-to-nowhere"]


@pytest.mark.parametrize(
    "body",
    [
        '<a href="https://www.lgo.org.uk/a?b=c#d">x</a>',
        "<A HREF=HTTPS://WWW.LGO.ORG.UK>x</A>",
        '<a href="mailto:a@b.example?subject=x">x</a>',
        '<a href="#there">x</a><h2 id="there">y</h2>',
        '<a href="#caf%C3%A9">x</a><h2 id="café">y</h2>',
        '<a id="there">x</a><a href="#there">y</a>',
        '<a href=" https://www.lgo.org.uk ">x</a>',
    ],
    ids=str,
)
def test_a_link_that_leads_somewhere_is_none(body: str) -> None:
    assert codes(body) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<SCRIPT>alert(1)</SCRIPT>", "script"),
        ('<script src="https://x.example/x.js"></script>', "script"),
        ("<p onclick=alert(1)>x</p>", "script"),
        ("<p ONMOUSEOVER='x'>x</p>", "script"),
        ("<svg><script>1</script></svg>", "script"),
        ('<iframe src="https://x.example"></iframe>', "script"),
        ('<object data="x.svg"></object>', "script"),
        ('<embed src="x">', "script"),
        ('<meta http-equiv="Refresh" content="0; url=https://x.example">', "refresh"),
        ("<form></form>", "form"),
        ("<input>", "form"),
        ('<p formaction="https://x.example">x</p>', "form"),
        ("<LINK rel=stylesheet href=x.css>", "needs-another-file"),
        ('<base href="https://x.example/">', "needs-another-file"),
        ("<img src='x.png' alt='x'>", "needs-another-file"),
        ('<img srcset="data:image/png;base64,AA 1x">', "needs-another-file"),
        ('<svg><rect fill="url(https://x.example/x.svg#a)"/></svg>', "needs-another-file"),
        ('<svg><rect fill="url(#a)"/></svg>', None),
        ('<svg><linearGradient href="x.svg#a"/></svg>', "needs-another-file"),
        ('<svg><set attributeName="href" to="javascript:alert(1)"/></svg>', "script"),
        ("<p style=\"background: -webkit-image-set('x.png' 1x)\">x</p>", "needs-another-file"),
        ("<style>@namespace svg url(http://www.w3.org/2000/svg);</style>", None),
        ("<!--><img src=x onerror=alert(1)>-->", "tag-garbled"),
        ("<!-- a --!><script>alert(1)</script><!-- -->", "tag-garbled"),
        ("<![CDATA[><script>alert(1)</script>]]>", "tag-garbled"),
        ("<svg><style><img src=x onerror=alert(1)></style></svg>", "tag-garbled"),
        ("<svg><style>p { fill: red }</style></svg>", None),
        ('<img srcset="x.png 1x">', "needs-another-file"),
        ('<video poster="https://x.example/x.png"></video>', "needs-another-file"),
        ('<svg><image href="https://x.example/x.png"/></svg>', "needs-another-file"),
        ('<svg><use xlink:href="other.svg#a"/></svg>', "needs-another-file"),
        ('<svg><use href="#a"/></svg>', None),
        ('<div background="x.png">x</div>', "needs-another-file"),
        ('<p style="background: url(https://x.example/x)">x</p>', "needs-another-file"),
        ("<p style='background: URL( x.png )'>x</p>", "needs-another-file"),
        ("<p style='background: image-set(\"x.png\" 1x)'>x</p>", "needs-another-file"),
        ("<p style='background: u\\72l(x.png)'>x</p>", "needs-another-file"),
        ('<style>@import "x.css";</style>', "needs-another-file"),
        ("<style>p { background: url(x.png) }</style>", "needs-another-file"),
        ('<p style="background: url(data:image/png;base64,AA)">x</p>', None),
        ('<img src="data:image/png;base64,AA" alt="x">', None),
        ("<p>x</p>", None),
        ("<!-- <script> -->", None),
        ("<p>5 &lt; 6, 5 < 6 & so on</p>", None),
    ],
    ids=str,
)
def test_what_runs_asks_leads_away_or_needs_another_file_is_told(
    body: str, code: str | None
) -> None:
    assert codes(body) == ([code] if code else [])


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<p><strong>a</p>", ["<strong> is not closed before </p>"]),
        ("<p>a</p></em>", ["</em> closes nothing"]),
        ("<b><i>a</b></i>", ["<i> is not closed before </b>"]),
        ("<p>a<p>b</p>", ["<p> begins inside of <p>, which ends there"]),
        ("<p>a<div>b</div>c</p>", ["<div> begins inside of <p>, which ends there"]),
        ("<p>a", ["<p> is not closed before </body>"]),
        ("<p/>", ["<p> is not closed before </body>"]),
        ("<ul><li>a</ul>", ["<li> is not closed before </ul>"]),
        ("a</br>b", ["</br> closes nothing"]),
        ('<p><strong class="x <em>a</em></p>', None),
        (
            "<p><strong <em>a</em></strong></p>",
            ["<strong> holds signs that no tag holds", "</em> closes nothing"],
        ),
        ("<p>a<br>b<br/>c<img alt=''><hr></p>", ["<hr> begins inside of <p>, which ends there"]),
        ("<svg><path d=''/><g><circle r=1 /></g><title>a</title></svg>", []),
        ("<P>a</p><Em>b</eM>", []),
        ("<p>a<li>b</li></p>", ["<li> begins inside of <p>, which ends there"]),
        ("<p><svg><foreignObject><div>a</div></foreignObject></svg></p>", []),
        ("<ul><li>a</li><li><p>b</p></li></ul><table><tr><td>c</td></tr></table>", []),
    ],
    ids=str,
)
def test_unclosed_crossed_and_garbled_tags_are_told_once_each(
    body: str, found: list[str] | None
) -> None:
    told = [fault.sentence for fault in read_markup(f"<body>{body}</body>").faults]
    assert told == found if found is not None else told


def test_a_fault_knows_where_it_stands() -> None:
    html = '<html><body>\n<p>one</p>\n<p>two <a href="x">three</a></p></body></html>'
    (fault,) = read_markup(html).faults
    assert html[fault.offset :].startswith('<a href="x">')
    assert fault.text == "x"


@given(st.text(alphabet="<>/=\"'pa b&#;-![]", max_size=60))
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    read_markup(text)


HTML = """<html><head><title>Letter to  X &amp; Y</title><style>p { }</style></head><body class="a">
<header>The <b>Office</b></header><address>Ms Broom<br>Chief  Executive</address>
<p class="x greeting">Good morning <span>Ms Broom</span></p><ul><li>one</li><li>two<br>three</li></ul>
<svg><title>Ring: 64%</title><text>64%</text></svg><p>We wrote to Ms Broom</p></body></html>"""


def test_the_words_are_told_line_by_line_with_the_descriptions_of_charts() -> None:
    markup = read_markup(HTML)
    assert markup.title == "Letter to X & Y"
    assert markup.words == (
        "The Office",
        "Ms Broom",
        "Chief Executive",
        "Good morning Ms Broom",
        "one",
        "two",
        "three",
        "Ring: 64%",
        "64%",
        "We wrote to Ms Broom",
    )
    assert [line.words for line in markup.lines if line.is_description] == ["Ring: 64%"]
    assert markup.faults == ()


def test_the_greeting_is_the_line_of_that_class_that_names_the_person() -> None:
    assert read_markup(HTML).greeting("Ms Broom") == "Good morning Ms Broom"
    assert read_markup(HTML).greeting("Ms Oak") == ""


@pytest.mark.parametrize(
    ("body", "greeting"),
    [
        ("<address>Ms Broom</address><p>Dear Ms Broom</p><p>Ms Broom</p>", "Dear Ms Broom"),
        ("<address>Ms Broom</address><p>Dear all</p>", ""),
        ('<p class="greeting">Dear all</p><p>Dear Ms Broom</p>', ""),
        ("<p>Dear Ms Broomfield</p>", ""),
        ("<p>Dear Ms  Broom,<br>I write to you</p>", "Dear Ms Broom,"),
        ("<p>Dear Ms Jones</p><p>We told Ms Broom that it was so.</p>", ""),
        ("<p>Dear Ms Broom, here it is</p>", "Dear Ms Broom, here it is"),
        ("<p>Good morning dear Ms Broom</p>", "Good morning dear Ms Broom"),
        ("<p>Once more we have to write to Ms Broom</p>", ""),
        ("<p>Dear Ms Jones</p><p>Ms Broom</p>", ""),
        ("<table><tr><td>Dear Ms Broom</td><td>Our ref 12</td></tr></table>", "Dear Ms Broom"),
    ],
    ids=str,
)
def test_without_that_class_it_is_the_first_line_outside_of_the_address_that_begins_with_a_greeting(
    body: str, greeting: str
) -> None:
    assert read_markup(f"<body>{body}</body>").greeting("Ms Broom") == greeting


@pytest.mark.parametrize(
    ("words", "name", "held"),
    [
        ("Dear Ms Broom,", "Ms Broom", True),
        ("Dear Ms\n  Broom", "Ms  Broom", True),
        ("Dear Ms Broomfield", "Ms Broom", False),
        ("Dear Ms Broom-Oak", "Ms Broom", False),
        ("Dear Mr O'Brien", "Mr O", False),
        ("Dear Ms Broom - hello", "Ms Broom", True),
        ("Ms Broom’s Dear Ms Broom", "Ms Broom", True),
        ("x", "", False),
        ("to O'Neill (Council)", "O'Neill (Council)", True),
    ],
)
def test_a_name_is_held_whole_however_it_is_spaced(words: str, name: str, held: bool) -> None:
    assert names(words, name) is held


def joined(html: str) -> list[Part]:
    """The parts, their offsets those in the whole text, words that follow each other as one."""
    found: list[Part] = []
    for start, part in ((start, part) for start, parts in parts_of(html) for part in parts):
        part = part._replace(offset=start + part.offset)
        if isinstance(part, Words) and found and isinstance(found[-1], Words):
            found[-1] = found[-1]._replace(text=found[-1].text + part.text)
        else:
            found.append(part)
    return found


@given(st.text(alphabet="<>/=\"'pa b&#;-!\n", max_size=80))
def test_html_read_line_by_line_is_the_same_as_read_as_a_whole(text: str) -> None:
    by_line, whole = joined(text), joined(f"<!--\n-->{text}")
    assert by_line == [part._replace(offset=part.offset - 8) for part in whole]


def test_what_goes_on_behind_its_line_is_read_as_a_whole() -> None:
    html = "<body><p\nclass='greeting'>Dear Ms\nBroom</p><style>\np { }\n</style><!-- <p>\n<b> --></body>"
    markup = read_markup(html)
    stand = Stand(1, "p", "greeting")
    assert markup.lines == (Line("Dear Ms Broom", is_greeting=True, stand=stand),)
    assert markup.faults == ()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<p>Attended by 178delegates</p>", "words-together"),
        ("<h2></h2>", "nothing-said"),
        ("<ul><li> </li></ul>", "nothing-said"),
        ('<p class="a" class="b">x</p>', "attribute-twice"),
        ("<li>x</li>", "tag-out-of-place"),
        ("<table><tr>x</tr></table><td>x</td>", "tag-out-of-place"),
        ("<strnog>x</strnog>", "tag-unknown"),
        ("<p>{{ x }}</p>", "template-code"),
        ("<p>a&#x202e;b</p>", "invisible-character"),
    ],
)
def test_what_is_never_meant_is_told(body: str, code: str) -> None:
    assert code in [fault.code for fault in read_markup(body).faults]


@pytest.mark.parametrize(
    "body",
    [
        "<p>the 21st of 3,000 cases, 5km, 30mph, 10am, 2nd, E07000110, covid19, 1,000&nbsp;km</p>",
        '<p><a href="tel:+443000610614">ring</a> a@123council.example, www.4children.example</p>',
        "<table><tr><th></th><th>x</th></tr></table><ul><li><svg><title>x</title></svg></li></ul>",
        "<svg><metadata>x</metadata></svg><math><mfrac><mi>a</mi><mi>b</mi></mfrac></math>",
    ],
)
def test_what_may_be_meant_is_not_told(body: str) -> None:
    assert read_markup(body).faults == ()


def test_each_line_knows_the_element_that_holds_it() -> None:
    html = (
        "<header><p>The Office</p></header><address>Ms Broom<br><b>Chief</b> Executive</address>"
        "<section data-whole='panel Upheld'><p class='finding big'>64%</p></section>"
        "<table><tr><th>a</th><td>1</td></tr></table>"
    )
    held = {line.words: line.stand for line in read_markup(html).lines}
    assert held["The Office"] == Stand(2, "p", in_header=True)
    assert held["Ms Broom"] == held["Chief Executive"] == Stand(3, "address")
    assert held["64%"] == Stand(5, "p", "finding", "panel Upheld")
    assert held["a"] == held["1"] == Stand(6, "tr")


def test_a_line_has_the_targets_of_its_links_each_with_its_words() -> None:
    one, two = "https://www.example.org/1", "mailto:a@b.example"
    lines = read_markup(
        f'<body><p>See <a href="{one}">our <b>page</b></a> or <a href="{two}">write</a>.</p>'
        f'<p>No link.</p><a href="{one}"><h2>A heading</h2></a><p>More.</p></body>'
    ).lines
    assert [(line.words, line.links) for line in lines] == [
        ("See our page or write .", (Link("our page", one), Link("write", two))),
        ("No link.", ()),
        ("A heading", (Link("A heading", one),)),
        ("More.", ()),
    ]


def test_a_link_over_two_lines_is_in_both_and_one_around_a_picture_has_no_words() -> None:
    target = "https://www.example.org/1"
    lines = read_markup(
        f'<body><p><a href="{target}">one<br>two</a></p>'
        f'<p><a href="{target}"><img src="data:image/png;base64,x" alt="Crest"></a> three</p></body>'
    ).lines
    assert [[link.words for link in line.links] for line in lines] == [["one"], ["two"], [""]]
