"""From approved letters to the mail server: approvals, messages, interlock, ledger, sending."""
