"""The two rules of the house: imports run downwards, and each outside library has one home."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "letters").rglob("*.py"))

#: Rooms from the top down; a module imports from its own room and those below it.
ROOMS = (
    ("cli",),
    ("preview",),
    ("mail",),
    ("batch",),
    ("typesetting",),
    ("figures",),
    ("campaign",),
    ("source",),
    ("files", "wording", "errors"),
)

#: The one module that may import each library; the commands are one folder.
HOMES = {
    "yaml": "letters.source.reader",
    "pydantic": "letters.campaign.models",
    "email_validator": "letters.campaign.models",
    "jinja2": "letters.typesetting.templates",
    "markdown_it": "letters.typesetting.markdown",
    "markupsafe": "letters.typesetting.markdown",
    "weasyprint": "letters.typesetting.pdf",
    "pikepdf": "letters.batch.pack",
    "pypdfium2": "letters.typesetting.finished",
    "distributed": "letters.batch.cluster",
    "sqlite3": "letters.mail.ledger",
    "smtplib": "letters.mail.post",
    "aiosmtpd": "letters.mail.rehearsal",
    "starlette": "letters.preview.app",
    "uvicorn": "letters.preview.server",
    "watchfiles": "letters.preview.watcher",
    "click": "letters.cli",
    "rich": "letters.cli",
}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def floor_of(module: str) -> int:
    room = module.split(".")[1]
    return next(floor for floor, rooms in enumerate(ROOMS) if room in rooms)


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: a relative import"
            found.add(node.module)
    return found


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.stem not in ("__init__", "__main__")], ids=name_of
)
def test_imports_run_downwards(path: Path) -> None:
    name = name_of(path)
    height = floor_of(name)
    for imported in imports_of(path):
        if imported.startswith("letters."):
            assert floor_of(imported) >= height, f"{name} imports {imported} from above"


def test_each_outside_library_has_one_home() -> None:
    homes = defaultdict(set)
    for path in MODULES:
        for imported in imports_of(path):
            name = name_of(path)
            homes[imported.split(".")[0]].add(
                "letters.cli" if name.startswith("letters.cli.") else name
            )
    assert {library: homes[library] for library in HOMES} == {
        library: {home} for library, home in HOMES.items()
    }


@pytest.mark.parametrize(
    "module", ["figures", "typesetting.context", "typesetting.formats", "typesetting.charts"]
)
def test_pure_modules_read_no_clock_and_no_file(module: str) -> None:
    path = ROOT / "letters" / Path(*module.split(".")).with_suffix(".py")
    assert not imports_of(path) & {
        "os",
        "io",
        "pathlib",
        "time",
        "random",
        "subprocess",
        "socket",
        "locale",
    }
    source = path.read_text(encoding="utf-8")
    assert "open(" not in source
    assert ".today(" not in source
    assert ".now(" not in source
