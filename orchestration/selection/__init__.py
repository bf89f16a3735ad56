"""What activity types are made of: pieces of SQL over populations, with the settings and the lint that belong to them."""
