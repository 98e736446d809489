"""What the API's nouns share: fields, rights, errors, freshness, and its own description."""
