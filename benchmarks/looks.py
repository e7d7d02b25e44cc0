"""What looks cost: a letter with a brand, a logo, a signature, five panels and a table against the one of 2020 with three.

    python -m benchmarks.looks [--rounds 3]

Both are made in turns by one worker each, of the same invented figures, and the seconds of processor time compared.
"""

from __future__ import annotations

import argparse
import gc
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.rows import Row, print_table
from benchmarks.with_and_without import made
from letters.campaign.load import load
from letters.typesetting.manuscript import Manuscript
from letters.typesetting.pdf import Typesetter
from letters.typesetting.writer import Writer

PROJECT = Path(__file__).parents[1]
PANELS = PROJECT / "tests" / "many_panels"
STEP = 9  #: each ninth council of the specimen year

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
{{ bar_chart(figure, "Bar chart: " ~ figure.value ~ " upheld decisions for every 100,000 residents.", "") }}
<p class="finding"><strong>{{ figure.value }}</strong> upheld decisions for every 100,000 residents.</p>
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
        years = [read(root, year) for year in ("plain", "rich")]
        gc.collect()
        gc.freeze()  # as a worker does
        ratios = [_ratio(years) for _ in range(rounds + 1)][1:]  # the first keeps what is shared
        gc.unfreeze()
    what = "letter with brand, logo, signature, 5 panels and a table / with 3 panels"
    print_table([Row(what, ratios, at_most=1.15)])
    years.clear()
    gc.collect()


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
    letter = (PROJECT / "data/2020/letter.yaml").read_text("utf-8")
    _campaign(root / "data/plain", letter, councils)
    rich = letter.replace('templates: "2020"', "templates: rich")
    rich = rich.replace("counts:\n", f"counts:{COUNTS}", 1)
    rich = rich.replace("measures:\n", f"measures:{MEASURES}", 1)
    signature = "  name: Michael King\n  signature: rich/pictures/signature.png\n"
    rich = rich.replace("  name: Michael King\n", signature)
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
    for face in ("Regular", "Bold"):
        shutil.copy(templates / f"base/fonts/LiberationSans-{face}.ttf", fonts / f"{face}.ttf")
    statistics, letter = year / "statistics.html.jinja", year / "letter.html.jinja"
    text = statistics.read_text("utf-8").replace("tally %}", "tally, bar_chart, big_number, table %}", 1)
    end = "{% endcall %}\n{% endcall %}\n{% endmacro %}\n"
    statistics.write_text(text.replace(end, "{% endcall %}\n" + MORE_PANELS), encoding="utf-8")
    text = letter.read_text("utf-8").replace("2020/", "rich/")
    signed = text.replace('<p class="farewell">Yours sincerely,</p>\n', SIGNED)
    letter.write_text(signed, encoding="utf-8")


def read(root: Path, year: str) -> tuple[Typesetter, list[Manuscript]]:
    """A year's letters, and what makes them."""
    campaign = load(root, year)
    writer = Writer(root, campaign)
    manuscripts = [writer.manuscript(slug, writer.words(slug)) for slug in campaign.statistics]
    return Typesetter(writer.dress().stationery), manuscripts


def _ratio(years: Sequence[tuple[Typesetter, list[Manuscript]]]) -> float:
    """What the second year takes of the first one, letter by letter in turns."""
    taken = [0.0 for _ in years]
    for letters in zip(*(manuscripts for _, manuscripts in years), strict=True):
        for index, ((typesetter, _), letter) in enumerate(zip(years, letters, strict=True)):
            taken[index] += made(typesetter, letter)[1]
    return taken[1] / taken[0]


if __name__ == "__main__":
    main()
