"""What HR says of how words were read."""
