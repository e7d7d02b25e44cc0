"""Pictures that letters print: which files can be used, how templates name them, and how a page holds them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from letters.campaign.records import Picture
from letters.errors import Place, TemplateError
from letters.typesetting.pictures import as_data, in_one_file, picture_problems, picture_tag
from letters.typesetting.templates import Templates

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{}</svg>'
NAMED = Place("templates/2021/letter.html.jinja", 3, 4)


def raster(form: str, mode: str = "RGB") -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (4, 4)).save(buffer, form)
    return buffer.getvalue()


def told(name: str, content: bytes) -> list[str]:
    return [problem.sentence for problem in picture_problems(name, content, NAMED)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a/b.png", raster("PNG")),
        ("a/b.png", raster("PNG", "RGBA")),
        ("a/b.PNG", raster("PNG", "P")),
        ("a/b.png", raster("PNG", "LA")),
        ("a/b.jpg", raster("JPEG")),
        ("a/b.jpeg", raster("JPEG", "L")),
        ("a/b.svg", SVG.format("<path d='M0 0h9'/>").encode()),
        ("a/b.svg", SVG.format("<image href='data:image/png;base64,AA'/>").encode()),
        ("a/b.svg", SVG.format("<defs><path id='p'/></defs><use href='#p'/>").encode()),
        ("a/b.svg", b'<?xml version="1.0"?>\n<!DOCTYPE svg>\n' + SVG.format("").encode()),
    ],
    ids=range(10),
)
def test_svg_png_and_jpeg_can_be_used(name: str, content: bytes) -> None:
    assert told(name, content) == []


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a/b.gif", b"GIF89a", '"a/b.gif" is no picture that a letter can hold'),
        ("a/b", b"x", '"a/b" is no picture that a letter can hold'),
        ("a/b.png", b"", "this picture is empty"),
        ("a/b.png", raster("PNG")[:40], "this picture is damaged, or none"),
        ("a/b.png", b"words", "this picture is damaged, or none"),
        ("a/b.png", raster("JPEG"), "this is a JPEG by another name"),
        ("a/b.jpg", raster("PNG"), "this is a PNG by another name"),
        ("a/b.png", raster("GIF"), "this is a picture of the kind GIF"),
        ("a/b.jpg", raster("JPEG", "CMYK"), "the colours of this picture are none that letters hold (CMYK)"),
        ("a/b.png", b"x" * 1_000_001, "this picture has 1.0 MB, and every letter holds it"),
        ("a/b.svg", b"<svg", "this is no SVG: "),
        ("a/b.svg", b"<html/>", "this is no SVG: it begins with <html>"),
        ("a/b.svg", b'<svg viewBox="0 0 9 9"/>', "browsers do not know this as SVG"),
        ("a/b.svg", SVG.replace("10 10", "0 0").format("").encode(), '"0 0 0 0" is no viewBox'),
        ("a/b.svg", SVG.replace("10 10", "a 9").format("").encode(), '"0 0 a 9" is no viewBox'),
        ("a/b.svg", SVG.format("<filter/>").encode(), "<filter> is drawn otherwise on paper and on screens"),
        ("a/b.svg", SVG.format("<g fill='var(--c)'/>").encode(), "var() is drawn otherwise on paper"),
        ("a/b.png", raster("PNG", "I;16"), "the colours of this picture are none that letters hold (I;16)"),
        ("a/b.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "nobody knows how wide this drawing is"),
        ("a/b.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "this drawing has abbreviations"),
        ("a/b.svg", SVG.format("<script>x</script>").encode(), "something runs in this drawing: <script>"),
        ("a/b.svg", SVG.format("<g onclick='x'/>").encode(), "something runs in this drawing: <g>"),
        ("a/b.svg", SVG.format("<foreignObject/>").encode(), "something runs in this drawing: <foreignObject>"),
        ("a/b.svg", SVG.format("<text>Our <tspan>name</tspan></text>").encode(), 'the words "Our name" are text'),
        ("a/b.svg", SVG.format("<image href='x.png'/>").encode(), 'this drawing would need another file: "x.png"'),
        ("a/b.svg", SVG.format("<use href='x.svg#a'/>").encode(), "this drawing would need another file"),
        ("a/b.svg", SVG.format("<g style='fill: url(x.svg#a)'/>").encode(), "this drawing would need another"),
        ("a/b.svg", SVG.format("<style>@import 'x.css';</style>").encode(), "this drawing would need another"),
    ],
    ids=range(28),
)  # fmt: skip
def test_what_cannot_be_used_is_told(name: str, content: bytes, sentence: str) -> None:
    assert [one[: len(sentence)] for one in told(name, content)] == [sentence]


def test_a_picture_of_another_kind_is_told_where_it_is_named_and_a_damaged_one_by_its_file() -> (
    None
):
    (kind,) = picture_problems("2021/a.gif", b"", NAMED)
    (damaged,) = picture_problems("2021/a.png", b"?", NAMED)
    assert (kind.place, damaged.place) == (NAMED, Place("templates/2021/a.png"))


def test_a_tag_names_the_file_its_words_and_its_height() -> None:
    tag = picture_tag("2021/a.svg", alt='Our "mark" & name', height="14mm")
    assert tag == (
        '<img class="picture" src="picture:2021/a.svg"'
        ' alt="Our &quot;mark&quot; &amp; name" style="height: 14mm">'
    )
    record = Picture(file="2021/a.svg", alt="Us")
    assert picture_tag(record) == picture_tag("2021/a.svg", alt="Us", height="14mm")
    assert picture_tag(record, alt="Others", height="2cm") == picture_tag(
        "2021/a.svg", "Others", "2cm"
    )


@pytest.mark.parametrize("alt", [None, "", " \n", 7, True])
def test_a_picture_without_words_in_its_place_is_refused(alt: object) -> None:
    with pytest.raises(ValueError, match=r"the picture .* has no alt"):
        picture_tag("2021/a.svg", alt=alt)


@pytest.mark.parametrize(
    "height", ["14", 15, "0mm", "0.0cm", "14px", "-1mm", "1e3mm", "14mm; color: red"]
)
def test_a_height_that_is_none_is_refused(height: object) -> None:
    with pytest.raises(ValueError, match="expected a height with its unit"):
        picture_tag("2021/a.svg", alt="Us", height=height)


def test_a_page_holds_its_pictures() -> None:
    html = f"<p>{picture_tag('2021/a b.svg', alt='Us')}</p>"
    page = in_one_file(html, {"2021/a b.svg": as_data("2021/a b.svg", b"<svg/>")})
    assert 'src="data:image/svg+xml;base64,PHN2Zy8+"' in page
    assert "picture:" not in page


Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a template of 2021; what is wrong is told line by line."""

    def write(body: str, name: str = "letter.html.jinja", **values: object) -> str:
        (tmp_path / "2021").mkdir(exist_ok=True)
        (tmp_path / "2021" / name).write_text(body)
        templates = Templates(tmp_path, "2021")
        if broken := templates.broken():
            return "\n".join(
                f"{one.place.line}:{one.place.column}: {one.sentence}" for one in broken
            )
        try:
            return templates.written(f"2021/{name}", "x", **values)
        except TemplateError as error:
            return "\n".join(f"{one.place.line}: {one.sentence}" for one in error.problems)

    return write


def test_a_template_prints_a_picture_as_html(write: Write) -> None:
    assert write('{{ picture("2021/a.svg", alt="Us") }}') == picture_tag("2021/a.svg", alt="Us")
    assert write('{{ picture(file="2021/a.svg", alt="Us", height="2cm") }}').endswith('2cm">')


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('a\n{{ picture("2021/a.svg") }}', '2: the picture "2021/a.svg" has no alt'),
        ('a\n{{ picture("2021/a.svg", alt="x", width="2cm") }}', '2: a picture takes alt and height, found "width"'),
        ('{% set a = "2021/a.svg" %}\n{{ picture(a, alt="x") }}', '2: the picture "2021/a.svg" is not named where'),
        ('a\n{{ picture(missing, alt="x") }}', "2: the template uses a name that does not exist"),
        ('{% set picture = 1 %}', '1:8: "picture" is given, and no other value may have its name'),
        ('{% set brand = 1 %}', '1:8: "brand" is given, and no other value may have its name'),
        ("{{ brand.acent }}", '1: the template uses a name that does not exist: there is no "acent"; did you'),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_picture_in_a_template_is_told(
    write: Write, body: str, sentence: str
) -> None:
    assert write(body).startswith(sentence)


def test_an_e_mail_holds_no_pictures(write: Write) -> None:
    body = 'a\n{{ picture("2021/a.svg", alt="x") }}'
    told = write(body, name="email.html.jinja")
    assert told == "2:4: an e-mail holds no pictures: many programs do not show them"


def test_the_pictures_that_templates_name_are_known_with_their_places(tmp_path: Path) -> None:
    (tmp_path / "2021").mkdir()
    body = 'a\n{{ picture("2021/a.svg", alt="x") }}{% if x %}{{ picture(file="2021/b.png", alt="y") }}{% endif %}'
    (tmp_path / "2021/letter.html.jinja").write_text(body)
    place = "templates/2021/letter.html.jinja"
    assert Templates(tmp_path, "2021").pictures == {
        "2021/a.svg": Place(place, 2, 13),
        "2021/b.png": Place(place, 2, 64),
    }
