"""What the rules say of an act, setting one aside, decisions and admissions that they judge, and how they were kept."""
