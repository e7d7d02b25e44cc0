"""From approved letters to the mail server: approvals, messages, the interlock, the ledger, sending."""
