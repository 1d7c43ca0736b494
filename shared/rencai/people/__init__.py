"""Who is one person: recognition, merges, applications."""
