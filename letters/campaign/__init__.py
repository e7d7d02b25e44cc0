"""What the office supplies: register, words, figures, contacts, bespoke paragraphs."""
