"""The commands: parse, call, print, exit status. Only this folder knows click and rich."""

from letters.cli.approving import approve
from letters.cli.beginning import init, new, specimen
from letters.cli.books import ledger
from letters.cli.correcting import correct
from letters.cli.frame import main
from letters.cli.importing import import_
from letters.cli.mailing import send
from letters.cli.making import build, check, pack, preview, schema, verify
from letters.cli.returning import bounces

__all__ = ["main"]

for command in (
    init,
    new,
    import_,
    check,
    build,
    verify,
    pack,
    preview,
    approve,
    send,
    ledger,
    bounces,
    correct,
    specimen,
    schema,
):
    main.add_command(command)
