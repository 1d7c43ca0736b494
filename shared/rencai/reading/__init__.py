"""What words say: clauses, what stands in them, and how sure that is. Below every capability that reads words."""
