"""What is kept of careers."""
