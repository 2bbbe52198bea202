"""The API: the same acts as the pages, under the same policy, for programs that hold a token."""
