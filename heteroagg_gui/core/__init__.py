"""The nouns that every other part of the program shares."""
