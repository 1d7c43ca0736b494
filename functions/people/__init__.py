"""Who is who: the applicant tracking system both ways, and what HR decides of merges."""
