"""The look of every page: base template, parts, tags, style sheet; language and appearance."""
