"""The language of templates: what none may say, where that is told, and that nothing goes on for ever."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest

from letters.campaign.load import Campaign
from letters.campaign.records import Measure
from letters.errors import TemplateError
from letters.figures import figure_of
from letters.typesetting.context import Printed, PrintedFigure, Quantity, printed_figure
from letters.typesetting.language import FILTERS, LIBRARY_FILTERS, LIBRARY_TESTS
from letters.typesetting.templates import Templates
from letters.typesetting.writer import Writer
from tests.conftest import PROJECT, SMALL_YEAR


def figure(count: int, base: int) -> PrintedFigure:
    """A share of decisions beside an average of 67.5%, which is worked out."""
    measure = Measure(count="upheld", of="all", undefined="none")
    worked_out = figure_of(measure, {"upheld": count, "all": base}, Fraction(135, 2), True)
    quantities = {"upheld": Quantity(count, "decisions"), "all": Quantity(base, "cases")}
    return printed_figure(worked_out, measure, quantities)


LETTER = SimpleNamespace(
    text="words",
    empty="",
    blank=" \n",
    nothing=None,
    yes=True,
    day=date(2020, 4, 1),
    number=7,
    count=Quantity(7, "decisions"),
    printed=Printed("64%"),
    other=Printed("7%"),
    list=("Bristol", "Leeds"),
    none_of_it=(),
    part=SimpleNamespace(name="x"),
    figure=figure(7, 11),
    undefined=figure(0, 0),
)

Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a template among others; what is wrong is told line by line, as `line:column: sentence`."""

    def write(body: str, **others: str) -> str:
        folder = tmp_path / "2024"
        folder.mkdir(exist_ok=True)
        for name, text in {"letter": body, **others}.items():
            (folder / f"{name}.html.jinja").write_text(text)
        templates = Templates(tmp_path, "2024")
        problems = templates.broken()
        try:
            if not problems:
                return templates.written("2024/letter.html.jinja", "x", letter=LETTER)
        except TemplateError as error:
            problems = error.problems
        told = (
            f"{problem.place}: {problem.sentence}".removeprefix("templates/2024/letter.html.jinja:")
            for problem in problems
        )
        return "\n".join(told)

    return write


# Arithmetic, filters and tests ---------------------------------------------------------------


@pytest.mark.parametrize("sign", ["+", "-", "*", "/", "//", "%", "**"])
def test_arithmetic_is_refused_where_its_sign_stands(write: Write, sign: str) -> None:
    told = f'2:18: there is no arithmetic in templates, found "{sign}"'
    assert write(f"<p>\n{{{{ letter.number {sign} 2 }}}}") == told
    assert write(f"<p>\n{{% if letter.count {sign} 2 > 1 %}}a{{% endif %}}").startswith("2:")


@pytest.mark.parametrize(
    ("body", "sign"),
    [
        ("{{ -letter.number }}", "-"),
        ("{{ +letter.number }}", "+"),
        ("{{ letter.list | join(', ' * 2) }}", "*"),
        ("{% set years = letter.number + 1 %}", "+"),
        ("{% for a in letter.list[:1 + 1] %}{{ a }}{% endfor %}", "+"),
        ("{% macro m(a=1 + 1) %}{{ a }}{% endmacro %}", "+"),
        ("{{ 9 ** 9 ** 9 }}", "**"),
        ("{{ 'x' * 400000000 }}", "*"),
        ("{{ '%400000000d' % 7 }}", "%"),
        ("{{ [0] * 400000000 }}", "*"),
    ],
)
def test_arithmetic_is_refused_wherever_it_hides(write: Write, body: str, sign: str) -> None:
    assert f'there is no arithmetic in templates, found "{sign}"' in write(body)


def test_a_number_below_0_is_no_arithmetic(write: Write) -> None:
    assert write("{{ letter.list[-1] }} {{ -3 }}") == "Leeds -3"


def test_all_that_a_template_may_not_say_is_told_at_once(write: Write) -> None:
    assert write(
        "{{ letter.number + 1 }}\n{{ letter.list | sum }}\n{{ letter.number is eq 7 }}"
    ) == (
        '1:18: there is no arithmetic in templates, found "+"\n'
        '2:18: there is no filter "sum"\n'
        '3:21: there is no test "eq"'
    )


@pytest.mark.parametrize(
    "name",
    "abs attr batch center dictsort filesizeformat format groupby indent max min pprint random"
    " round slice striptags sum tojson truncate urlencode urlize wordcount wordwrap xmlattr".split(),
)
def test_a_filter_that_reckons_pads_or_shapes_is_refused_where_it_stands(
    write: Write, name: str
) -> None:
    assert write(f"a\n  {{{{ letter.list | {name} }}}}") == f'2:20: there is no filter "{name}"'
    assert write(f"{{% filter {name} %}}x{{% endfilter %}}") == f'1:11: there is no filter "{name}"'


@pytest.mark.parametrize("name", "callable divisibleby eq escaped filter gt sameas test".split())
def test_a_test_that_is_not_needed_is_refused_where_it_stands(write: Write, name: str) -> None:
    assert write(f"{{% if letter.number is {name} %}}x{{% endif %}}") == (
        f'1:24: there is no test "{name}"'
    )


@pytest.mark.parametrize(
    "call", ["range(9)", "lipsum()", "dict(a=1)", "cycler('a')", "joiner()", "namespace(a=1)"]
)
def test_the_library_s_own_functions_are_not_there(write: Write, call: str) -> None:
    assert write(f"a\n{{{{ {call} }}}}").startswith("2:")
    assert write(f"a\n{{% for b in {call} %}}{{{{ b }}}}{{% endfor %}}").startswith("2:")


@pytest.mark.parametrize(
    "call",
    [
        "'x'.center(400000000)",
        "'x'.ljust(400000000)",
        "'x'.zfill(400000000)",
        "'\\t'.expandtabs(400000000)",
        "'{:>400000000}'.format(7)",
        "'{a:>400000000}'.format_map({'a': 7})",
        "'x'.replace('', 'xxxx')",
        "'x'.join(letter.list)",
        "letter.list.count('x')",
        "letter.day.strftime('%Y' )",
        "letter.day.replace(year=1)",
    ],
)
def test_other_methods_than_the_few_of_texts_and_dates_may_not_be_called(
    write: Write, call: str
) -> None:
    name = re.escape(call[: call.rindex("(")].rpartition(".")[2])
    told = write(f"a\n{{{{ {call} }}}}")
    assert re.match(rf'2:\d+: "{name}" may not be called in a template$', told)


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        ("{{ ' a b '.strip().upper() }}", "A B"),
        ("{{ 'a b'.split() | listing }}", "a and b"),
        ("{{ 'abc'.removeprefix('a').removesuffix('c') }}", "b"),
        ("{% if 'abc'.startswith('a') %}{{ letter.day.isoformat() }}{% endif %}", "2020-04-01"),
        ("{{ letter.list | map('upper') | join(', ') }}", "BRISTOL, LEEDS"),
        ("{{ letter.list | sort | reverse | list | listing }}", "Leeds and Bristol"),
        ("{{ letter.text ~ ', ' ~ letter.count }}", "words, 7 decisions"),
        ("{{ letter.unknown | default('x') }}", "x"),
        ("{{ letter.text | replace('words', '<b>') }}", "&lt;b&gt;"),
        ("{{ letter.list | length | in_words }}", "two"),
    ],
)
def test_what_chooses_and_orders_is_there(write: Write, body: str, printed: str) -> None:
    assert printed in write(body)


# Circles ---------------------------------------------------------------------------------------

ITSELF = "2024/letter.html.jinja"


@pytest.mark.parametrize(
    ("tag", "column"),
    [
        (f"{{% include '{ITSELF}' %}}", 15),
        (f'{{%- include "{ITSELF}" -%}}', 16),
        (f"{{% extends '{ITSELF}' %}}", 15),
        (f"{{% import '{ITSELF}' as x %}}", 14),
        (f"{{% from '{ITSELF}' import x %}}", 12),
    ],
)
def test_a_template_that_uses_itself_is_told_at_the_name(
    write: Write, tag: str, column: int
) -> None:
    assert write(f"<p>\n  {tag}") == f"2:{column}: this template uses itself"


def test_templates_that_use_each_other_are_told_where_each_does(write: Write) -> None:
    told = write(
        "{% include '2024/b.html.jinja' %}",
        b="\n{% from '2024/c.html.jinja' import m %}",
        c="{% macro m() %}{% include '2024/letter.html.jinja' %}{% endmacro %}",
    )
    assert told == (
        'templates/2024/b.html.jinja:2:10: this template uses "2024/c.html.jinja", which uses this one\n'
        'templates/2024/c.html.jinja:1:28: this template uses "2024/letter.html.jinja", which uses this one\n'
        '1:13: this template uses "2024/b.html.jinja", which uses this one'
    )


@pytest.mark.parametrize(
    "tag",
    [
        "{% include '2024/' ~ 'letter.html.jinja' %}",
        f"{{% set name = '{ITSELF}' %}}{{% include name %}}",
        "{% macro m(f) %}{{ f(f) }}{% endmacro %}{{ m(m) }}",
        "{% macro m() %}{% set n = m %}{{ n() }}{% endmacro %}{{ m() }}",
        "{% macro m() %}{{ caller(m) }}{% endmacro %}{% call(n) m() %}{% call n() %}{% endcall %}{% endcall %}",
    ],
)
def test_a_circle_that_only_writing_finds_ends_with_a_sentence(write: Write, tag: str) -> None:
    assert write(f"<p>\n{tag}") not in ("", "<p>\n")
    assert write(f"<p>\n{tag}").startswith("2:1: ")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("{% macro m() %}\n{{ m() }}{% endmacro %}", '2:4: "m" calls itself'),
        ("{% macro m() %}{% call m() %}{% endcall %}{% endmacro %}", '"m" calls itself'),
        ("{% block a %}\n{{ self.a() }}{% endblock %}", '2:9: "a" calls itself'),
        ("{% block a %}\n{{ self['a']() }}{% endblock %}", '"a" calls itself'),
        (
            "{% block a %}{% block b %}{{ self.a() }}{% endblock %}{% endblock %}",
            '"a" calls itself',
        ),
        (
            "{% macro m() %}{{ n() }}{% endmacro %}\n{% macro n() %}{{ m() }}{% endmacro %}",
            '"n" calls itself',
        ),
        (
            "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ c() }}{% endmacro %}"
            "\n{% macro c() %}{{ a() }}{% endmacro %}",
            '"a" calls itself',
        ),
    ],
)
def test_macros_and_blocks_that_call_themselves_are_told_unwritten(
    write: Write, body: str, told: str
) -> None:
    assert told in write(body)


def test_a_recursive_loop_is_refused_at_the_word(write: Write) -> None:
    loop = "a\n{% for a in letter.list recursive %}{{ loop(letter.list) }}{% endfor %}"
    assert write(loop) == "2:25: a loop may not go in circles"


def test_a_call_in_a_call_and_a_block_printed_twice_are_no_circles(write: Write) -> None:
    called = "{% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}{% call m() %}x{% endcall %}{% endcall %}"
    assert write(called) == "<<x>>"
    assert write("{% block a %}x{% endblock %}{{ self.a() }}") == "xx"
    assert (
        write("{% include '2024/b.html.jinja' %}{% include '2024/b.html.jinja' %}", b="b") == "bb"
    )


# Without end -----------------------------------------------------------------------------------

MANY = "{% set many = '" + "a" * 60 + "' | list %}"
SEED = "{% set a = '" + "x" * 16 + "' %}"


def loops(depth: int, inside: str) -> str:
    return MANY + "\n" + "{% for a in many %}" * depth + inside + "{% endfor %}" * depth


@pytest.mark.parametrize(
    "inside", ["x", "", "{% set b = a %}", "{{ a }}", "{% if false %}x{% endif %}"]
)
def test_loops_in_loops_end_at_the_outermost(write: Write, inside: str) -> None:
    assert write(loops(6, inside)) == "2:1: this takes more than 100,000 rounds"


def test_a_letter_s_loops_are_far_from_the_limit(write: Write) -> None:
    assert write(loops(2, "x")) == "\n" + "x" * 3600 or write(loops(2, "x")) == "x" * 3600


@pytest.mark.parametrize(
    "double",
    [
        "{% set a = a ~ a %}",
        "{% set a = a | replace('x', 'xx') %}",
        "{% set a = (a ~ a) | e | replace('x', '&') %}",
        "{% set a = [a, a] | join %}",
        "{% set a = [a, a] | join(a) | upper %}",
        "{% set a = [a, a] | map('string') | join %}",
        "{% set a %}{{ a }}{{ a }}{% endset %}",
        "{% set a %}{% filter upper %}{{ a }}{{ a }}{% endfilter %}{% endset %}",
        "{% set a = (a ~ a) | list | join %}",
        "{% set a = (a ~ a).upper() %}",
        "{% set a = (a ~ a)[:] %}",
        "{% set a = (a ~ ' ' ~ a).split() | join %}",
    ],
)
def test_a_text_doubled_without_end_ends_with_a_sentence(write: Write, double: str) -> None:
    told = write(SEED + double * 60 + "done")
    assert told in (
        "1:1: this makes more than 2,000,000 characters",
        "1:1: this takes more than 100,000 rounds",
    )


@pytest.mark.parametrize("inside", ["", "xxxxxxxx"])
def test_macros_that_call_others_twice_end_with_a_sentence(write: Write, inside: str) -> None:
    first = f"{{% macro m0() %}}{inside}{{% endmacro %}}"
    others = (
        f"{{% macro m{n}() %}}{{{{ m{n - 1}() }}}}{{{{ m{n - 1}() }}}}{{% endmacro %}}"
        for n in range(1, 40)
    )
    assert "this " in write(first + "".join(others) + "{{ m39() }}")


def test_templates_that_include_others_twice_end_with_a_sentence(write: Write) -> None:
    twice = {
        f"t{n}": f"{{% include '2024/t{n + 1}.html.jinja' %}}{{% include '2024/t{n + 1}.html.jinja' %}}"
        for n in range(24)
    }
    told = write("{% include '2024/t0.html.jinja' %}", **twice, t24="x")
    assert "this takes more than 100,000 rounds" in told


def test_every_letter_has_the_whole_of_the_budget(tmp_path: Path) -> None:
    (tmp_path / "2024").mkdir()
    (tmp_path / "2024" / "letter.html.jinja").write_text(loops(2, "x" * 100))
    templates = Templates(tmp_path, "2024")
    for _ in range(8):
        assert templates.written("2024/letter.html.jinja", "x").count("x") == 360_000


# What is compared and what is printed -----------------------------------------------------------


@pytest.mark.parametrize(
    "condition",
    [
        "letter.printed > letter.other",
        "letter.printed == letter.other",
        "letter.printed in letter.list",
        "7 < letter.other",
        "letter.text > 'w'",
        "letter.printed | replace('%', '') > '7'",
        "letter.printed != '64%'",
        "letter.count ~ '' == '7 decisions'",
        "'64%'.startswith(letter.printed)",
    ],
)
def test_what_is_printed_is_no_number_to_compare(write: Write, condition: str) -> None:
    told = write(f"a\n{{% if {condition} %}}x{{% endif %}}")
    assert re.match(r"2:\d+: .*is printed is no number to compare: a figure is asked by ", told)
    assert all(way in told for way in (".below(100)", ".above(100)", ".below_average"))


@pytest.mark.parametrize(
    "condition", ["letter.figure < 100", "letter.figure == 100", "letter.figure.below < 100"]
)
def test_a_figure_is_asked_and_not_compared(write: Write, condition: str) -> None:
    told = write(f"a\n{{% if {condition} %}}x{{% endif %}}")
    assert told.startswith(
        "2:1: a figure is no number to compare: a figure is asked by .below(100)"
    )


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        ("letter.figure.below(64)", "yes"),  # exactly 63.63...
        ("letter.figure.below(63)", "no"),
        ("letter.figure.below(63.5)", "no"),
        ("letter.figure.above(63.5)", "yes"),
        ("not letter.figure.above(64)", "yes"),
        ("letter.figure.below_average", "yes"),
        ("letter.figure.above_average", "no"),
        ("letter.undefined.below(100)", "no"),
        ("letter.undefined.above(0)", "no"),
        ("letter.undefined.below_average", "no"),
    ],
)
def test_a_figure_answers_of_its_exact_value(write: Write, condition: str, answer: str) -> None:
    assert write(f"{{% if {condition} %}}yes{{% else %}}no{{% endif %}}") == answer


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ("letter.figure.below", ".below asks about a number: write .below(100)"),
        (
            "letter.figure.below(letter.figure.average)",
            ".below(...) asks about one number: write .below(100) or .below_average",
        ),
        ("letter.figure.above()", ".above(...) asks about one number: write .above(100)"),
        ("letter.figure.above('100%')", ".above(...) asks about one number: write .above(100)"),
        ("letter.figure.below(true)", ".below(...) asks about one number: write .below(100)"),
        ("letter.figure.below_average()", "this is nothing to call: write it without its brackets"),
        ("letter.figure", "a figure is neither true nor false: ask for its value, or .below(100)"),
        (
            "letter.figure.value.below(100)",
            "a printed number is not asked: ask the figure itself, without .value",
        ),
        ("letter.figure.value.below_average", "a printed number is not asked"),
    ],
)
def test_a_question_that_is_none_is_told_how_it_is_asked(
    write: Write, condition: str, sentence: str
) -> None:
    assert write(f"a\n{{% if {condition} %}}x{{% endif %}}").startswith(f"2:1: {sentence}")


def test_an_answer_is_not_printed(write: Write) -> None:
    assert write("{{ letter.figure.below(100) }}") == "1:1: true or false is not printed"
    assert write("{{ letter.figure.below }}") == "1:1: this is to be called"


@pytest.mark.parametrize(
    ("condition", "kinds"),
    [
        ("letter.nothing < 3", "nothing and a number"),
        ("letter.number > letter.nothing", "a number and nothing"),
        ("letter.day < 2020", "a date and a number"),
        ("letter.yes > 1", "true or false and a number"),
    ],
)
def test_what_has_no_order_is_told_without_python_s_words(
    write: Write, condition: str, kinds: str
) -> None:
    told = write(f"a\n{{% if {condition} %}}x{{% endif %}}")
    assert told == f"2:1: {kinds} cannot be put in an order"


@pytest.mark.parametrize("name", ["int", "float"])
def test_a_filter_that_makes_a_number_of_what_is_printed_says_how_to_ask(
    write: Write, name: str
) -> None:
    told = write(f"{{% if letter.other | {name} < 100 %}}x{{% endif %}}")
    assert told.startswith(f'1:22: there is no filter "{name}": a figure is asked by .below(100)')


@pytest.mark.parametrize(
    "condition",
    [
        "letter.count.value > 6",
        "letter.text == 'words'",
        "letter.text != 'others'",
        "'Leeds' in letter.list",
        "letter.printed",
        "letter.number <= 7 < 8",
    ],
)
def test_counts_and_words_are_compared(write: Write, condition: str) -> None:
    assert write(f"{{% if {condition} %}}yes{{% endif %}}") == "yes"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("empty", "there is nothing to print: the text is empty"),
        ("blank", "there is nothing to print: the text is empty"),
        ("nothing", "there is nothing to print"),
        ("yes", "true or false is not printed"),
        ("day", "a date is printed by a filter"),
        ("list", "a list is printed by a filter"),
        ("none_of_it", "a list is printed by a filter"),
        ("none_of_it | listing", "this list is empty, so there is nothing to print"),
        ("none_of_it | join", "this list is empty, so there is nothing to print"),
        ("part", "this value has parts: name the one to print"),
        ("empty | upper", "there is nothing to print: the text is empty"),
        ("text[5:]", "there is nothing to print: the text is empty"),
        (
            "list | join(', ') | replace('Bristol, Leeds', '')",
            "there is nothing to print: the text is empty",
        ),
    ],
)
def test_nothing_and_what_is_no_words_is_not_printed(write: Write, value: str, told: str) -> None:
    assert write(f"a\n{{{{ letter.{value} }}}}") == f"2:1: {told}"


def test_a_loop_over_nothing_is_told_at_its_line(write: Write) -> None:
    told = write("a\n{% for a in letter.none_of_it %}{{ a }}{% endfor %}")
    assert told == "2:1: this list is empty, so there is nothing to print"
    told = write("a\n{% for a in letter.text %}{{ a }}{% endfor %}")
    assert told.startswith("2:1: expected a list, found ")


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        ("{% if letter.empty %}{{ letter.empty }}{% else %}none{% endif %}", "none"),
        ("{{ letter.empty or 'none' }}", "none"),
        ("{{ letter.nothing or 'none' }}", "none"),
        ("{{ letter.empty if letter.empty else 'none' }}", "none"),
        ("{% for a in letter.none_of_it %}{{ a }}{% else %}none{% endfor %}", "none"),
        ("{% if letter.none_of_it %}{{ letter.none_of_it | listing }}{% endif %}none", "none"),
        ("{{ 'x' if letter.empty }}none", "none"),
        ("{% if not letter.yes %}x{% endif %}none", "none"),
    ],
)
def test_where_an_if_or_else_asks_nothing_may_be_nothing(
    write: Write, body: str, printed: str
) -> None:
    assert write(body) == printed


# Syntax ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "told"),
    [
        ("{# b", "2:2: the comment that begins here is never closed"),
        ("{% endfor %}", "2:5: {% endfor %} closes nothing"),
        (
            "{% block b %}{% endif %}",
            "2:18: {% endif %} stands where {% block %} is not closed yet",
        ),
        ("{% fi letter.text %}", '2:5: there is no tag "fi"'),
        ("{% do x %}", '2:5: there is no tag "do"'),
        ("{{ letter.text ) }}", '2:17: the sign ")" may not stand here'),
        ("{{ letter.text } }}", '2:17: the sign "}" may not stand here'),
        ("{{ letter.text ? }}", '2:17: the sign "?" may not stand here'),
        ("{{ “x” }}", '2:5: the sign "“" may not stand here'),
        ("{{ letter text }}", '2:12: "text" does not follow what is before it'),
        ("{{ }}", "2:5: something is missing here"),
        ("{% if %}", "2:8: something is missing here"),
        ("{% set x = %}", "2:13: something is missing here"),
        ("{{ letter.day | }}", "2:18: a name is missing here"),
        ("{% for x letter.list %}", '2:11: expected "in", found "letter"'),
        (
            "{% block a %}{% endblock %}{% block a %}{% endblock %}",
            '2:11: the block "a" is there twice',
        ),
        (
            "{% include '2024/none.html.jinja' %}",
            '2:14: there is no template "2024/none.html.jinja"',
        ),
        ("{{ 'abc }}", "2:5: the quote that opens here is never closed"),
        ("{{ (letter.text }}", '2:18: a ")" is missing here'),
        ("{{ letter.text", "2:2: {{ is never closed"),
        ("{% if letter.text", "2:2: {% is never closed"),
    ],
)
def test_what_cannot_be_read_is_told_in_words_of_ours_where_it_stands(
    write: Write, tag: str, told: str
) -> None:
    assert write(f"a\n {tag}") == told


@pytest.mark.parametrize(
    "tag",
    [
        "if x",
        "for x in letter.list",
        "block b",
        "macro b()",
        "set b",
        "filter upper",
        "with b = 1",
        "raw",
    ],
)
def test_a_tag_that_is_never_closed_is_told_where_it_stands(write: Write, tag: str) -> None:
    told = write(f"a\n{{% {tag} %}}b\n\nc")
    assert re.match(rf"2:\d+: {{% {tag.split()[0]} %}} is never closed$", told)


@pytest.mark.parametrize(
    "before", ["", "{{ letter.text }}", "{{ 'a' }} {{ 'b' }}", "{{ 'a' }}\n" * 5]
)
def test_braces_before_a_fault_change_nothing_of_what_is_said(write: Write, before: str) -> None:
    told = write(f"{before}{{{{ letter.text ? }}}}")
    assert told.endswith(': the sign "?" may not stand here')


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{% if letter.text = 'a' %}{% endif %}", 'a single "=" compares nothing'),
        ("{{ letter..text }}", "a name is missing after the dot"),
        ("{{ letter. }}", "a name is missing after the dot"),
        ("{{ leter.text }}", 'a name that does not exist: there is no "leter"'),
        ("{{ letter.txt }}", 'a name that does not exist: there is no "txt"; did you mean "text"'),
        ("{% extends '2024/none.html.jinja' %}", 'there is no template "2024/none.html.jinja"'),
        ("{{ letter.number | day }}", "expected a date, found"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(write: Write, body: str, words: str) -> None:
    told = write(f"a\n{body}")
    assert told.startswith("2:")
    assert words in told


def test_a_block_that_a_letter_lacks_is_named(write: Write) -> None:
    told = write("{% extends '2024/b.html.jinja' %}", b="{% block title required %}{% endblock %}")
    assert told == '1:1: the block "title" is missing'


def test_each_template_that_is_wrong_is_told_with_its_own_name(write: Write) -> None:
    told = write("{% include '2024/b.html.jinja' %}\n{{ 1 + 1 }}", b="\n\n{{ 2 * 2 }}")
    assert told.split("\n") == [
        'templates/2024/b.html.jinja:3:6: there is no arithmetic in templates, found "*"',
        '2:6: there is no arithmetic in templates, found "+"',
    ]


def test_a_template_of_the_same_name_is_read_as_it_is_now(write: Write) -> None:
    refused = '2:6: there is no arithmetic in templates, found "+"'
    for _ in range(2):
        assert write("one {{ letter.text }}") == "one words"
        assert write("two {% include '2024/b.html.jinja' %}", b="of one") == "two of one"
        assert write("two {% include '2024/b.html.jinja' %}", b="of two") == "two of two"
        assert write("\n{{ 1 + 1 }}") == refused


# The templates there are ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("root", "folders"),
    [(PROJECT, ("base", "2020")), (SMALL_YEAR, ("2024",))],
    ids=["2020", "2024"],
)
def test_the_real_templates_say_none_of_it(root: Path, folders: tuple[str, ...]) -> None:
    templates = Templates(root / "templates", *folders)
    assert len(templates.digests) >= 4
    assert templates.broken() == templates.doubts() == ()


def test_the_real_letters_and_e_mails_are_written(campaign_2020: Campaign) -> None:
    writer = Writer(PROJECT, campaign_2020)
    for slug in campaign_2020.statistics:
        mail = writer.mail(slug, ("cases.xlsx",))
        assert mail
        assert len(writer.words(slug).html) > 10_000 < len(mail.html) * 10


def test_no_name_of_the_language_is_both_ours_and_the_library_s() -> None:
    assert not FILTERS.keys() & set(LIBRARY_FILTERS)
    assert {"sum", "round", "format"}.isdisjoint(LIBRARY_FILTERS)
    assert {"eq", "divisibleby"}.isdisjoint(LIBRARY_TESTS)


# Ways around -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "{% if letter.count == 0 %}{% endif %}",
        "{% if letter.count in [7] %}{% endif %}",
        "{% if letter.count > 5 %}{% endif %}",
    ],
)
def test_a_count_is_compared_by_its_value(write: Write, body: str) -> None:
    assert write(body) == "1:1: a count is compared by its value"


def test_a_count_is_neither_true_nor_false(write: Write) -> None:
    told = "1:1: a count is neither true nor false: ask for its value, as in `.value > 0`"
    assert write("{% if letter.count %}{% endif %}") == told
    assert write("{{ letter.count or 'none' }}") == told


@pytest.mark.parametrize(
    ("condition", "kinds"),
    [
        ("letter.number == '7'", "a number and text"),
        ("letter.day != '2020-04-01'", "a date and text"),
        ("letter.list == 'Bristol'", "a list and text"),
        ("letter.yes == 'true'", "true or false and text"),
    ],
)
def test_what_can_never_be_the_same_is_not_compared(
    write: Write, condition: str, kinds: str
) -> None:
    body = f"{{% if {condition} %}}{{% endif %}}"
    assert write(body) == f"1:1: {kinds} are never the same"


@pytest.mark.parametrize(
    "condition",
    ["letter.nothing == none", "letter.text == none", "none != letter.day", "letter.number == 7"],
)
def test_what_may_be_the_same_is(write: Write, condition: str) -> None:
    assert write(f"{{% if {condition} %}}a{{% endif %}}") in ("", "a")


@pytest.mark.parametrize(
    "condition",
    [
        "letter.printed | e == '64%'",
        "[letter.printed] | join == '64%'",
        "(letter.printed ~ '') == '64%'",
        "letter.printed | upper == '64%'",
        "letter.printed | replace('%', '') == '64'",
        "letter.printed[0] == '6'",
        "letter.printed | length > 2",
        "letter.printed.startswith('6')",
        "'6' in letter.printed",
        "[letter.printed, letter.other] | sort | first == letter.other",
        "[letter.printed, letter.other] | unique | list | length == 2",
        "{letter.printed: 1} == {}",
    ],
)
def test_no_detour_leads_to_a_printed_number(write: Write, condition: str) -> None:
    assert re.match("1:[0-9]+: ", write(f"{{% if {condition} %}}a{{% endif %}}"))
    assert "1:1: " in write(
        "{% set x %}{{ letter.printed }}{% endset %}{% if x == '64%' %}a{% endif %}"
    )


@pytest.mark.parametrize(
    "value",
    [
        "none | upper", "'a' ~ none", "letter.day | e", "letter.day | replace('-', '.')", "letter.list | title",
        "[none] | join", "[letter.part] | join", "letter.yes | in_words", "letter.yes ~ ''", "letter.list | string",
        "'a' | replace('a', letter.list)", "['a', ''] | join(', ')", "1.5",
    ],
)  # fmt: skip
def test_no_filter_prints_what_is_no_words(write: Write, value: str) -> None:
    assert write(f"{{{{ {value} }}}}").startswith("1:1: ")


@pytest.mark.parametrize(
    "literal", ["[a, a, a, a, a, a, a, a]", "(a, a, a, a, a, a, a, a)", "{1: a, 2: a, 3: a}"]
)
@pytest.mark.parametrize("use", ["a == a", "a in [a]", "[a, a] | sort", "a | string", "a ~ a"])
def test_no_list_grows_by_holding_itself(write: Write, literal: str, use: str) -> None:
    body = "{% set a = ['x'] %}" + f"{{% set a = {literal} %}}" * 30 + f"{{{{ {use} }}}}"
    assert write(body) == "1:1: this list holds more than 1,000 values"


def test_escaping_stays(write: Write, tmp_path: Path) -> None:
    assert write("{% autoescape false %}a{% endautoescape %}") == (
        "1:4: what is printed in HTML is always escaped"
    )
    (tmp_path / "2024").mkdir(exist_ok=True)
    (tmp_path / "2024" / "parts.jinja").write_text("{{ letter.text }}")
    assert write("{% include '2024/parts.jinja' %}").endswith(
        "what is HTML uses what is HTML: in other templates nothing is escaped"
    )


@pytest.mark.parametrize("body", ["{% set letter = 1 %}", "{% for letter in [1] %}{% endfor %}"])
def test_what_is_given_keeps_its_name(write: Write, body: str) -> None:
    assert write(body).endswith('"letter" is given, and no other value may have its name')


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("{{ letter.list | map('sum') | join }}", 'there is no filter "sum"'),
        ("{{ letter.list | select('eq', 'a') | join }}", 'there is no test "eq"'),
        ("{{ letter.list | rejectattr('x', 'eq', 'a') | join }}", 'there is no test "eq"'),
    ],
)
def test_what_is_used_by_its_name_must_be_there(write: Write, body: str, told: str) -> None:
    assert told in write(body)


# What is never printed -------------------------------------------------------------------------


BASE = "{% block title required %}{% endblock %}{% block letter %}{% endblock %}"


@pytest.mark.parametrize(
    ("outside", "told"),
    [
        ("lost words", "3:1: this stands outside of all blocks, so it is never printed"),
        ("{{ letter.text }}", "3:1: this stands outside of all blocks, so it is never printed"),
        (
            "{% if letter.yes %}a{% endif %}",
            "3:20: this stands outside of all blocks, so it is never printed",
        ),
        (
            "{% block lettre %}a{% endblock %}",
            '3:10: "2024/base.html.jinja" has no block "lettre", so it is never printed',
        ),
    ],
)
def test_what_no_block_holds_is_never_printed(write: Write, outside: str, told: str) -> None:
    body = (
        f"{{% extends '2024/base.html.jinja' %}}\n{{% block title %}}a{{% endblock %}}\n{outside}"
    )
    assert write(body, base=BASE) == told


def test_what_prepares_may_stand_outside_of_blocks(write: Write) -> None:
    body = """{% extends '2024/base.html.jinja' %}
        {# a word #}{% set x = 'a' %}{% macro m() %}b{% endmacro %}
        {% block title %}{{ m() }}{% endblock %}"""
    assert write(body, base=BASE) == "b"


def test_a_condition_may_prepare_outside_of_blocks(write: Write) -> None:
    body = """{% extends '2024/base.html.jinja' %}
        {% if letter.yes %}{% set x = 'three' %}{% else %}{% set x = 'four' %}{% endif %}
        {% block title %}{{ x }}{% endblock %}"""
    assert write(body, base=BASE) == "three"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            "{% for p in letter.list if p == 'York' %}{{ p }}{% endfor %}",
            'a loop with an "if" may find nothing to print',
        ),
        ("{% include ['2024/a.jinja'] %}", "what is HTML uses what is HTML"),
        ("{% include [letter.text] %}", "a template is named in quotes"),
        ("{% extends ['2024/a.html.jinja'] %}", "a template is named in quotes"),
        (
            "{% include '2024/a.html.jinja' ignore missing %}",
            "a template that is missing is an error",
        ),
        ("{{ letter.nothing or letter.empty }}", "the text is empty"),
        ("{{ letter.empty if letter.yes else 'b' }}", "the text is empty"),
        ("{{ letter.number | string | replace('7', '8') }}", "no figure takes the place"),
        ("{{ {'64%': 'a'}[letter.printed] }}", "a text that is printed is no key"),
        (
            "{% for a in letter.list %}{{ loop.changed(a) and 'x' }}{% endfor %}",
            '"changed" may not be called',
        ),
        ("{{ [letter.count] | sort(attribute='number') | join }}", "is no number to compare"),
        ("{{ letter.yes | plural('a', 'b') }}", "expected a whole number, found true or false"),
        ("{{ 'a' | replace('', 'b') }}", "nothing cannot be replaced"),
        ("{% if letter.text == 'a' or 'b' %}{% endif %}", "a text alone is always true"),
    ],
)
def test_no_other_way_leads_there(write: Write, body: str, told: str) -> None:
    assert told in write(body)


def test_a_replacement_that_would_not_end_is_refused_before_it_is_made(write: Write) -> None:
    text = "a" * 1_000
    body = f"{{% set x = '{text}' %}}{{{{ x | replace('a', x) | replace('a', x) | length }}}}"
    assert "this makes more than 2,000,000 characters" in write(body)


def test_the_page_for_authors_lists_the_library_s_filters_and_tests() -> None:
    page = (PROJECT / "docs/templates.md").read_text(encoding="utf-8")
    listed = page.split("Of Jinja's own filters")[1].split("There is no arithmetic")[0]
    filters, tests = listed.split("these tests")
    assert set(re.findall("`([a-z]+)`", filters)) == set(LIBRARY_FILTERS)
    assert set(re.findall("`([a-z]+)`", tests)) == set(LIBRARY_TESTS)
