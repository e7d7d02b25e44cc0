"""A campaign of any size to measure with: the specimen's letters, some of them, or all of them repeated."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
YEAR = "specimen"
ALONE = "city-of-london-corporation"  #: an authority of no peer group: no average of others has its numbers in it

_BLOCK = re.compile(r"^([a-z][a-z0-9-]*)(:.*?)(?=^[a-z#]|\Z)", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"(name: (?:\"[^\"]*(?=\")|[^,}\n]*))")
_GSS_CODE = re.compile(r", gss_code: E[0-9]{8}")


def make_year(root: Path, letters: int) -> None:
    """Fill a folder that `letters --root` takes: the templates, and the specimen year with this many letters.

    Fewer than the specimen has are taken at even distances, with ALONE among them; more are the same again under other
    slugs.
    """
    shutil.copytree(ROOT / "templates", root / "templates")
    paragraphs = Path("data", YEAR, "paragraphs")
    (root / paragraphs).mkdir(parents=True)
    shutil.copy(ROOT / "data" / YEAR / "letter.yaml", root / "data" / YEAR)
    for shared in ("peer_groups.yaml", "accepted.yaml"):
        shutil.copy(ROOT / "data" / shared, root / "data")
    chosen = tuple(_chosen(list(_blocks(f"data/{YEAR}/statistics.yaml")), letters))
    for file in (f"data/{YEAR}/statistics.yaml", f"data/{YEAR}/contacts.yaml"):
        blocks = _blocks(file)
        (root / file).write_text(
            "".join(new + _other(blocks[old], old, new) for old, new in chosen if old in blocks)
        )
    register = _blocks("data/authorities.yaml")
    added = (new + _another(register[old], new) for old, new in chosen if new != old)
    (root / "data/authorities.yaml").write_text(
        (ROOT / "data/authorities.yaml").read_text() + "".join(added)
    )
    for old, new in chosen:
        if (ROOT / paragraphs / f"{old}.md").exists():
            shutil.copy(ROOT / paragraphs / f"{old}.md", root / paragraphs / f"{new}.md")


def change_one_statistic(root: Path) -> None:
    """One investigation more for one authority, which changes no letter but its own."""
    path = root / "data" / YEAR / "statistics.yaml"
    number = re.compile(rf"^({ALONE}:.*?investigations: *)(\d+)", re.MULTILINE)
    path.write_text(number.sub(lambda match: f"{match[1]}{int(match[2]) + 1}", path.read_text()))


def _chosen(slugs: list[str], letters: int) -> Iterator[tuple[str, str]]:
    """The slug of each letter, in the specimen and in the year that is made."""
    if letters <= len(slugs):
        step = len(slugs) // letters
        return ((slug, slug) for slug in slugs[slugs.index(ALONE) % step :: step][:letters])
    repeated = (
        (slug, f"{slug}-{copy}" if copy > 1 else slug) for copy in count(1) for slug in slugs
    )
    return islice(repeated, letters)


def _blocks(file: str) -> dict[str, str]:
    """What stands under each slug of one of the project's files."""
    return dict(_BLOCK.findall((ROOT / file).read_text()))


def _other(block: str, old: str, new: str) -> str:
    """What stands under a slug, for another: addresses are one council's alone."""
    return block if new == old else block.replace("@", f"-{new.rsplit('-', 1)[1]}@")


def _another(authority: str, slug: str) -> str:
    """The register's words of an authority for another: names and codes are there once only."""
    number = slug.rsplit("-", 1)[1]
    return _NAME.sub(rf"\1 {number}", _GSS_CODE.sub("", authority), count=1)
