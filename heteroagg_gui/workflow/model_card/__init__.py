"""What a network's card says, as lines and tables for people; whatever is missing is left out."""
