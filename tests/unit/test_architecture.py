"""The two rules of the house: imports run downwards, and each outside library has one home."""

import ast
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "letters").rglob("*.py"))

#: Floors from the top down; a module imports from its own room and from the floors below it.
FLOORS = (
    ("cli",),
    ("preview",),
    ("check",),
    ("mail",),
    ("compare",),
    ("batch",),
    ("typesetting",),
    ("intake",),
    ("figures",),
    ("campaign",),
    ("source",),
    ("files", "wording", "rounding", "packaged", "typed"),
    ("errors", "version"),
)

#: What Python itself brings and one module alone may use, like an outside library.
LIKE_OUTSIDE = {"sqlite3", "smtplib", "fcntl"}

#: The renderer: one module uses it, another reaches into it.
SECOND_HOME = {"weasyprint": {"letters.typesetting.pdf", "letters.typesetting.sharing"}}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path) -> set[str]:
    """Every name that a module imports, in full: `letters.files.exists`, `yaml`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{path}: a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room_of(module: str) -> str:
    """The room of a module of ours; the package itself is what only users of the package import."""
    return ".".join(module.split(".")[1:2])


def floor_of(room: str) -> int:
    return next((floor for floor, rooms in enumerate(FLOORS) if room in rooms), -1)


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in MODULES
        if path.parent != ROOT / "letters" or path.stem not in ("__init__", "__main__")
    ],
    ids=name_of,
)
def test_imports_run_downwards(path: Path) -> None:
    room = room_of(name_of(path))
    for imported in imports_of(path):
        if imported.split(".")[0] == "letters" and room_of(imported) != room:
            assert floor_of(room_of(imported)) > floor_of(room) >= 0, f"{imported} is above {room}"


def test_an_import_of_the_package_itself_counts_as_one_from_above(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "import letters\nfrom letters import load\nfrom letters.files import exists\n"
    )
    found = imports_of(module)
    assert found == {"letters", "letters.load", "letters.files.exists"}
    assert [floor_of(room_of(name)) for name in sorted(found)] == [-1, 11, -1]


def test_each_outside_library_has_one_home() -> None:
    homes = defaultdict(set)
    for path in MODULES:
        name = name_of(path)
        for library in {imported.split(".")[0] for imported in imports_of(path)} - {"letters"}:
            if library in LIKE_OUTSIDE or library not in sys.stdlib_module_names:
                homes[library].add("letters.cli" if room_of(name) == "cli" else name)
    assert {"yaml", "pydantic", "jinja2", "weasyprint", "sqlite3", "smtplib"} <= homes.keys()
    assert {library: where for library, where in homes.items() if len(where) > 1} == SECOND_HOME


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
