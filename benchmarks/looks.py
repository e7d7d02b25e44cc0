"""What looks cost: a letter with brand, logo, signature, five panels and a table against the one of 2020 with three.

    python -m benchmarks.looks [--rounds 3]

Letters of the same invented figures are made both ways, in turns, and their processor time is compared.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.rows import Row, print_table
from benchmarks.with_and_without import made, read
from letters.typesetting.pdf import Typesetter

PROJECT = Path(__file__).parents[1]
PANELS = PROJECT / "tests" / "many_panels"
STEP = 3  #: each third council of the specimen year

#: What the richer year has beside what 2020 has: the counts of each council, and how they are used.
COUNTS = """
  population: {singular: resident, plural: residents}
  education: {singular: complaint about education, plural: complaints about education}
  care: {singular: complaint about care, plural: complaints about care}
"""
MEASURES = """
  upheld_per_100000: {count: upheld, of: population, per: 100000, decimals: 1, undefined: No residents are known.}
"""
MORE_PANELS = """
{% call panel("Upheld decisions for every 100,000 residents") %}
{% set figure = figures.upheld_per_100000 %}
{{ ring(figure, "upheld decisions for every 100,000 residents") }}
<p class="finding"><strong>{{ figure.value }}</strong> upheld decisions for every 100,000 residents.</p>
{{ comparison(figure) }}
{{ basis(figure) }}
{% endcall %}

{% call panel("Complaints this year") %}
{{ big_number(letter.counts.investigations.number, "detailed investigations") }}
{{ big_number(letter.counts.upheld.number, "upheld") }}
{% endcall %}

{% call panel("Complaints by service", wide=true) %}
{{ table("Complaints by service", ["Service", "Complaints"], [
  ["Education and children’s services", letter.counts.education],
  ["Adult care services", letter.counts.care],
]) }}
{% endcall %}
{% endcall %}
{% endmacro %}
"""
SIGNED = """<p class="farewell">Yours sincerely,</p>

{{ picture(letter.signatory.signature) }}
"""


def main() -> None:
    """Print the ratio, a value a round."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.looks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds: int = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write(root)
        ratios = list(_ratios(root, rounds))
    what = "letter with brand, logo, signature, 5 panels and a table / with 3 panels"
    print_table([Row(what, ratios, at_most=1.15)])


def _ratios(root: Path, rounds: int) -> Iterator[float]:
    """The ratio of each round; a first one, for which nothing is kept yet, does not count."""
    years = {}
    for year in ("rich", "plain"):
        stationery, manuscripts = read(root, year, step=1)
        years[year] = Typesetter(stationery), manuscripts
    for number in range(rounds + 1):
        seconds = dict.fromkeys(years, 0.0)
        for index in range(len(manuscripts)):
            for year in sorted(years, reverse=bool(index % 2)):
                typesetter, letters = years[year]
                seconds[year] += made(typesetter, letters[index])[1]
        if number:
            yield seconds["rich"] / seconds["plain"]


def write(root: Path) -> None:
    """Both years with the figures of some councils of the specimen year."""
    shutil.copytree(PROJECT / "templates", root / "templates")
    (root / "data").mkdir()
    for name in ("authorities.yaml", "peer_groups.yaml", "accepted.yaml"):
        shutil.copy(PROJECT / "data" / name, root / "data" / name)
    councils = [
        line
        for line in (PROJECT / "data/specimen/statistics.yaml").read_text("utf-8").splitlines()
        if line.endswith("}")
    ][::STEP]
    letter = (
        (PROJECT / "data/specimen/letter.yaml").read_text("utf-8").replace("specimen: true\n", "")
    )
    _campaign(root / "data/plain", letter, councils)
    rich = letter.replace('templates: "2020"', "templates: rich")
    rich = rich.replace("counts:\n", f"counts:{COUNTS}", 1)
    rich = rich.replace("measures:\n", f"measures:{MEASURES}", 1)
    signature = "  name: Specimen Signatory\n  signature: rich/pictures/signature.png\n"
    rich = rich.replace("  name: Specimen Signatory\n", signature)
    more = ", population: 147000, education: 31, care: 12}"
    _campaign(root / "data/rich", rich, [f"{line[:-1]}{more}" for line in councils])
    _templates(root / "templates")


def _campaign(folder: Path, letter: str, councils: Sequence[str]) -> None:
    folder.mkdir()
    (folder / "letter.yaml").write_text(letter, encoding="utf-8")
    (folder / "statistics.yaml").write_text("\n".join(councils) + "\n", encoding="utf-8")


def _templates(templates: Path) -> None:
    """The templates of 2020 with all of it, and the looks of the tests' year of many panels."""
    year = templates / "rich"
    shutil.copytree(templates / "2020", year)
    looks = PANELS / "templates" / "2025"
    shutil.copytree(looks / "pictures", year / "pictures")
    brand = (looks / "brand.yaml").read_text("utf-8").replace("2025/", "rich/")
    (year / "brand.yaml").write_text(brand, encoding="utf-8")
    fonts = year / "fonts"
    fonts.mkdir()
    for face in ("Regular", "Bold", "Italic", "BoldItalic"):
        shutil.copy(templates / f"base/fonts/LiberationSans-{face}.ttf", fonts / f"{face}.ttf")
    statistics, letter = year / "statistics.html.jinja", year / "letter.html.jinja"
    text = statistics.read_text("utf-8").replace("tally %}", "tally, big_number, table %}", 1)
    end = "{% endcall %}\n{% endcall %}\n{% endmacro %}\n"
    statistics.write_text(text.replace(end, "{% endcall %}\n" + MORE_PANELS), encoding="utf-8")
    text = letter.read_text("utf-8").replace("2020/", "rich/")
    signed = text.replace('<p class="farewell">Yours sincerely,</p>\n', SIGNED)
    letter.write_text(signed, encoding="utf-8")


if __name__ == "__main__":
    main()
