"""Events off the table's stream, onto the timeline and the bus."""
