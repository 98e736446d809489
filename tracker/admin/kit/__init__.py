"""What the desk's pages share: rights, lists, fields, blindness, publishing, and the menu."""
