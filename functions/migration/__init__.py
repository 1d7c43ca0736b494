"""Files of other systems: cut, dry run, written in parts, reported, undone."""
