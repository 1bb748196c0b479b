"""Pages from sites and archives, kept as web archives (WARC 1.1): politely, resumably, each traceable to its bytes."""
