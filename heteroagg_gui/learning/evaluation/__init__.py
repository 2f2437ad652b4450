"""How well estimates hold: the figures and tables of the paper's sections 3 and 4."""
