"""Words and values into HTML."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tinyhtml5
from hypothesis import given
from hypothesis import strategies as st

from letters.campaign.load import Campaign, load
from letters.campaign.markdown import markdown
from letters.campaign.records import Authority, ChiefExecutive, Contacts
from letters.errors import Place, TemplateError
from letters.typesetting.html import LetterWords, self_contained
from letters.typesetting.markup import read_markup
from letters.typesetting.stationery import Dress, Stationery
from letters.typesetting.templates import Templates
from letters.typesetting.writer import Writer
from tests.conftest import PROJECT
from tests.reading import words_of_html

MAIDSTONE = "maidstone-borough-council"
NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x>',
    "O'Neill & Sons",
    "Šimůnek-Ålesund",
    "</head>",
]


def html_of(
    campaign: Campaign, slug: str = MAIDSTONE, templates: Path = PROJECT / "templates"
) -> str:
    return words_of(campaign, slug, templates).html


def words_of(campaign: Campaign, slug: str, templates: Path) -> LetterWords:
    return Writer(templates.parent, campaign).words(slug)


def text_of(campaign: Campaign, slug: str = MAIDSTONE) -> str:
    return " ".join(words_of_html(html_of(campaign, slug)))


def changed(campaign: Campaign, **records: Any) -> Campaign:
    """The campaign with Maidstone's entry of a file replaced: `contacts=...`, `register=...`, `statistics=...`."""
    entries: dict[str, Any] = {
        name: {**getattr(campaign, name), MAIDSTONE: value} for name, value in records.items()
    }
    return replace(campaign, **entries)


def counted(campaign: Campaign, **counts: int) -> Campaign:
    return changed(campaign, statistics={**campaign.statistics[MAIDSTONE], **counts})


def test_a_known_chief_executive_is_greeted_by_name(campaign_2020: Campaign) -> None:
    text = text_of(campaign_2020)
    assert (
        "By email Ms Broom Chief Executive Maidstone Borough Council Dear Ms Broom Annual Review letter 2020"
        in text
    )


def test_an_unknown_chief_executive_is_greeted_by_post(campaign_2020: Campaign) -> None:
    text = text_of(replace(campaign_2020, contacts={}))
    assert "By email Chief Executive Maidstone Borough Council Dear Chief Executive Annual" in text


def test_another_post_is_printed_and_greeted(campaign_2020: Campaign) -> None:
    director = Contacts(chief_executive=ChiefExecutive(post="Managing Director"))
    assert "By email Managing Director Maidstone Borough Council Dear Managing Director" in text_of(
        changed(campaign_2020, contacts=director)
    )


@pytest.mark.parametrize(
    ("upheld", "printed"),
    [(0, "0 upheld decisions"), (1, "1 upheld decision"), (2, "2 upheld decisions")],
)
def test_a_count_agrees_with_its_noun(campaign_2020: Campaign, upheld: int, printed: str) -> None:
    assert f"{printed} Statistics" in text_of(
        counted(campaign_2020, upheld=upheld, satisfactory_remedies=0)
    )


def test_one_investigation_is_singular(campaign_2020: Campaign) -> None:
    text = text_of(counted(campaign_2020, investigations=1, upheld=1))
    assert "a total of 1 detailed investigation for the period" in text


def test_without_a_peer_group_nothing_is_compared_and_the_letter_says_why(
    campaign_2020: Campaign,
) -> None:
    text = text_of(
        changed(campaign_2020, register=Authority(name="Peak District National Park Authority"))
    )
    assert "This compares" not in text
    assert "similar authorities" not in html_of(
        changed(campaign_2020, register=Authority(name="Peak Park"))
    )
    assert "Finally, we compare the three key annual statistics of authorities" in text
    assert "Your authority belongs to none of these groups" in text


def test_an_unknown_average_leaves_out_the_comparison_of_its_panel_only(
    campaign_2020: Campaign,
) -> None:
    text = text_of(
        changed(campaign_2020, register=Authority(name="Kent City Council", peer_group="unitary"))
    )
    assert text.count("This compares to an average of") == 1
    assert "This compares to an average of 56% in similar authorities." in text


def test_a_base_of_0_prints_the_campaign_s_words_and_no_percentage(campaign_2020: Campaign) -> None:
    year = counted(
        campaign_2020,
        investigations=0,
        upheld=0,
        compliance_outcomes=0,
        complied=0,
        satisfactory_remedies=0,
    )
    html = html_of(year)
    page = html.split('class="statistics"')[1]
    for measure in campaign_2020.letter.measures.values():
        assert f'<p class="finding">{measure.undefined}</p>' in page
    assert page.count("%") == page.count("below 100%") == 1
    assert "This compares" not in page
    assert "a total of 0 detailed investigations" in page


def test_where_no_average_of_the_group_is_known_the_letter_says_so(campaign_2020: Campaign) -> None:
    text = text_of(
        changed(campaign_2020, register=Authority(name="Kent County Council", peer_group="county"))
    )
    assert "This compares" not in text
    assert "The averages for your type of authority are not available" in text


def test_below_100_per_cent_compliance_is_printed_like_any_other(campaign_2020: Campaign) -> None:
    text = text_of(counted(campaign_2020, complied=5))
    assert (
        "In 83% of cases we were satisfied the authority had successfully implemented our recommendations."
        in text
    )


def test_a_bespoke_paragraph_stands_before_the_resources(campaign_2020: Campaign) -> None:
    year = replace(
        campaign_2020, paragraphs={MAIDSTONE: "We were *pleased*.\n\nIn two cases we were not."}
    )
    assert (
        "our website. We were pleased. In two cases we were not. Resources to help you"
        in text_of(year)
    )


@pytest.mark.parametrize("name", NASTY)
def test_an_authority_s_name_prints_as_itself_everywhere(
    campaign_2020: Campaign, name: str
) -> None:
    html = html_of(changed(campaign_2020, register=Authority(name=name, peer_group="district")))
    assert " ".join(words_of_html(html)).count(name) == 2, (
        "in the address and on the statistics page"
    )
    assert "<script" not in html
    assert "49" not in html
    assert html.count("<img") == 0


@pytest.mark.parametrize(
    "name", ["{{ 7*7 }}", "{% raw %}", "Maidstone {# Borough", "Kent }} Council"]
)
def test_the_signs_of_templates_are_never_printed(campaign_2020: Campaign, name: str) -> None:
    year = changed(campaign_2020, register=Authority(name=name, peer_group="district"))
    with pytest.raises(TemplateError, match="is printed as it is written"):
        html_of(year)


@pytest.mark.parametrize("name", NASTY)
def test_a_person_s_name_and_post_print_as_themselves(campaign_2020: Campaign, name: str) -> None:
    person = Contacts(chief_executive=ChiefExecutive(title="Dr", surname=name, post=name))
    text = text_of(changed(campaign_2020, contacts=person))
    assert f"By email Dr {name} {name} Maidstone Borough Council Dear Dr {name} Annual" in text


def test_raw_html_in_a_bespoke_paragraph_shows_as_text() -> None:
    assert markdown("<b>bold</b> <script>x</script>") == (
        "<p>&lt;b&gt;bold&lt;/b&gt; &lt;script&gt;x&lt;/script&gt;</p>\n"
    )


def test_bespoke_text_may_have_lists_emphasis_and_links() -> None:
    assert markdown("- **a**\n- [b](https://b.example)") == (
        '<ul>\n<li><strong>a</strong></li>\n<li><a href="https://b.example">b</a></li>\n</ul>\n'
    )


def test_a_list_has_lines_and_a_link_plain_words_for_the_sake_of_the_pdf_s_tags() -> None:
    assert markdown("- a\n\n- b\n\n  c").replace("\n", "") == "<ul><li>a</li><li>b<br>c</li></ul>"
    assert (
        markdown("[**b** *c*](https://b.example)") == '<p><a href="https://b.example">b c</a></p>\n'
    )


@pytest.mark.parametrize(
    "text", ["# Heading", "![picture](https://x.example/y.png)", "{{ 7*7 }}", "`code`"]
)
def test_other_markdown_and_template_code_shows_as_it_was_written(text: str) -> None:
    assert markdown(text).unescape() == f"<p>{text}</p>\n"


@given(st.text())
def test_no_bespoke_text_makes_an_element_of_its_own(text: str) -> None:
    html = str(markdown(text))
    for tag in ("script", "style", "img", "svg", "iframe", "h1", "div"):
        assert f"<{tag}" not in html.lower()


def test_an_unknown_name_is_told_with_file_and_line(small_year: Path) -> None:
    template = small_year / "templates" / "2024" / "letter.html.jinja"
    template.write_text(
        template.read_text().replace("letter.counts.investigations", "letter.counts.investigated")
    )
    line = 1 + template.read_text().split("investigated")[0].count("\n")
    with pytest.raises(TemplateError) as caught:
        html_of(load(small_year, "2024"), "ashby-district-council", small_year / "templates")
    assert caught.value.place == Place("templates/2024/letter.html.jinja", line, 48)
    assert caught.value.authority == "ashby-district-council"
    assert "investigated" in caught.value.sentence


@pytest.mark.parametrize(
    ("broken", "line", "words"),
    [
        ("{{ letter.addressee.name }}", 1, "there is nothing to print"),
        ("{{ letter.facts.casework }}", 1, "this value has parts"),
        ("{{ letter.facts.casework.paused }}", 1, "a list is printed by a filter"),
        ("{{ letter.letter_date }}", 1, "a date is printed by a filter"),
        ("{{ letter.specimen }}", 1, "true or false is not printed"),
        ("{{ letter.__class__.__mro__ }}", 1, "may not be used in a template"),
        ("{{ letter.slug.join.__self__ }}", 1, "may not be used in a template"),
        ("{{ letter.facts.mro }}", 1, "there is no|may not be used"),
        ("{{ [1, 2] | random }}", 1, 'there is no filter "random"'),
        ("\n{% if %}", 2, "something is missing here"),
        ("{{ 1/0 }}", 1, "there is no arithmetic in templates"),
        (
            "\n\n{{ letter.facts.nowhere }}",
            3,
            'uses a name that does not exist: there is no "nowhere"$',
        ),
        (
            "{{ letter.facts.casewrk.returned }}",
            1,
            'there is no "casewrk"; did you mean "casework"',
        ),
        (
            "{{ letter.facts.casework.retuned | number }}",
            1,
            'there is no "retuned"; did you mean "returned"',
        ),
        ("{{ leter.slug }}", 1, 'there is no "leter"; did you mean "letter"'),
        ("{{ letter.addressee.greting }}", 1, 'there is no "greting"; did you mean "greeting"'),
        ("{{ letter.slug | number }}", 1, "expected a number, found text"),
        (
            '<a href="www.example.org">x</a>',
            1,
            'a link leads to "www.example.org", which is no address of the web',
        ),
        ('<a href="javascript:alert(1)">x</a>', 1, "which is no address of the web"),
        ('{% include "2024/none.html.jinja" %}', 1, 'there is no template "2024/none.html.jinja"'),
        ('{% include "../data/2024/letter.html.jinja" %}', 1, "there is no template"),
    ],
)
def test_a_broken_template_is_told_with_file_and_line(
    small_year: Path, broken: str, line: int, words: str
) -> None:
    (small_year / "templates" / "2024" / "letter.html.jinja").write_text(broken)
    with pytest.raises(TemplateError, match=words) as caught:
        html_of(load(small_year, "2024"), "birch-district-council", small_year / "templates")
    assert caught.value.place
    assert caught.value.place.file == "templates/2024/letter.html.jinja"
    assert caught.value.place.line == line


def dressed(styles: str) -> Dress:
    return Dress(Stationery({}, ()), styles, {}, ())


def page_of(campaign: Campaign, styles: str) -> str:
    words = words_of(campaign, MAIDSTONE, PROJECT / "templates")
    return self_contained(words.html, words.markup, dressed(styles))


def test_a_letter_without_a_head_has_no_place_for_its_styles(small_year: Path) -> None:
    (small_year / "templates" / "2024" / "letter.html.jinja").write_text("<p>x</p>")
    with pytest.raises(TemplateError, match="the HTML has no </head>"):
        html_of(load(small_year, "2024"), "birch-district-council", small_year / "templates")


def test_the_twin_carries_its_styles_and_needs_no_other_file(campaign_2020: Campaign) -> None:
    html = page_of(campaign_2020, "p { margin: 0 }\n")
    assert "<style>\np { margin: 0 }\n</style>\n</head>" in html
    assert "<link" not in html
    assert "src=" not in html


def test_an_img_tag_in_a_paragraph_is_text_and_needs_no_file(campaign_2020: Campaign) -> None:
    campaign = replace(campaign_2020, paragraphs={MAIDSTONE: 'See <img src="x.png"> here.'})
    assert '<img src="x.png">' in " ".join(words_of_html(page_of(campaign, "")))


NOTHING = {
    "investigations": 0,
    "upheld": 0,
    "satisfactory_remedies": 0,
    "complied": 0,
    "compliance_outcomes": 0,
}


@pytest.mark.parametrize(
    ("averages", "counts", "words"),
    [
        (
            {},
            {},
            "The averages for your type of authority are not available, so your authority's statistics are given",
        ),
        (
            {"district": {"uphold_rate": 45}},
            {},
            "Where an average for your type of authority is not available",
        ),
        (None, NOTHING, "There are no statistics for your authority to compare this year."),
        (
            None,
            {"compliance_outcomes": 0, "complied": 0},
            "compare the three key annual statistics for your authority",
        ),
    ],
)
def test_what_is_said_of_the_comparison_is_true(
    campaign_2020: Campaign, averages: Any, counts: dict[str, int], words: str
) -> None:
    letter = campaign_2020.letter
    if averages is not None:
        letter = letter.model_copy(update={"peer_averages": averages})
    assert words in text_of(counted(replace(campaign_2020, letter=letter), **counts))


def test_a_template_that_changes_while_letters_are_written_changes_none_of_them(
    campaign_2020: Campaign, tmp_path: Path
) -> None:
    shutil.copytree(PROJECT / "templates", tmp_path / "templates")
    writer = Writer(tmp_path, campaign_2020)
    for path in (tmp_path / "templates").rglob("*.jinja"):
        path.write_text("changed")
    assert writer.words(MAIDSTONE) == Writer(PROJECT, campaign_2020).words(MAIDSTONE)


def test_templates_that_cannot_be_read_are_told_whether_a_letter_uses_them_or_not(
    tmp_path: Path,
) -> None:
    words = tmp_path / "templates" / "2024"
    (words / "parts").mkdir(parents=True)
    (words / "logo.png").write_bytes(b"\x89PNG\xff")
    (words / "letter.html.jinja").write_bytes(b"caf\xe9")
    (words / "parts" / "spare.jinja").write_text("one\n{% if %}")
    assert [str(problem) for problem in Templates(tmp_path / "templates", "2024").broken()] == [
        "templates/2024/letter.html.jinja:1:4: error: the byte 0xE9 is not UTF-8"
        '\n    hint: save the file with the encoding "UTF-8"; in Windows-1252 this byte is "é"',
        "templates/2024/parts/spare.jinja:2:7: error: something is missing here\n    hint: write a name",
    ]


def test_the_html_of_a_letter_is_valid(campaign_2020: Campaign, specimen: Campaign) -> None:
    for campaign, slug in [
        (campaign_2020, MAIDSTONE),
        *((specimen, slug) for slug in specimen.paragraphs),
    ]:
        parser = tinyhtml5.parser.HTMLParser()
        writer = Writer(PROJECT, campaign)
        words = writer.words(slug)
        parser.parse(self_contained(words.html, words.markup, dressed("p { margin: 0 }")))
        assert parser.errors == []


@pytest.mark.parametrize(
    "tag",
    [
        """<img src='picture:2020/a.svg' alt="x">""",
        '<img alt="x" src="picture:base/print.css">',
        '<img class="picture" src="picture:2020/a.svg" alt="x" width="9">',
    ],
)
def test_a_picture_written_by_hand_is_told_how_it_is_written(tag: str) -> None:
    (fault,) = read_markup(f"<p>{tag}</p>").faults
    assert fault.sentence.startswith("<img src> would need another file")
    assert 'write {{ picture("2021/pictures/name.svg", alt="...") }}' in fault.hint
