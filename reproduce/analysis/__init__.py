"""Records in, values out: numbers, verdicts and choices, without a word of prose."""
