"""What may stand in a text that is kept, printed or shown: characters, persons, troops. Knows no form and no figure."""
