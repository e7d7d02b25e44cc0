"""From approved letters to the mail server: approvals, messages, interlock, ledger, sending."""

LEDGER = "ledger.sqlite3"  #: the books of a year, below records/YEAR/
