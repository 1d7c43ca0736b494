"""What every capability speaks: errors, events, ids, texts, clauses, working days. Pure, and below everything."""
