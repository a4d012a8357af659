"""What more than one function needs. What a single function needs stays in its own folder."""
