"""Letters to people: templates that HR edits, each sent once."""
