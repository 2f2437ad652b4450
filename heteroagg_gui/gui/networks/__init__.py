"""The dialog in which networks are looked at, compared and put in order."""
