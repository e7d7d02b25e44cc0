"""An office's own folder: data and words of its own, made by an engine that lives elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from letters.campaign.schema import schemas
from letters.errors import CampaignError, Place, Problem, Severity
from letters.files import is_left_over, write_whole
from letters.packaged import packaged
from letters.source.edits import with_values, without
from letters.source.reader import parse

YEAR = "2020"  #: the sample
_SAMPLE = "maidstone-borough-council"

_SOURCES = """\
# Where the figures of 2020 come from

A sample: the figures, dates, facts and averages of the Ombudsman's annual review letter to Maidstone Borough Council of
22 July 2020, with those of other groups of councils as published for 2019-20. The addresses of links are unverified for
July 2020, and the words after `undefined` are ours. The e-mail addresses are invented and end in `.example`.
"""


def new_office(folder: Path, engine: str) -> tuple[str, ...]:
    """Write an office's folder, with one authority's letter as a sample; the names of its files.

    `engine` is what pip installs: a wheel, a folder, an address. Raises CampaignError when there
    is anything in the folder but what git keeps there, OSError.
    """
    there = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    if others := [name for name in there if name not in (".git", ".gitattributes")]:
        sentence = f"{folder} is not empty: it holds {others[0]}"
        place = Place(others[0])
        raise CampaignError(
            (
                Problem(
                    place, Severity.ERROR, "folder-not-empty", sentence, "name a folder of its own"
                ),
            )
        )
    files = dict(_files(engine))
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / "private").mkdir(exist_ok=True)
    write_whole({folder / name: content for name, content in files.items()})
    return tuple(files)


def _files(engine: str) -> Iterator[tuple[str, bytes]]:
    """Each file of the folder, below it."""
    escaped = engine.replace("$", "$$").replace("#", r"\#")
    yield "README.md", packaged("office/README.md").read_bytes()
    yield ".gitignore", packaged("office/gitignore").read_bytes()
    for script in ("scripts/setup.sh", "scripts/install.sh"):
        yield script, packaged(script).read_bytes()
    for name in ("authorities", "peer_groups", "accepted", "office"):
        yield f"data/{name}.yaml", packaged(f"data/{name}.yaml").read_bytes()
    yield "data/SOURCES.md", _register_sources().encode()
    for name, schema in schemas().items():
        yield f"data/schema/{name}.schema.json", (json.dumps(schema, indent=2) + "\n").encode()
    for name in ("statistics", "contacts"):
        text = _text(f"data/{YEAR}/{name}.yaml")
        others = [slug for slug in parse(name, text).value if slug != _SAMPLE]
        yield f"data/{YEAR}/{name}.yaml", without(text, others).encode()
    letter = with_values(_text(f"data/{YEAR}/letter.yaml"), {("only",): f"[{_SAMPLE}]"})
    letter = letter.replace("the two councils whose real figures are known", "the sample alone")
    yield f"data/{YEAR}/letter.yaml", letter.encode()
    yield f"data/{YEAR}/SOURCES.md", _SOURCES.encode()
    words = packaged(f"templates/{YEAR}")
    for path in sorted(words.rglob("*")):
        if path.is_file() and not is_left_over(path.name):
            yield f"templates/{YEAR}/{path.relative_to(words).as_posix()}", path.read_bytes()
    # what makes the folder an office's comes last
    yield "Makefile", _text("office/Makefile").replace("@ENGINE@", escaped).encode()


def _register_sources() -> str:
    """Where the register comes from, without what is about years that are not here."""
    lines = _text("data/SOURCES.md").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("The sources of one year"))


def _text(name: str) -> str:
    return packaged(name).read_text(encoding="utf-8")
