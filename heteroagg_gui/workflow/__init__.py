"""What a user can do, and what is open. No Qt."""
