"""Pages on which care is arranged: people, requests, offers, lists and packages."""
