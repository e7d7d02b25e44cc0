"""The commands: parse, call, print, exit status. Only this folder knows click and rich."""

from letters.cli.approving import approve
from letters.cli.beginning import init, new, specimen
from letters.cli.bookkeeping import ledger
from letters.cli.built import pack, verify
from letters.cli.checking import check
from letters.cli.comparing import compare
from letters.cli.correcting import correct
from letters.cli.frame import main
from letters.cli.importing import import_
from letters.cli.mailing import send
from letters.cli.making import build, preview, schema
from letters.cli.returning import bounces
from letters.cli.stages import status

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
    status,
    compare,
    approve,
    send,
    ledger,
    bounces,
    correct,
    specimen,
    schema,
):
    main.add_command(command)
