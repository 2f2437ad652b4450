"""From theta to populations of digital shadows."""
